// The phone pages in a real browser of phone size against the mock: a resident's and a grid worker's
// way in both languages and in large letters, without a network, and with a server that refuses.
// On each state: no serious accessibility fault, no CSP violation, nothing wider than the screen,
// every control large enough for a finger.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { chromium } from 'playwright-core'
import { createPhone } from '../mock.mjs'

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)
const password = 'fengqiao-demo-2026'
const photo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
let browser, phone, base, context, page, faults

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
    args: ['--no-sandbox'],
  })
})
after(() => browser.close())

beforeEach(async () => {
  phone = createPhone()
  base = await phone.listen(0)
  context = await browser.newContext({
    viewport: { width: 360, height: 760 },
    deviceScaleFactor: 1,
    isMobile: true,
    hasTouch: true,
    locale: 'zh-CN',
    permissions: ['geolocation'],
    geolocation: { longitude: 120.631, latitude: 31.315 },
  })
  page = await context.newPage()
  page.setDefaultTimeout(30_000)
  faults = []
  page.on('pageerror', e => faults.push(e.message))
  page.on('console', m => {
    if (/Content Security Policy|\[Vue warn\]|[Hh]ydration/.test(m.text())) faults.push(m.text())
  })
  page.on('request', r => {
    const url = new URL(r.url())
    if (url.protocol.startsWith('http') && url.origin !== base) faults.push(`outside: ${r.url()}`)
  })
})
afterEach(async () => {
  await context.close()
  phone.close()
  assert.deepEqual(faults, [])
})

const sent = path => phone.control.requests.filter(r => r.method === 'POST' && path.test(r.path))
const text = selector => page.locator(selector).first().innerText()

/** Controls under 44 px, and whatever makes the page wider than the screen. */
const measure = () =>
  page.evaluate(() => {
    const seen = e =>
      e.getClientRects().length > 0 && !e.closest('.leaflet-container') && !e.closest('.sr')
    const label = e =>
      `${e.tagName}.${e.className} ${e.textContent?.trim().slice(0, 20)} ${Math.round(e.getBoundingClientRect().height)}px`
    const small = [
      ...document.querySelectorAll('a[href], button, select, textarea, input:not([type=file])'),
    ]
      .filter(e => seen(e) && !e.classList.contains('skip'))
      .filter(
        e =>
          (e.matches('[type=checkbox],[type=radio]')
            ? e.closest('label')
            : e
          ).getBoundingClientRect().height < 43.5,
      )
    return { small: small.map(label), wide: document.documentElement.scrollWidth > innerWidth }
  })

/** All of the page at once: what lies under a sticky bar at one moment can be scrolled away. */
async function fine(where) {
  await page.waitForTimeout(150)
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewportSize({ width: 360, height: Math.max(760, height) })
  await page.evaluate(axeSource)
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
  const { violations } = await page.evaluate(
    runOnly => globalThis.axe.run(document, { runOnly }),
    tags,
  )
  const bad = violations.filter(v => ['serious', 'critical'].includes(v.impact))
  assert.deepEqual(
    bad.map(
      v =>
        `${where}: ${v.id} ${v.nodes
          .slice(0, 3)
          .map(n => n.html.slice(0, 140))
          .join(' | ')}`,
    ),
    [],
  )
  const { small, wide } = await measure()
  assert.deepEqual(small, [], `${where}: too small for a finger`)
  assert.equal(wide, false, `${where}: wider than the screen`)
  await page.setViewportSize({ width: 360, height: 760 })
}

async function home(lang, big) {
  await page.goto(`${base}/m/${lang === 'en' ? '?lang=en' : ''}`)
  await page.waitForFunction(
    l => document.documentElement.lang === l,
    lang === 'en' ? 'en' : 'zh-CN',
  )
  if (big) await page.locator('.tool').first().click()
}

async function toDescribe() {
  await page.locator('.door').first().click()
  await page.waitForSelector('.tile b')
  await page.locator('.tile').nth(5).click()
  await page.waitForSelector('#text')
}

async function toCheck() {
  await page.fill('#text', '平江路 128 号门口的路灯坏了三天。')
  await page.locator('.bar .btn').click()
  await page.waitForSelector('#place')
  await page.fill('#place', '平江路 128 号')
  await page.locator('.bar .btn').click()
  await page.waitForSelector('.kv')
}

