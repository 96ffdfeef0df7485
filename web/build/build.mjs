// Builds every bundle into OUT (default ../build/web), prerenders the phone pages, writes the
// service worker, compresses all of it and lists it in manifest.json for the C program to embed.
//   node build/build.mjs [m|desk]...
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'vite'
import { prerenderPages } from './prerender.mjs'
import { writeServiceWorker } from './worker.mjs'
import { compressTree } from './compress.mjs'
import { writeManifest } from './manifest.mjs'
import { checkBudgets } from './budget.mjs'

const web = resolve(import.meta.dirname, '..')
const out = resolve(process.env.OUT ?? resolve(web, '../build/web'))
const bundles = process.argv.slice(2).length ? process.argv.slice(2) : ['m', 'desk']

async function runVite(mode, ssr) {
  await build({
    configFile: resolve(web, 'vite.config.ts'),
    mode,
    logLevel: 'warn',
    build: ssr ? { ssr: true } : {},
  })
}

mkdirSync(out, { recursive: true })
rmSync(resolve(out, 'manifest.json'), { force: true })
for (const bundle of bundles) {
  await runVite(bundle, false)
  if (bundle !== 'm') continue
  await runVite(bundle, true)
  await prerenderPages(out)
  writeServiceWorker(out)
}
for (const bundle of ['m', 'desk']) {
  if (existsSync(resolve(out, bundle))) await compressTree(resolve(out, bundle))
}
const failures = checkBudgets(out)
writeManifest(out)
if (failures > 0) process.exit(1)
