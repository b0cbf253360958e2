// Prints the tokens that acorn sees in every script of the installed packages and in the .js files beside this one:
// a line "= goal path" for each script, then a line "kind start end" for each token.
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, tokTypes as t } from 'acorn'

const here = dirname(fileURLToPath(import.meta.url))
const { dependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))
const roots = Object.keys(dependencies).flatMap(name =>
  name === 'd3' ? [name, ...readdirSync(join(here, 'node_modules')).filter(n => n.startsWith('d3-'))] : [name])

function scripts(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return scripts(path)
    return /\.[cm]?js$/.test(entry.name) ? [path] : []
  })
}

function tokensOf(source) {
  for (const sourceType of ['module', 'script']) {
    const tokens = []
    try {
      parse(source, { ecmaVersion: 'latest', sourceType, onToken: tokens })
      return { sourceType, tokens }
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  return null
}

function kindOf(type) {
  if (type === t.name || type.keyword) return 'Name'
  if (type === t.privateId) return 'PrivateName'
  if (type === t.num) return 'Number'
  if (type === t.string) return 'String'
  if (type === t.regexp) return 'Regex'
  return 'Punctuator'
}

// acorn cuts a template into backticks, text and "${"; the grammar's pieces run from a backtick or "}" to the next.
function* pieces(tokens) {
  const braces = []
  let open = null
  for (const { type, start, end } of tokens) {
    if (type === t.eof) return
    if (type === t.template || type === t.invalidTemplate) continue
    if (type === t.backQuote) {
      if (open === null) open = start
      else {
        yield ['Template', open, end]
        open = null
      }
    } else if (type === t.dollarBraceL) {
      yield ['Template', open, end]
      open = null
      braces.push('${')
    } else if (type === t.braceR && braces.pop() === '${') open = start
    else {
      if (type === t.braceL) braces.push('{')
      yield [kindOf(type), start, end]
    }
  }
}

const own = readdirSync(here).filter(name => name.endsWith('.js')).map(name => join(here, name))
for (const path of [...own, ...roots.flatMap(root => scripts(join(here, 'node_modules', root)))]) {
  const read = tokensOf(readFileSync(path, 'utf8'))
  if (!read) continue
  const lines = [...pieces(read.tokens)].map(piece => piece.join(' '))
  process.stdout.write(`= ${read.sourceType} ${path}\n${lines.join('\n')}\n`)
}