async function report() {
  await home('zh')
  await toDescribe()
  await toCheck()
  await page.locator('.bar .btn').click()
  await page.waitForSelector('.big-code')
  return text('.big-code')
}

for (const [lang, big] of [
  ['zh', false],
  ['en', false],
  ['zh', true],
  ['en', true],
]) {
  const name = `${lang}${big ? ', large' : ''}`
  test(`a resident's way, each page (${name})`, async () => {
    phone.create({ text: '路灯不亮', category: 'lamp_dark', place_text: '平江路 130 号' })
    await home(lang, big)
    await fine('home')
    await page.locator('.door').first().click()
    await page.waitForSelector('.tile b')
    await fine('what')
    await page.locator('.tile').nth(5).click()
    await page.waitForSelector('#text')
    await page.locator('.bar .btn').click()
    await page.waitForSelector('.summary')
    await fine('describe, faults')
    await page.fill('#text', '平江路 128 号门口的路灯坏了三天。')
    await page.setInputFiles('input[type=file]', [
      { name: 'a.png', mimeType: 'image/png', buffer: photo },
      { name: 'b.png', mimeType: 'image/png', buffer: photo },
    ])
    await page.waitForSelector('.thumb >> nth=1')
    await fine('describe')
    await page.locator('.bar .btn').click()
    await page.waitForSelector('#place')
    await page.locator('.bar .btn').click()
    await page.waitForSelector('.summary')
    await fine('where, faults')
    await page.locator('.btn.ghost').first().click()
    await page.waitForSelector('.place')
    await page.locator('.btn.ghost').nth(1).click()
    await page.waitForSelector('.leaflet-container')
    await page.waitForTimeout(500)
    await fine('where, map')
    await page.locator('.bar .btn').click()
    await page.waitForSelector('article')
    await fine('near')
    await page.locator('main > .stack > .btn').click()
    await page.waitForSelector('.kv')
    await page.fill('#phone', 'abc')
    await page.locator('.bar .btn').click()
    await page.waitForSelector('.summary')
    await fine('check, faults')
    await page.fill('#phone', '13800000000')
    await page.locator('.bar .btn').click()
    await page.waitForSelector('.big-code')
    await fine('receipt')
    assert.equal(sent(/uploads$/).length, 2)
    assert.equal(sent(/reports$/)[0].body.uploads.length, 2)
    await page.locator('a.btn').first().click()
    await page.waitForSelector('.stages')
    await page.locator('.fold summary').click()
    await page.locator('.fold .btn').first().click()
    await page.waitForSelector('.checks li')
    assert.equal(await page.locator('.checks .bad').count(), 0)
    await fine('matter, verified')
    await page.goto(`${base}/m/track`)
    await page.waitForSelector('.pick')
    await page.fill('#code', 'nonsense')
    await page.locator('form .btn').click()
    await page.waitForSelector('.fault')
    await fine('track, fault')
    await page.goto(`${base}/m/nowhere`)
    await page.waitForSelector('h1')
    await fine('missing')
  })

  test(`a worker's way, each page (${name})`, async () => {
    phone.create({
      text: '路灯不亮',
      category: 'lamp_dark',
      place_text: '平江路 130 号',
      name: '李明',
      phone: '13800000000',
    })
    await home(lang, big)
    await page.goto(`${base}/m/work`)
    await page.waitForSelector('#user')
    await page.locator('form .btn').click()
    await page.waitForSelector('.fault')
    await fine('login, fault')
    await signIn()
    await fine('tasks')
    await page.locator('.task').click()
    await page.waitForSelector('.acts')
    await fine('task')
    await page.locator('.acts .btn').first().click()
    await page.waitForSelector('.acts .btn >> nth=3')
    for (const action of ['移交', '申请延期', '退单', '当场解决']) {
      await page.locator('.acts .btn', { hasText: action }).click()
      await page.waitForTimeout(200)
      await page.locator('.acts + div form .btn').last().click()
      await page.waitForSelector('.summary')
      await fine(`task, ${action}`)
    }
    await page.locator('.nav a').nth(1).click()
    await page.waitForSelector('#text')
    await page.locator('.tick input').nth(0).check()
    await page.locator('.tick input').nth(1).check()
    await page.locator('form .btn').last().click()
    await page.waitForSelector('.summary')
    await fine('finding, faults')
    await page.locator('.nav a[href$="/work/roster"]').click()
    await page.waitForSelector('#duty-note')
    await fine('my turns')
    await page.locator('.nav a[href$="/work/outbox"]').click()
    await page.waitForSelector('.note.good')
    await fine('outbox, empty')
  })
}

