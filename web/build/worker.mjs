// Writes the service worker: its source with the list of files to keep on the phone filled in.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

export function writeServiceWorker(out) {
  const source = readFileSync(resolve(import.meta.dirname, '../m/sw.src.js'), 'utf8')
  const assets = readdirSync(resolve(out, 'm/assets'))
    .sort()
    .map(name => `/m/assets/${name}`)
  const pages = ['/m/', '/m/report', '/m/track', '/m/shell.html', '/m/manifest.webmanifest']
  const hash = createHash('sha256').update(source)
  for (const name of ['index.html', 'report.html', 'track.html', 'shell.html']) {
    hash.update(readFileSync(resolve(out, 'm', name)))
  }
  const version = hash.digest('hex').slice(0, 12)
  const text = source
    .replace('__VERSION__', version)
    .replace('__FILES__', JSON.stringify([...pages, ...assets]))
  writeFileSync(resolve(out, 'm/sw.js'), text)
}
