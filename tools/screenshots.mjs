// screenshots.mjs: the pictures of the README, from the demo city: what a resident, a grid worker
// and a desk see; and those of the handbook, from the sample town (screenshots_town.mjs). The matter
// they show goes through its steps first, by the same calls that the pages make.
//   make screenshots                         starts a demo city of its own
//   CITY=http://… node tools/screenshots.mjs  takes one that runs
import { mkdirSync, statSync } from 'node:fs'
import { openBrowser, password, startCity } from '../tests/e2e/people.mjs'
import { townPictures } from './screenshots_town.mjs'

const out = new URL('../docs/images/', import.meta.url).pathname
const grid = '320508018023001'
const words = {
  zh: { text: '平江路 128 号门口的路灯坏了三天，晚上很黑，老人走路不安全。',
    place: '平江路 128 号门口', talk: '昨天夜里有位老人差点绊倒，请早点来修。',
    answer: '您好，已安排抢修队今晚六点到场。',
    reply: '路灯镇流器已更换，当晚七点恢复照明；同一路段的另外三盏也检查过，一切正常。',
    kind: '路灯不亮', report: /我要报事/, write: '分不清类别？直接写', next: '下一步', what: '发生了什么',
    landmark: '门牌号或附近标志', position: '用我现在的位置', map: '在地图上选', other: '都不是，继续报事', check: '核对并提交', same: '是同一件事吗？', send: '提交', received: '已收到' },
  en: { text: 'The street lamp in front of 128 Pingjiang Road has been out for three days.',
    place: 'In front of 128 Pingjiang Road', talk: 'An old man nearly fell there last night.',
    answer: 'Hello, the repair team comes at six tonight.',
    reply: 'The ballast was replaced; the lamp has worked since seven in the evening. ' +
      'The three lamps next to it were checked as well.',
    kind: 'Street lamps out', report: /Report a problem/, write: 'Not sure? Just write', next: 'Continue',
    what: 'What happened', landmark: 'House number or landmark', position: 'Use my position',
    other: 'None of these, go on', check: 'Check and send',
    same: 'Is it the same?', send: 'Send', received: 'Received' },
}

/** A street at night, drawn; lit = the lamp works. */
function drawStreet(lit) {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width: 1200, height: 900 })
  const pen = canvas.getContext('2d')
  const box = (fill, x, y, w, h) => {
    pen.fillStyle = fill
    pen.fillRect(x, y, w, h)
  }
  const sky = pen.createLinearGradient(0, 0, 0, 620)
  sky.addColorStop(0, lit ? '#1d2a4a' : '#0d1424')
  sky.addColorStop(1, lit ? '#6d5a6a' : '#2a2d3c')
  box(sky, 0, 0, 1200, 620)
  for (let i = 0; i < 6; i++) {
    const top = 240 + (i * 67) % 120
    box(`hsl(25 12% ${lit ? 24 : 13}%)`, i * 210 - 20, top, 190, 620 - top)
    box(`hsl(20 14% ${lit ? 16 : 9}%)`, i * 210 - 34, top - 22, 218, 26)
    for (let k = 0; k < 6; k++)
      box((i + k) % 3 ? `hsl(25 10% ${lit ? 15 : 8}%)` : '#e9b96a',
        i * 210 + 12 + (k % 3) * 52, top + 40 + Math.floor(k / 3) * 90, 30, 48)
  }
  box(lit ? '#4a4744' : '#1c1c20', 0, 620, 1200, 280)
  box(lit ? '#6b665f' : '#28282c', 0, 620, 1200, 46)
  if (lit) {
    const light = pen.createRadialGradient(700, 190, 10, 700, 420, 520)
    light.addColorStop(0, 'rgb(255 226 150 / 90%)')
    light.addColorStop(1, 'rgb(255 210 120 / 0%)')
    box(light, 0, 0, 1200, 900)
  }
  box('#15161a', 856, 150, 18, 520)
  box('#15161a', 690, 150, 180, 14)
  box(lit ? '#fff3c4' : '#33353c', 660, 158, 80, 22)
  return canvas.toDataURL('image/jpeg', 0.9)
}

