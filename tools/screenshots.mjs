// Makes docs/images/*.png from a running demo:  node tools/screenshots.mjs [http://127.0.0.1:8080]
// The pictures in the README are these; nothing in them is drawn by hand.
import { createRequire } from 'node:module'
import { mkdirSync } from 'node:fs'

const { chromium } = createRequire(new URL('../web/package.json', import.meta.url))('playwright-core')
const base = process.argv[2] ?? 'http://127.0.0.1:8080'
const out = new URL('../docs/images/', import.meta.url).pathname
mkdirSync(out, { recursive: true })

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
})
const phone = { viewport: { width: 360, height: 720 }, deviceScaleFactor: 1 }
const desk = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 }

async function open(shape, locale, username) {
  const context = await browser.newContext({ ...shape, locale, permissions: ['geolocation'],
    geolocation: { longitude: 120.6284, latitude: 31.3163 } })
  if (locale === 'en') await context.addInitScript(() => localStorage.setItem('fq.lang', 'en'))
  const page = await context.newPage()
  if (username) {
    const answer = await page.request.post(`${base}/api/login`, { data: { username, password: 'fengqiao-demo-2026' } })
    if (!answer.ok()) throw new Error(`login ${username}: ${answer.status()}`)
  }
  return page
}

async function shoot(page, path, name, settle = 1500) {
  await page.goto(base + path)
  await page.waitForTimeout(settle)
  await page.screenshot({ path: `${out}${name}.png` })
  console.log(name)
}

const home = await open(phone, 'zh-CN')
await shoot(home, '/m/', 'home')
await shoot(home, '/m/report', 'report')

// A report of our own, so that there is something to follow.
const sent = await home.request.post(`${base}/api/reports`, {
  headers: { 'Idempotency-Key': `screenshots-${Date.now()}` },
  data: { text: '2 号楼一单元楼道堆满电动车电池,还有人从窗口飞线充电,老人孩子多,很危险。', lon: 120.6284, lat: 31.3163,
    place_text: '平江路 128 号 2 号楼', name: '顾玥', phone: '19900001234' },
})
const receipt = await sent.json()
const clerk = await open(desk, 'zh-CN', 'dispatcher1')
await shoot(clerk, '/desk/queue/region', 'queue', 2500)
await shoot(clerk, `/desk/matter/${receipt.number}`, 'matter', 2500)
const reader = await open(desk, 'en', 'dispatcher1')
await shoot(reader, `/desk/matter/${receipt.number}`, 'matter-en', 2500)
await shoot(home, `/m/matter#${receipt.code}`, 'follow', 2000)
const worker = await open(phone, 'zh-CN', 'worker1')
await shoot(worker, '/m/work', 'work', 2000)
const english = await open(phone, 'en')
await shoot(english, '/m/report', 'report-en')
await browser.close()
