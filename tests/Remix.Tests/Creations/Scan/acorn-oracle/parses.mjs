// Reads a JSON list of pages, each a list of {code, module}; prints the index of each that has a script acorn cannot parse.
import { readFileSync } from 'node:fs'
import { parse } from 'acorn'

JSON.parse(readFileSync(process.argv[2], 'utf8')).forEach((scripts, index) => {
  for (const { code, module } of scripts) {
    try {
      parse(code, { ecmaVersion: 'latest', sourceType: module ? 'module' : 'script' })
    } catch {
      console.log(index)
      return
    }
  }
})
