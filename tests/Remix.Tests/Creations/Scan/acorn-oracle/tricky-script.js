// What is hard to cut without a parser, read as a sloppy script.
<!-- an HTML-like comment / "
  --> another ' `
/* a comment
that ends a line */ --> and one more "
with (Math) /with/.test(PI)
var yield = 4, await = 2, of = 1, async = 8, let = 3, from = 2, get = 1
var a = yield / 2 / 1, b = await / 2 / 1, c = async / 2 / 1, d = of / 2, e = let / 3 / 4
from
"from" / 2 / 3
var octal = 017 / 2, notOctal = 089.5 / 2, dots = 017.toFixed
async function f() { var x = await /re/; function g() { return await / 2 / 1 } }
function* gen() { yield /re/; function inner() { yield / 2 / 1 } }
var o = { await: /a/, async await() { await /x/ }, yield() { return yield / 2 / 1 }, *y() { yield (/z/) } }
async (x) => { await /a/ }
async x => { await /b/ }
var arrow = x => yield / 2 / 1, another = await / 3 / 1
if (a) { } else /else/.test('')
x = a
/b/1
y = function () { }
/c/1
{ } /block/.test('')
({ }) / 2 / 1
foo: /labelled/.test('')
for (var of of [1]) /g/.test(of)
for (var i = 0; i / 2 / 3; i++) { } /after for/.test('')
return_ = a++ / 2, a-- / 3, a
++
b
/2/1
"\
/"; 'line separators   /'
function declared() { } /after declaration/.test('')
(function () { } / 2)
+function () { } / 2 / 1
var h = a ? function () { } / 2 : { } / 3, i = { } / 4
