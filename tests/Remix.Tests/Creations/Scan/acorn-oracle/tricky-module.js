#!/usr/bin/env node
// What is hard to cut without a parser, read as a module.
import defaults, { default as renamed, if as when } from './tricky-script.js'
import './tricky-script.js'
/"; import/.test(defaults)
export { renamed as class, when as "string name" }
/export list/.test('')
export default class {} /after class declaration/.test('')
export const answer = await /top level/.exec('top level')
const { a = {} / 2, b = /re/g } = { a: 1 }
let { c } = { c: /c/ }, d = c / 2 / 3
const arrow = async x => await /await in arrow/.exec(x)
const nested = async () => { const inner = () => { return /x/ }; await /y/; return inner }
/after arrow body/.test('')
function* generator() { yield /yield/g; yield
/yield newline/.test(''); const o = { *m() { yield /m/ }, async *n() { yield await /n/ } } }
class Foo extends class { } { static { /static block/.test('') } #p = 1 / 2 / 3; get if() { return this.#p / 2 }
  static async *function() { yield (/f/) } in = 4 / 2; static = /s/; 'quoted'() { } [`computed`]() { } x = class { } / 1
  y = 1
  class() { return #p in this } async() { return 1 / this.async / 2 } static async function() { await /z/ } }
if (a) /if/.test('')
for (const x of /of/g[Symbol.split]('')) /for/.test(x)
for (const of of []) /of of/.test(of)
for await (const x of [/y/]) /for await/.test(x)
while (0) /while/.test('')
do /do/.test(''); while (0) /after do/.test('')
a ? b / 1 : /ternary/
label: { /label/.test(''); break label }
/after block/.test('')
switch (a) { case /case/: { } /after case block/.test(''); case a ? { } / 1 : 2: { } default: /default/.test('') }
let i = 0; i++ / 2; i
++/re/.lastIndex
const object = { return: 1 / 2, get get() { return /g/ }, set set(v) { /s/ }, async: 1, await: 2, yield: 3, of: 4,
  if() { return { } / 1 }, function() { }, class: class { }, async method() { await /m/ }, f: async function () { } }
object.return / 2 / object?.if / object.in / 3
const fn = function () { } / 1, cls = class { } / 2, par = (1) / 2 / (3), arr = [1] / 2 / 3
const t = `a${ `b${ { c: `}` }.c }` }${ /}`/.source / 2 }` / 4 / `x`.length
const u = tag`\unicode and \xerxes ${1}` / 2
typeof /re/, void /re/, !/re/, ~/re/ / 2, -/re/ / /[/\]/]/.lastIndex
const numbers = [1_000, 0xfF_f, 0b1_0, 0o7_7, 1e1_0, .5e-3, 5., 1..toString(), 10n, 0xFn, 0.0_1]
const \u0065scaped = \u{65}scaped1 => { }, ünïcode = 'ü', 変数 = 1 / 2, 𠮷 = 3, a\u0301b = 2
const { length } = 'x' / 2, optional = a?.5 : 1, chain = a?.b?.[0]?.() ?? /c/
try { } catch { } /after catch/.test('')
try { } catch (e) { } finally { } /after finally/.test('')
async function af() { return /r/ } /after async function/.test('')
async () => { } 
/after async arrow/.test('')
import.meta.url / 2 / 1
const assigned = a ||= b &&= c ??= d **= e >>>= 1
debugger
/after debugger/.test('')
throw /thrown/
