// Renders the phone pages that residents open first to HTML, so that they stand on the screen
// before any script has arrived; every other phone page starts from the empty shell.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

export const pages = [
  { file: 'index.html', path: '/m/' },
  { file: 'report.html', path: '/m/report', source: 'pages/Report.vue' },
  { file: 'track.html', path: '/m/track', source: 'pages/Track.vue' },
  { file: 'shell.html', path: null },
]

/** Tells the browser at once which scripts the page will ask for. */
function preloads(vite, source) {
  const seen = new Set()
  const walk = key => {
    if (seen.has(key) || vite[key].isEntry) return
    seen.add(key)
    for (const next of vite[key].imports ?? []) walk(next)
  }
  if (source) walk(source)
  return [...seen]
    .map(key => `<link rel="modulepreload" crossorigin href="/m/${vite[key].file}">\n`)
    .join('')
}

export async function prerenderPages(out) {
  const ssr = resolve(import.meta.dirname, '../node_modules/.ssr')
  const { render } = await import(pathToFileURL(resolve(ssr, 'server.js')).href)
  const frame = readFileSync(resolve(out, 'm/index.html'), 'utf8')
  const vite = JSON.parse(readFileSync(resolve(out, 'm/vite.json'), 'utf8'))
  for (const { file, path, source } of pages) {
    const page = path === null ? { html: '', title: '枫桥' } : await render(path)
    const text = frame
      .replace('<!--app-->', () => page.html)
      .replace('</head>', () => `${preloads(vite, source)}</head>`)
      .replace(/<title>.*?<\/title>/, () => `<title>${page.title}</title>`)
    writeFileSync(resolve(out, 'm', file), text)
  }
  rmSync(ssr, { recursive: true })
}
