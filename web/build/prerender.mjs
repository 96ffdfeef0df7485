// Renders the phone pages that residents open first to HTML, so that they stand on the screen
// before any script has arrived; every other phone page starts from the empty shell.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

export const pages = [
  { file: 'index.html', path: '/m/' },
  { file: 'report.html', path: '/m/report' },
  { file: 'track.html', path: '/m/track' },
  { file: 'shell.html', path: null },
]

export async function prerenderPages(out) {
  const ssr = resolve(import.meta.dirname, '../node_modules/.ssr')
  const { render } = await import(pathToFileURL(resolve(ssr, 'server.js')).href)
  const frame = readFileSync(resolve(out, 'm/index.html'), 'utf8')
  for (const { file, path } of pages) {
    const page = path === null ? { html: '', title: '枫桥' } : await render(path)
    const text = frame
      .replace('<!--app-->', () => page.html)
      .replace(/<title>.*?<\/title>/, () => `<title>${page.title}</title>`)
    writeFileSync(resolve(out, 'm', file), text)
  }
  rmSync(ssr, { recursive: true })
}
