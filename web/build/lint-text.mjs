// Texts: Chinese uses full-width punctuation, English has no Chinese, and components hold no text of
// their own. (That both languages have every key is the type check's work.) And nothing that
// somebody wrote becomes part of a page in any way but as text: what would take it for HTML or for
// code is not written here at all; to read innerHTML is harmless, it only escapes.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

const web = resolve(import.meta.dirname, '..')
const han = /[\u4e00-\u9fff]/
const halfWidth = /[\u4e00-\u9fff][,.;:!?()]|[,;:!?()][\u4e00-\u9fff]/
const wide = /[\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]/
const languageNames = /(?<=['>])(中文|EN)(?=['<])/g

function filesUnder(dir) {
  return readdirSync(dir).flatMap(name => {
    const path = join(dir, name)
    return statSync(path).isDirectory() ? filesUnder(path) : [path]
  })
}

const sinks = [
  /\b(innerHTML|outerHTML|srcdoc)\b\s*(\]\s*)?[+]?=(?!=)/,
  /\b(insertAdjacentHTML|createContextualFragment|parseFromString|setHTMLUnsafe|DOMParser)\b/,
  /\bdocument\.write(ln)?\b|\beval\s*\(|\bnew Function\b|\bset(Timeout|Interval)\(\s*['"`]/,
  /\bv-html\b|:innerHTML|\braw-content\b|dangerouslyUseHTMLString|javascript:/,
  /\.(bindTooltip|bindPopup|setContent|setTooltipContent|setPopupContent)\((?!asText\()/,
  /\.addAttribution\((?!asText\()|\b(divIcon|prefix: ['"`])/,
]

const literals = line => line.match(/'(?:[^'\\]|\\.)*'|`[^`]*`/g) ?? []

/** What is wrong with one line of a file, or nothing. */
function faultOf(path, line) {
  if (sinks.some(sink => sink.test(line))) return 'takes text for HTML or code'
  const texts = literals(line.replace(languageNames, '')).map(x => x.slice(1, -1))
  if (/(^|[/.])zh\.ts$/.test(path))
    return texts.some(x => halfWidth.test(x)) && 'half-width punctuation in Chinese'
  if (/(^|[/.])en\.ts$/.test(path))
    return texts.some(x => wide.test(x)) && 'Chinese in an English text'
  if (path.endsWith('.vue'))
    return (
      han.test(line.replace(languageNames, '').replace(/^\s*\/\/.*/, '')) && 'text in a component'
    )
  return false
}

let failures = 0
for (const part of ['m', 'desk', 'shared']) {
  for (const path of filesUnder(resolve(web, part)).filter(p => /\.(ts|vue)$/.test(p))) {
    readFileSync(path, 'utf8')
      .split('\n')
      .forEach((line, i) => {
        const fault = faultOf(path, line)
        if (!fault) return
        failures++
        console.error(`${relative(web, path)}:${i + 1}: ${fault}: ${line.trim().slice(0, 100)}`)
      })
  }
}
console.log(failures ? `${failures} faults in texts` : 'texts are in order')
process.exit(failures ? 1 : 0)