async function photo(browser, lit) {
  const page = await browser.newPage()
  const url = await page.evaluate(drawStreet, lit)
  await page.close()
  const buffer = Buffer.from(url.split(',')[1], 'base64')
  return { name: 'street.jpg', mimeType: 'image/jpeg', buffer }
}

let key = 0
const keyed = () => ({ 'Idempotency-Key': `picture-${process.pid}-${Date.now()}-${key++}` })

async function call(base, path, headers, body) {
  const answer = await fetch(base + path, { method: body === undefined ? 'GET' : 'POST',
    headers: { ...(body === undefined ? {} : keyed()), 'Content-Type': 'application/json',
      ...headers },
    body: body === undefined ? undefined : JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return { data: await answer.json(), cookie: answer.headers.get('set-cookie')?.split(';')[0] }
}

/** Takes steps of one matter as a member of staff. */
async function as(base, username, number) {
  const { data: me, cookie } = await call(base, '/api/login', {}, { username, password })
  const headers = { Cookie: cookie, 'X-CSRF': me.csrf }
  const upload = async file => {
    const answer = await fetch(`${base}/api/uploads`, { method: 'POST', body: file.buffer,
      headers: { ...keyed(), ...headers, 'Content-Type': file.mimeType } })
    return (await answer.json()).upload
  }
  const step = async (action, rest = {}) => {
    const { data } = await call(base, `/api/matters/${number}`, headers)
    return call(base, `/api/matters/${number}/step`, headers, { action, seq: data.seq, ...rest })
  }
  return { step, upload }
}

async function phone(browser, base, at, lang) {
  const context = await browser.newContext({ baseURL: base, viewport: { width: 360, height: 760 },
    deviceScaleFactor: 1.5, isMobile: true, hasTouch: true, locale: lang === 'en' ? 'en-GB' : 'zh-CN',
    geolocation: at, permissions: ['geolocation'] })
  return context.newPage()
}

async function desk(browser, base, username, lang) {
  const viewport = { width: 1280, height: 800 }
  const locale = lang === 'en' ? 'en-GB' : 'zh-CN'
  const context = await browser.newContext({ baseURL: base, viewport, locale })
  const page = await context.newPage()
  await page.goto('/desk/')
  await page.fill('#login-name', username)
  await page.fill('#login-word', password)
  await page.keyboard.press('Enter')
  await page.locator('.whoami').waitFor()
  return page
}

async function shoot(page, name) {
  await page.evaluate(() => document.activeElement?.blur())
  await page.waitForTimeout(900)
  const path = `${out}${name}.png`
  await page.screenshot({ path, animations: 'disabled' })
  console.log(`${name}.png ${Math.round(statSync(path).size / 1024)} KB`)
}

/** A resident's report up to the receipt; the code and the number of the matter. */
async function report(page, w, before, lang) {
  const suffix = lang === 'en' ? '-en' : ''
  const press = name => page.getByRole('button', { name }).first().click()
  await page.goto(lang === 'en' ? '/m/?lang=en' : '/m/')
  await page.getByRole('link', { name: w.report }).waitFor()
  if (lang === 'zh') await shoot(page, 'home')
  await page.getByRole('link', { name: w.report }).click()
  await press(w.write)
  await page.getByLabel(w.what).fill(w.text)
  await page.locator('input[type=file]').setInputFiles(before)
  await page.locator('.thumb img').waitFor()
  await page.getByRole('button', { name: w.kind }).first().click()
  await page.evaluate(() => scrollTo(0, document.querySelector('label[for=text]').offsetTop - 70))
  await shoot(page, `report${suffix}`)
  await press(w.next)
  await press(w.position)
  await page.locator('.place').waitFor()
  await page.getByLabel(w.landmark).fill(w.place)
  await press(w.next)
  await page.getByRole('heading', { name: new RegExp(`^(${w.check}|${w.same.replace('?', '\\?')})`) }).waitFor()
  if (await page.getByText(w.same).count()) await press(w.other)
  await page.getByRole('heading', { name: w.check }).waitFor()
  await page.getByRole('button', { name: w.send, exact: true }).click()
  await page.getByRole('heading', { name: w.received }).waitFor()
  if (lang === 'zh') await shoot(page, 'receipt')
  const code = await page.locator('.big-code').innerText()
  const number = /\d{6}-[\w-]+/.exec(await page.locator('.ticket').innerText())[0]
  return { code, number }
}

/** The department takes it, talks, answers with a photo; the desk has checked it. */
async function handle(base, number, code, w, after) {
  const lead = await as(base, 'dispatcher2', number)
  const { data } = await call(base, '/api/receipt', { Authorization: `Receipt ${code}` })
  if (!data.owner_name.match(/城|Urban/)) await lead.step('assign', { unit: '320508-order' })
  const clerk = await as(base, 'clerk1', number)
  await clerk.step('take')
  await call(base, '/api/receipt/message', { Authorization: `Receipt ${code}` }, { text: w.talk })
  await clerk.step('tell', { text: w.answer })
  await clerk.step('reply', { reply: w.reply, uploads: [await clerk.upload(after)] })
  await lead.step('verify')
}

/** A dispute of the demo whose promises are being kept, as its mediator sees it. */
async function mediation(browser, base) {
  const { data: me, cookie } = await call(base, '/api/login', {}, { username: 'mediator1', password })
  const headers = { Cookie: cookie, 'X-CSRF': me.csrf }
  const { data } = await call(base, '/api/disputes?state=performing', headers)
  for (const lang of ['zh', 'en']) {
    const mediator = await desk(browser, base, 'mediator1', lang)
    await mediator.goto(`/desk/dispute/${data.items[0].number}`)
    await mediator.locator('.med-table').first().waitFor()
    await shoot(mediator, `dispute${lang === 'en' ? '-en' : ''}`)
  }
}

async function main() {
  mkdirSync(out, { recursive: true })
  const [city, browser] = await Promise.all([startCity(20000), openBrowser()])
  const { base } = city
  const spot = await (await fetch(`${base}/api/grids/${grid}`)).json()
  const at = { longitude: spot.lon, latitude: spot.lat }
  const before = await photo(browser, false)
  const after = await photo(browser, true)
  for (const lang of ['zh', 'en']) {
    const w = words[lang]
    const suffix = lang === 'en' ? '-en' : ''
    const page = await phone(browser, base, at, lang)
    const { code, number } = await report(page, w, before, lang)
    await handle(base, number, code, w, after)
    await page.goto(`/m/matter#${code}`)
    await page.locator('.state .say').waitFor()
    await shoot(page, `follow${suffix}`)
    await page.close()
    const officer = await desk(browser, base, 'dispatcher2', lang)
    await officer.goto(`/desk/matter/${number}`)
    await officer.locator('.matter-title').waitFor()
    await officer.locator('.photo img').first().waitFor()
    await shoot(officer, `matter${suffix}`)
  }
  await mediation(browser, base)
  const wholeCity = await desk(browser, base, 'dispatcher3', 'zh')
  await wholeCity.goto('/desk/map')
  await wholeCity.locator('canvas').first().waitFor()
  await wholeCity.waitForLoadState('networkidle')
  await shoot(wholeCity, 'map')
  const town = await desk(browser, base, 'dispatcher1', 'zh')
  await town.goto('/desk/queue/region')
  await town.locator('.matters tbody tr').nth(8).waitFor()
  await shoot(town, 'queue')
  const worker = await phone(browser, base, at, 'zh')
  await worker.goto('/m/work')
  await worker.fill('#user', 'worker1')
  await worker.fill('#pass', password)
  await worker.locator('form .btn').click()
  await worker.locator('.task').first().waitFor()
  await shoot(worker, 'work')
  await browser.close()
  await city.stop()
  await townPictures()
}

await main()
