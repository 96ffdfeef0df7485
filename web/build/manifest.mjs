// Writes manifest.json: what the C program embeds and how it answers each path.
//   files:     {path (URL), file, type, etag, cache, size, br?, gz?}; file, br and gz are relative to OUT
//   fallbacks: {prefix, file}: any other page below prefix is answered with that file (200)
//   headers:   sent with every page
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, relative, resolve } from 'node:path'
import { filesUnder } from './compress.mjs'

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
}

const csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
  "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

function urlsOf(file) {
  const url = `/${file}`
  if (file.endsWith('/index.html')) return [url.slice(0, -'index.html'.length)]
  if (/^m\/(report|track)\.html$/.test(file)) return [url.slice(0, -'.html'.length)]
  return [url]
}

function describe(out, path) {
  const file = relative(out, path)
  const bytes = readFileSync(path)
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 24)
  const entry = {
    file,
    type: types[extname(file)] ?? 'application/octet-stream',
    etag: `"${hash}"`,
    cache: file.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    size: bytes.length,
  }
  for (const form of ['br', 'gz'])
    if (existsSync(`${path}.${form}`)) entry[form] = `${file}.${form}`
  return urlsOf(file).map(url => ({ path: url, ...entry }))
}

export function writeManifest(out) {
  const bundles = ['m', 'desk'].filter(name => existsSync(resolve(out, name)))
  const files = bundles
    .flatMap(name => filesUnder(resolve(out, name)))
    .filter(path => !/\.(br|gz)$|vite\.json$/.test(path))
    .flatMap(path => describe(out, path))
  const fallbacks = bundles.map(name => ({
    prefix: `/${name}/`,
    file: name === 'm' ? 'm/shell.html' : `${name}/index.html`,
  }))
  const manifest = { headers: { 'Content-Security-Policy': csp }, fallbacks, files }
  writeFileSync(resolve(out, 'manifest.json'), JSON.stringify(manifest, null, 1) + '\n')
}