async function signIn() {
  await page.fill('#user', 'worker1')
  await page.fill('#pass', password)
  await page.locator('form .btn').click()
  await page.waitForSelector('.tabs')
  await page.waitForSelector('.task, #list .note')
}

test('without a network a report is kept, never called received, and sent when the network returns', async () => {
  await home('zh')
  await toDescribe()
  await page.setInputFiles('input[type=file]', {
    name: 'a.png',
    mimeType: 'image/png',
    buffer: photo,
  })
  await page.waitForSelector('.thumb')
  await toCheck()
  phone.control.down = true
  await context.setOffline(true)
  await page.locator('.bar .btn').click()
  await page.waitForSelector('.ticket.wait')
  assert.match(await text('h1'), /待发送/)
  assert.doesNotMatch(await text('main'), /已收到/)
  await fine('receipt, waiting')
  assert.equal(sent(/reports$/).length, 0)
  await page.locator('.strip[href]').click()
  await page.waitForSelector('article')
  await fine('outbox, waiting')
  phone.control.down = false
  await context.setOffline(false)
  await page.waitForFunction(() => !document.querySelector('article'))
  assert.equal(sent(/reports$/).length, 1)
  assert.equal(sent(/reports$/)[0].body.uploads.length, 1)
  await page.goto(`${base}/m/`)
  assert.equal(await page.locator('.pick').count(), 1)
})

test('a report survives closing the page and is filed exactly once', async () => {
  await home('zh')
  await toDescribe()
  await toCheck()
  phone.control.down = true
  await context.setOffline(true)
  await page.locator('.bar .btn').click()
  await page.waitForSelector('.ticket.wait')
  await page.close()
  phone.control.down = false
  await context.setOffline(false)
  page = await context.newPage()
  await page.goto(`${base}/m/`)
  await page.waitForSelector('.pick')
  assert.equal(phone.matters.size, 1)
})

test('an answer that was lost on the way does not file the report twice', async () => {
  await home('zh')
  await toDescribe()
  await toCheck()
  phone.control.loseAnswers = 1
  await page.locator('.bar .btn').click()
  // the browser itself may try again on a fresh connection; otherwise the person does
  await page.waitForSelector('.ticket')
  if (await page.locator('.ticket.wait').count()) await page.locator('main .btn').first().click()
  await page.waitForSelector('.big-code')
  assert.equal(phone.matters.size, 1)
  assert.ok(sent(/reports$/).length >= 2)
  assert.equal(new Set(sent(/reports$/).map(r => r.key)).size, 1)
})

test('a refused report says why and can be corrected', async () => {
  await home('zh')
  await toDescribe()
  await toCheck()
  phone.control.refuse = [422, 'input', '内容里有身份证号，请去掉', 'text']
  await page.locator('.bar .btn').click()
  await page.waitForSelector('.ticket.bad')
  assert.match(await text('.ticket'), /身份证号/)
  await fine('receipt, refused')
  phone.control.refuse = null
  await page.locator('main .btn').first().click()
  await page.waitForSelector('.kv')
  assert.match(await text('.kv'), /路灯坏了三天/)
  await page.locator('.bar .btn').click()
  await page.waitForSelector('.big-code')
})

test('what is being written is still there after the page was closed', async () => {
  await home('zh')
  await toDescribe()
  await page.fill('#text', '写到一半来了电话')
  await page.waitForTimeout(700)
  await page.close()
  page = await context.newPage()
  await page.goto(`${base}/m/report?step=2`)
  await page.waitForFunction(() => document.querySelector('#text')?.value === '写到一半来了电话')
})

