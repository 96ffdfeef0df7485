// map.mjs: how quickly the map of a city appears and how smoothly it is moved, against the limits, in
// headless Chromium; then the same two layers (12,278 and 2,187 outlines) brought and drawn in four
// ways in the same run, which is why the map is built as it is. Prints medians; fails beyond a limit.
//   node tests/bench/map.mjs [rounds]
import { createServer } from 'node:http'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { openBrowser, password, startCity } from '../e2e/people.mjs'
import { lonOf, latOf, unpack } from '../../web/desk/map/packed.ts'

const limits = { first_ms: 1500, fps: 30 }
const rounds = Number(process.argv[2] ?? 5)
const web = new URL('../../web/', import.meta.url)
const viteAt = createRequire(new URL('package.json', web)).resolve('vite')
const median = list => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]
const city = await startCity(2000)
const browser = await openBrowser()
const size = { width: 1366, height: 768 }

async function signIn() {
  const answer = await fetch(`${city.base}/api/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'the-bench-signs-in-once' },
    body: JSON.stringify({ username: 'dispatcher3', password }),
  })
  return answer.headers.getSetCookie().map(c => c.split(';')[0])
}
const cookies = await signIn()

/** Reads the time that the page's main thread has worked since, which others' work does not lengthen. */
async function cpuOf(page) {
  const client = await page.context().newCDPSession(page)
  await client.send('Performance.enable', { timeDomain: 'threadTicks' })
  const read = async () => (await client.send('Performance.getMetrics')).metrics.find(m => m.name === 'TaskDuration').value * 1000
  const before = await read()
  return async () => (await read()) - before
}

/** Frames a second and the longest frame while the map is dragged to and fro. */
async function pan(page, box) {
  await page.evaluate(() => {
    const frames = (window.frames_seen = [])
    const tick = t => { frames.push(t); window.ticking = requestAnimationFrame(tick) }
    window.ticking = requestAnimationFrame(tick)
  })
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  await page.mouse.move(middle.x, middle.y)
  for (let i = 0; i < 6; i++) {
    const way = i % 2 ? 1 : -1
    await page.mouse.down()
    await page.mouse.move(middle.x + way * 330, middle.y + way * 140, { steps: 25 })
    await page.mouse.up()
    await page.mouse.move(middle.x, middle.y)
  }
  return page.evaluate(() => {
    cancelAnimationFrame(window.ticking)
    const f = window.frames_seen
    const gaps = f.slice(1).map((t, i) => t - f[i])
    return { fps: (gaps.length / (f.at(-1) - f[0])) * 1000, worst_ms: Math.max(...gaps) }
  })
}

/** The map page itself, nothing kept from before. */
async function wholePage() {
  const context = await browser.newContext({ viewport: size })
  await context.addCookies(cookies.map(c => {
    const at = c.indexOf('=')
    return { name: c.slice(0, at), value: c.slice(at + 1), url: city.base }
  }))
  const page = await context.newPage()
  const cpu = await cpuOf(page)
  const drawn = async () => {
    await page.waitForFunction(() => performance.getEntriesByName('map-drawn').length > 0)
    return page.evaluate(() => performance.getEntriesByName('map-drawn')[0].startTime)
  }
  await page.goto(`${city.base}/desk/map?layers=grid,police,town`)
  const first = await drawn()
  const first_cpu = await cpu()
  await page.waitForLoadState('networkidle')
  const city_pan = await pan(page, await page.locator('.big-map').boundingBox())
  await page.goto(`${city.base}/desk/map?layers=grid,police,town&at=120.62,31.31,13`)
  await drawn()
  await page.waitForLoadState('networkidle')
  const near_pan = await pan(page, await page.locator('.big-map').boundingBox())
  await page.goto(`${city.base}/desk/map?layers=grid,police,town`)
  const again = await drawn()
  await context.close()
  return { first, first_cpu, again, city_pan, near_pan }
}

// --- the four ways

async function layerBytes(name) {
  const headers = { cookie: cookies.join('; ') }
  const answer = await fetch(`${city.base}/api/layers/${name}?detail=overview`, { headers })
  return Buffer.from(await answer.arrayBuffer())
}
function geoJsonOf(layer) {
  const degrees = v => Math.round(v * 1e5) / 1e5
  const features = layer.codes.map((code, i) => {
    const rings = []
    for (let r = layer.ringAt[i]; r < layer.ringAt[i + 1]; r++) {
      const ring = []
      for (let k = layer.pointAt[r]; k < layer.pointAt[r + 1]; k++)
        ring.push([degrees(lonOf(layer.x[k])), degrees(latOf(layer.y[k]))])
      rings.push([...ring, ring[0]])
    }
    const geometry = { type: 'MultiPolygon', coordinates: [rings] }
    return { type: 'Feature', properties: { code }, geometry }
  })
  return Buffer.from(JSON.stringify({ type: 'FeatureCollection', features }))
}
function number(out, v) {
  for (; v > 127; v = Math.floor(v / 128)) out.push((v % 128) | 128)
  out.push(v)
}
const difference = (out, v) => number(out, v < 0 ? -2 * v - 1 : 2 * v)
/** The zones of a tile, packed as a layer is. */
function sliceOf(layer, z, x, y) {
  const [w, n, side] = [x / 2 ** z, y / 2 ** z, 1 / 2 ** z]
  const { box } = layer
  const inside = layer.codes.map((_, i) => 4 * i).filter(b =>
    box[b] <= w + side && box[b + 2] >= w && box[b + 1] <= n + side && box[b + 3] >= n)
    .map(b => b / 4)
  const out = [...Buffer.from('FQ1\n')]
  number(out, 10000)
  number(out, inside.length)
  let [id, lon, lat] = [0, 0, 0]
  for (const i of inside) {
    difference(out, Number(layer.codes[i]) - id)
    id = Number(layer.codes[i])
    number(out, layer.ringAt[i + 1] - layer.ringAt[i])
    for (let r = layer.ringAt[i]; r < layer.ringAt[i + 1]; r++) {
      number(out, 2 * (layer.pointAt[r + 1] - layer.pointAt[r]) + 1)
      for (let k = layer.pointAt[r]; k < layer.pointAt[r + 1]; k++) {
        const nextLon = Math.round(lonOf(layer.x[k]) * 10000)
        const nextLat = Math.round(latOf(layer.y[k]) * 10000)
        difference(out, nextLon - lon)
        difference(out, nextLat - lat)
        ;[lon, lat] = [nextLon, nextLat]
      }
    }
  }
  return Buffer.from(out)
}

async function startWays() {
  const { build } = await import(viteAt)
  const dir = mkdtempSync(join(tmpdir(), 'fengqiao-map-'))
  const entry = new URL('map_page.ts', import.meta.url).pathname
  await build({
    configFile: false, logLevel: 'error', root: web.pathname,
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { alias: { leaflet: new URL('node_modules/leaflet', web).pathname } },
    build: { lib: { entry, formats: ['es'], fileName: 'page' }, outDir: dir, emptyOutDir: true },
  })
  const script = readFileSync(join(dir, 'page.js'))
  const css = readFileSync(new URL('node_modules/leaflet/dist/leaflet.css', web))
  const html = '<!doctype html><link rel=stylesheet href=/leaflet.css>'
    + '<style>html,body,#map{height:100%;margin:0}</style>'
    + '<div id=map></div><script type=module src=/page.js></script>'
  const packed = { grid: await layerBytes('grid'), police: await layerBytes('police') }
  const opened = { grid: unpack(packed.grid), police: unpack(packed.police) }
  const geojson = { grid: geoJsonOf(opened.grid), police: geoJsonOf(opened.police) }
  const slices = new Map()
  const slice = path => {
    const [, name, z, x, y] = path.match(/^\/tile\/(\w+)\/(\d+)\/(\d+)\/(\d+)$/)
    if (!slices.has(path)) slices.set(path, sliceOf(opened[name], Number(z), Number(x), Number(y)))
    return slices.get(path)
  }
  const types = { js: 'text/javascript', css: 'text/css' }
  const server = createServer((request, response) => {
    const [, kind, name] = request.url.split('/')
    const answers = {
      packed: () => packed[name], geojson: () => geojson[name], tile: () => slice(request.url),
      'page.js': () => script, 'leaflet.css': () => css,
    }
    const usual = answers[kind] ? 'application/octet-stream' : 'text/html'
    response.writeHead(200, { 'Content-Type': types[kind.split('.')[1]] ?? usual })
    response.end(answers[kind]?.() ?? html)
  })
  await new Promise(done => { server.listen(0, '127.0.0.1', done) })
  const sizes = Object.entries({ packed, geojson }).map(([kind, all]) => {
    const both = Buffer.concat(Object.values(all))
    const kb = bytes => (bytes.length / 1024).toFixed(0)
    const small = `gzip ${kb(gzipSync(both))}, brotli ${kb(brotliCompressSync(both))}`
    return `${kind} ${kb(both)} KB (${small})`
  })
  const stop = () => {
    server.close()
    rmSync(dir, { recursive: true, force: true })
  }
  return { url: `http://127.0.0.1:${server.address().port}/`, sizes, stop }
}

async function oneWay(url, way) {
  const page = await browser.newPage({ viewport: { width: 1138, height: 520 } })
  page.on('pageerror', e => console.error(e))
  await page.goto(url)
  await page.waitForFunction(() => window.run)
  const cpu = await cpuOf(page)
  const start = Date.now()
  const times = await page.evaluate(w => window.run(w), way)
  const total = Date.now() - start
  const cpu_ms = await cpu()
  const smooth = await pan(page, { x: 0, y: 0, width: 1138, height: 520 })
  const heap = await page.evaluate(() => performance.memory?.usedJSHeapSize ?? 0)
  await page.close()
  return { ...times, cpu_ms, total_ms: total, ...smooth, heap_mb: heap / 2 ** 20 }
}

const runs = []
for (let i = 0; i < rounds; i++) runs.push(await wholePage())
const whole = n => n.toFixed(0)
const mid = of => median(runs.map(of))
const verdict = good => (good ? '' : '   OVER THE LIMIT')
const first = mid(r => r.first)
const isQuick = first < limits.first_ms
console.log(`first draw of the city, nothing kept: ${whole(first)} ms (limit ${limits.first_ms})`
  + verdict(isQuick))
console.log(`  of which the page's main thread worked ${whole(mid(r => r.first_cpu))} ms`)
console.log(`the same again, layers kept by their tags: ${whole(mid(r => r.again))} ms`)
let isSmooth = true
for (const [what, of] of [['the city', r => r.city_pan], ['at zoom 13', r => r.near_pan]]) {
  const fps = mid(r => of(r).fps)
  isSmooth &&= fps > limits.fps
  console.log(`panning ${what}: ${whole(fps)} frames a second, longest`
    + ` ${whole(mid(r => of(r).worst_ms))} ms (limit ${limits.fps})${verdict(fps > limits.fps)}`)
}
const ways = await startWays()
console.log(`\nboth layers whole: ${ways.sizes.join('; ')}`)
const columns = [['KB', r => r.bytes / 1024], ['fetch ms', r => r.fetch_ms],
  ['decode ms', r => r.decode_ms], ['draw ms', r => r.draw_ms], ['main thread ms', r => r.cpu_ms],
  ['total ms', r => r.total_ms], ['pan fps', r => r.fps], ['longest ms', r => r.worst_ms],
  ['heap MB', r => r.heap_mb]]
console.log(['way'.padEnd(14), ...columns.map(([name]) => name)].join('  '))
for (const way of ['geojson', 'geojson tiles', 'packed', 'sliced']) {
  const all = []
  for (let i = 0; i < rounds; i++) all.push(await oneWay(ways.url, way))
  const cells = columns.map(([name, of]) => whole(median(all.map(of))).padStart(name.length))
  console.log([way.padEnd(14), ...cells].join('  '))
}
ways.stop()
await browser.close()
await city.stop()
process.exit(isQuick && isSmooth ? 0 : 1)
