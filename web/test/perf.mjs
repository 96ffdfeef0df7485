// How the first page feels on a cheap phone in a weak network: 360 by 760, processor six times
// slower, 1.6 Mbit/s, 150 ms round trip, nothing cached. Prints the median of five and fails beyond
// the budget.   node test/perf.mjs URL
import { chromium } from 'playwright-core'

const limits = { fcp_ms: 1500, lcp_ms: 2500, tbt_ms: 300, cls: 0.05, tap_ms: 200, bytes_kb: 80 }
const base = process.argv[2] ?? 'http://127.0.0.1:8080'
const rounds = Number(process.env.ROUNDS ?? 5)
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
  args: ['--no-sandbox'],
})

function observe() {
  const seen = { tbt: 0, cls: 0, lcp: 0 }
  globalThis.seen = seen
  new PerformanceObserver(list =>
    list.getEntries().forEach(e => (seen.tbt += Math.max(0, e.duration - 50))),
  ).observe({ type: 'longtask', buffered: true })
  new PerformanceObserver(list => list.getEntries().forEach(e => (seen.cls += e.value))).observe({
    type: 'layout-shift',
    buffered: true,
  })
  new PerformanceObserver(list => list.getEntries().forEach(e => (seen.lcp = e.startTime))).observe(
    { type: 'largest-contentful-paint', buffered: true },
  )
}

async function once(path) {
  const context = await browser.newContext({
    viewport: { width: 360, height: 760 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
    serviceWorkers: 'block',
  })
  const page = await context.newPage()
  const client = await context.newCDPSession(page)
  await client.send('Network.enable')
  await client.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 150,
    downloadThroughput: 200_000,
    uploadThroughput: 94_000,
  })
  await client.send('Emulation.setCPUThrottlingRate', { rate: 6 })
  let bytes = 0
  client.on('Network.loadingFinished', e => (bytes += e.encodedDataLength))
  await page.addInitScript(observe)
  await page.goto(base + path, { waitUntil: 'networkidle' })
  await page.waitForTimeout(500)
  const figures = await page.evaluate(() => ({
    ...globalThis.seen,
    fcp: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  }))
  const firstBytes = bytes
  const tap = path === '/m/report' ? await tapTime(page) : 0
  await context.close()
  return {
    fcp_ms: figures.fcp,
    lcp_ms: figures.lcp,
    tbt_ms: figures.tbt,
    cls: figures.cls,
    tap_ms: tap,
    bytes_kb: firstBytes / 1024,
  }
}

/** From the tap on a tile to the next step on the screen. */
async function tapTime(page) {
  return page.evaluate(
    () =>
      new Promise(done => {
        const start = performance.now()
        const watch = new MutationObserver(() => {
          if (!document.querySelector('#text')) return
          watch.disconnect()
          requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)))
        })
        watch.observe(document.body, { childList: true, subtree: true })
        document.querySelector('.tile').click()
      }),
  )
}

const median = list => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]
let over = 0
for (const path of ['/m/', '/m/report', '/m/track']) {
  const runs = []
  for (let i = 0; i < rounds; i++) runs.push(await once(path))
  const line = Object.keys(limits).map(key => {
    const value = median(runs.map(r => r[key]))
    if (value > limits[key]) over++
    return `${key} ${value.toFixed(key === 'cls' ? 3 : 0)}${value > limits[key] ? ` (over ${limits[key]})` : ''}`
  })
  console.log(`${path.padEnd(10)} ${line.join('  ')}`)
}
await browser.close()
process.exit(over ? 1 : 0)