test('danger is telephoned first', async () => {
  await home('zh')
  await page.locator('.door').first().click()
  await page.waitForSelector('.tile b')
  await page.locator('main .btn').first().click()
  await page.fill('#text', '三楼着火了，有浓烟')
  await page.locator('.bar .btn').click()
  await page.waitForSelector('a[href="tel:119"].btn')
  assert.match(await text('h1'), /请先打电话/)
  await fine('urgent')
  await page.locator('button.btn').click()
  await page.waitForSelector('#place')
  await page.goBack()
  await page.goBack()
  assert.equal(await page.locator('#text').inputValue(), '三楼着火了，有浓烟')
})

test('joining an open matter nearby instead of a second one', async () => {
  const open = phone.create({
    text: '路灯不亮',
    category: 'lamp_dark',
    place_text: '平江路 130 号',
  })
  await home('zh')
  await toDescribe()
  await page.fill('#text', '这里的路灯也不亮')
  await page.locator('.bar .btn').click()
  await page.waitForSelector('#place')
  await page.locator('.btn.ghost').first().click()
  await page.waitForSelector('.place')
  await page.locator('.bar .btn').click()
  await page.locator('article .btn').first().click()
  await page.waitForSelector('.note.info')
  await page.locator('.bar .btn').click()
  await page.waitForSelector('.big-code')
  assert.equal(sent(/reports$/)[0].body.join, open.number)
})

test('the grid of a QR plate stands in for the place', async () => {
  await page.goto(`${base}/m/?g=320508001003002`)
  await page.waitForSelector('.card')
  await toDescribe()
  await page.fill('#text', '楼道灯不亮')
  await page.locator('.bar .btn').click()
  await page.waitForSelector('.place')
  await page.locator('.bar .btn').click()
  await page.waitForSelector('.kv')
  await page.locator('.bar .btn').click()
  await page.waitForSelector('.big-code')
  assert.equal(sent(/reports$/)[0].body.grid, '320508001003002')
})

test('following: talk, answer, rating, objection', async () => {
  const code = await report()
  const matter = [...phone.matters.values()].at(-1)
  await page.goto(`${base}/m/matter#${code}`)
  await page.waitForSelector('.stages')
  await page.fill('#say', '今晚还是黑的')
  await page.locator('.talk ~ form .btn').last().click()
  await page.waitForSelector('.bubble.me')
  phone.solve(matter, '灯已换好。')
  await page.reload()
  await page.waitForSelector('.stars')
  await fine('matter, answered')
  await page.locator('.stars button').nth(3).click()
  await page.fill('#rate-text', '挺快的')
  await page.locator('.stars ~ .btn').click()
  await page.waitForSelector('.note.good')
  assert.deepEqual([matter.rating, matter.rating_text], [4, '挺快的'])
  await page.locator('button', { hasText: '提异议' }).click()
  await page.locator('#object-text').fill('灯又不亮了')
  await fine('matter, objecting')
  await Promise.all([
    page.waitForResponse(/receipt\/object$/),
    page.locator('form.card .btn').last().click(),
  ])
  assert.equal(matter.objected, true)
  assert.ok(
    phone.control.requests.every(r => !r.path.includes(code)),
    'the code stands in no address',
  )
})

test('a proof that does not fit is said loudly', async () => {
  const code = await report()
  phone.control.tamper = true
  await page.goto(`${base}/m/matter#${code}`)
  await page.locator('.fold summary').click()
  await page.locator('.fold .btn').first().click()
  await page.waitForSelector('.checks .bad')
  assert.match(await text('.fold .note'), /没有通过/)
  await fine('matter, tampered')
})

test('removing a matter from the phone', async () => {
  await report()
  await page.goto(`${base}/m/track`)
  page.on('dialog', d => void d.accept())
  await page.locator('.pick ~ button').click()
  await page.waitForFunction(() => !document.querySelector('.pick'))
})

