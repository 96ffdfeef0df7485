// What each bundle may weigh, brotli-compressed; fails the build beyond. Run alone it only reports.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { filesUnder } from './compress.mjs'

const KB = 1024
const limits = {
  m: { first: 40 * KB, chunk: 50 * KB },
  desk: { first: 230 * KB, chunk: 120 * KB },
}
const allMax = 1536 * KB

const sizeOf = path => statSync(existsSync(`${path}.br`) ? `${path}.br` : path).size

// The entry with everything it imports statically, and their style sheets.
function firstLoad(vite) {
  const seen = new Set()
  const files = new Set()
  const walk = key => {
    if (seen.has(key)) return
    seen.add(key)
    const item = vite[key]
    files.add(item.file)
    for (const css of item.css ?? []) files.add(css)
    for (const next of item.imports ?? []) walk(next)
  }
  for (const key of Object.keys(vite)) if (vite[key].isEntry) walk(key)
  return files
}

function checkBundle(out, name) {
  const dir = resolve(out, name)
  const first = firstLoad(JSON.parse(readFileSync(resolve(dir, 'vite.json'), 'utf8')))
  const total = [...first].reduce((sum, file) => sum + sizeOf(resolve(dir, file)), 0)
  let failures = report(`${name}: first load, scripts and styles`, total, limits[name].first)
  for (const path of filesUnder(resolve(dir, 'assets'))) {
    const file = path.slice(dir.length + 1)
    if (!/\.(js|css)$/.test(file) || first.has(file)) continue
    if (sizeOf(path) > limits[name].chunk)
      failures += report(file, sizeOf(path), limits[name].chunk)
  }
  return failures
}

function report(what, bytes, limit) {
  const ok = bytes <= limit
  const figures = `${(bytes / KB).toFixed(1)} of ${(limit / KB).toFixed(0)} KB`
  console.log(`${ok ? 'ok  ' : 'OVER'} ${what}: ${figures} (br)`)
  return ok ? 0 : 1
}

export function checkBudgets(out) {
  let failures = 0
  let all = 0
  for (const name of ['m', 'desk']) {
    if (!existsSync(resolve(out, name, 'vite.json'))) continue
    failures += checkBundle(out, name)
    for (const path of filesUnder(resolve(out, name))) {
      if (!/\.(br|gz)$|vite\.json$/.test(path)) all += sizeOf(path)
    }
  }
  return failures + report('all bundles together', all, allMax)
}

if (process.argv[1] === import.meta.filename) {
  const out = resolve(process.env.OUT ?? resolve(import.meta.dirname, '../../build/web'))
  process.exit(checkBudgets(out) > 0 ? 1 : 0)
}