test('a worker takes, solves and reports without a network; all of it goes later, in order', async () => {
  const matter = phone.create({
    text: '路灯不亮',
    category: 'lamp_dark',
    place_text: '平江路 130 号',
  })
  await page.goto(`${base}/m/work`)
  await signIn()
  await page.locator('.task').click()
  await page.waitForSelector('.acts')
  await page.locator('.acts .btn').first().click()
  await page.waitForSelector('.note.good')
  phone.control.down = true
  await context.setOffline(true)
  await page.locator('.acts .btn', { hasText: '当场解决' }).click()
  await page.fill('#f-reply', '灯泡已换，现在亮了。')
  await page.setInputFiles('.acts + div input[type=file]', {
    name: 'a.png',
    mimeType: 'image/png',
    buffer: photo,
  })
  await page.waitForSelector('.thumb')
  await page.locator('.acts + div form .btn').last().click()
  await page.waitForSelector('.note.wait >> text=待发送')
  await fine('task, waiting')
  await page.locator('.nav a').nth(1).click()
  await page.fill('#text', '井盖松动，已经扶正')
  await page.fill('#place', '平江路口')
  await page.locator('form .btn').last().click()
  await page.waitForSelector('.ticket.wait')
  assert.equal(await text('.nav .count'), '2')
  phone.control.down = false
  await context.setOffline(false)
  await page.waitForFunction(() => !document.querySelector('.nav .count'))
  assert.equal(matter.state, 'answered')
  assert.equal(matter.photos.length, 1)
  assert.equal(phone.matters.size, 2)
})

test('a step on an old version is refused with its reason and can be filled in again', async () => {
  const matter = phone.create({
    text: '路灯不亮',
    category: 'lamp_dark',
    place_text: '平江路 130 号',
  })
  await page.goto(`${base}/m/work`)
  await signIn()
  await page.locator('.task').click()
  await page.locator('.acts .btn').first().click()
  await page.waitForSelector('.note.good')
  matter.seq++
  await page.locator('.acts .btn', { hasText: '当场解决' }).click()
  await page.fill('#f-reply', '灯泡已换。')
  await page.locator('.acts + div form .btn').last().click()
  await page.waitForSelector('.note.bad')
  assert.match(await text('.note.bad'), /别人改过/)
  await fine('task, refused')
  await page.locator('.note.bad .link').first().click()
  assert.equal(await page.locator('#f-reply').inputValue(), '灯泡已换。')
  await page.locator('.acts + div form .btn').last().click()
  await page.waitForSelector('.note.good')
  assert.equal(matter.state, 'answered')
})

test('a reporter is called for a stated purpose only', async () => {
  phone.create({
    text: '路灯不亮',
    category: 'lamp_dark',
    place_text: '平江路',
    name: '李明',
    phone: '13800000000',
  })
  await page.goto(`${base}/m/work`)
  await signIn()
  await page.locator('.task').click()
  await page.waitForSelector('.acts')
  assert.doesNotMatch(await text('main'), /13800000000/)
  await page.locator('button', { hasText: '查看电话' }).click()
  await page.locator('.chip').first().click()
  await page.waitForSelector('a[href="tel:13800000000"]')
  assert.ok(sent(/reveal$/)[0].body.purpose.length > 1)
})

test('logging out leaves nothing of the worker on the phone', async () => {
  phone.create({ text: '路灯不亮', category: 'lamp_dark', place_text: '平江路' })
  await page.goto(`${base}/m/work`)
  await signIn()
  await page.locator('.task').click()
  await page.waitForSelector('.acts')
  await page.locator('.nav a').first().click()
  page.on('dialog', d => void d.accept())
  await page.locator('button.tool', { hasText: '退出' }).click()
  await page.waitForSelector('#user')
  const left = await page.evaluate(
    () =>
      new Promise(done => {
        const open = indexedDB.open('fengqiao', 1)
        open.onsuccess = () => {
          const all = open.result.transaction(['cache', 'outbox']).objectStore('cache').getAll()
          all.onsuccess = () => done(all.result.length)
        }
      }),
  )
  assert.equal(left, 0)
})

test('the pages open without a network once they have been visited', async () => {
  await page.goto(`${base}/m/`)
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.waitForTimeout(500)
  phone.control.down = true
  await context.setOffline(true)
  for (const path of ['/m/', '/m/report', '/m/track', '/m/work']) {
    await page.goto(base + path)
    await page.waitForSelector('h1, #main')
  }
})

test('the first page reads well before any script has run', async () => {
  const bare = await browser.newContext({
    javaScriptEnabled: false,
    viewport: { width: 360, height: 760 },
  })
  const still = await bare.newPage()
  await still.goto(`${base}/m/`)
  assert.match(await still.locator('h1').innerText(), /有事您说/)
  assert.equal(await still.locator('a[href="tel:110"]').count(), 1)
  await bare.close()
})
