// The desk in a real browser against the mock: what an officer does in a day, what goes wrong, who
// uses the keyboard only; on each state no serious accessibility fault and no CSP violation.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { chromium } from 'playwright-core'
import { createDesk } from '../mock-desk.mjs'

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)
const password = 'fengqiao-demo-2026'
let browser, desk, base, context, page, faults

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
    args: ['--no-sandbox'],
  })
})
after(() => browser.close())

beforeEach(async () => {
  desk = createDesk()
  base = await desk.listen(0)
  context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    bypassCSP: false,
  })
  page = await context.newPage()
  page.setDefaultTimeout(30_000)
  faults = []
  page.on('pageerror', e => faults.push(e.message))
  page.on('console', m => {
    if (/Content Security Policy|\[Vue warn\]/.test(m.text())) faults.push(m.text())
  })
})
afterEach(async () => {
  await context.close()
  desk.close()
  assert.deepEqual(faults, [])
})

async function signIn(username = 'dispatcher1', path = '') {
  await page.goto(`${base}/desk/${path}`)
  await page.fill('#login-name', username)
  await page.fill('#login-word', password)
  await page.keyboard.press('Enter')
  await page.waitForSelector('#main')
}
const rows = () => page.locator('.matters tbody tr')
const calls = (method, path) =>
  desk.control.requests.filter(r => r.method === method && path.test(r.path))
const matterWhere = fits => [...desk.matters.values()].find(fits)

/** No serious or critical fault by axe; run in the page's own world through a script tag's text. */
async function accessible(where) {
  await page.waitForTimeout(250)
  await page.evaluate(axeSource)
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    }),
  )
  const bad = found.violations.filter(v => ['serious', 'critical'].includes(v.impact))
  assert.deepEqual(
    bad.map(
      v =>
        `${where}: ${v.id} ${v.nodes
          .slice(0, 3)
          .map(n => n.html.slice(0, 160))
          .join(' | ')}`,
    ),
    [],
  )
}

test('signing in: a wrong password says so, the right one leads where one wanted to go', async () => {
  await page.goto(`${base}/desk/account`)
  await page.fill('#login-name', 'clerk1')
  await page.fill('#login-word', 'wrong')
  await page.keyboard.press('Enter')
  assert.match(await page.locator('[role=alert]').innerText(), /用户名或密码不对/)
  await accessible('login with an error')
  await page.fill('#login-word', password)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/desk/account')
  assert.match(await page.locator('#main').innerText(), /沈晓燕/)
  await accessible('account')
})

test('the menu shows only what a role may do', async () => {
  await signIn('clerk1')
  assert.deepEqual(
    await page.locator('.tab').evaluateAll(list => list.map(x => x.firstChild.textContent.trim())),
    ['我的', '待签收', '本单位', '协办', '已超时'],
  )
  await context.clearCookies()
  await signIn('auditor1')
  assert.deepEqual(await page.locator('.menu-name').allInnerTexts(), [
    '工作台',
    '检索',
    '这里归谁管',
    '地图',
    '导出申请',
    '我的账号',
  ])
  await page.goto(`${base}/desk/entry`)
  await page.waitForURL('**/desk/denied?page=page.entry')
})

test('the list: tabs with counts, filters in the address, pages by cursor and back', async () => {
  await signIn()
  await page.click('.tab:has-text("辖区")')
  await page.waitForURL('**/queue/region')
  assert.equal(await rows().count(), 50)
  const first = await rows().first().getAttribute('data-number')
  await page.click('.pager button:has-text("下一页")')
  await page.waitForFunction(
    n => document.querySelector('.matters tbody tr')?.dataset.number !== n,
    first,
  )
  await page.click('.pager button:has-text("上一页")')
  await page.waitForFunction(
    n => document.querySelector('.matters tbody tr')?.dataset.number === n,
    first,
  )
  await page.locator('.w-state').click()
  await page.click('.el-select-dropdown__item:visible:has-text("挂账")')
  await page.waitForURL('**/queue/region?state=deferred')
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.matters .state')].every(s => s.textContent === '挂账'),
  )
  assert.match(await rows().first().innerText(), /暂停计时/)
  await accessible('filtered list')
  await page.click('.w-days input >> nth=0')
  await page.waitForSelector('.days-popper:visible')
  await accessible('calendar')
  await page.keyboard.press('Escape')
  await page.reload()
  await page.waitForSelector('.matters tbody tr')
  assert.ok((await page.locator('.matters .state').allInnerTexts()).every(s => s === '挂账'))
  await page.click('.history label:has-text("全部，按受理时间")')
  await page.waitForURL('**/queue/region?state=deferred&order=new')
})

test('by keyboard alone: move, open, close, pick, open the page', async () => {
  await signIn()
  await rows().first().focus()
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp']) await page.keyboard.press(key)
  const number = await rows().nth(1).getAttribute('data-number')
  assert.equal(await page.evaluate(() => document.activeElement?.dataset.number), number)
  await page.keyboard.press('Space')
  assert.match(await page.locator('.bulk').innerText(), /已选 1 件/)
  await page.keyboard.press('Enter')
  await page.waitForSelector('.side-panel .matter-title')
  await accessible('list with panel and a picked row')
  await page.keyboard.press('Escape')
  await page.waitForSelector('.side-panel', { state: 'detached' })
  assert.equal(await page.evaluate(() => document.activeElement?.dataset.number), number)
  await page.keyboard.press('Control+Enter')
  await page.waitForURL(`**/desk/matter/${number}`)
  await page.keyboard.press(']')
  await page.waitForFunction(n => !location.pathname.endsWith(n), number)
  await page.keyboard.press('/')
  assert.equal(
    await page.evaluate(() => document.activeElement?.closest('[role=search]') !== null),
    true,
  )
})

test('live: changes elsewhere are announced in a bar and rows stay where they are', async () => {
  await signIn()
  await page.waitForSelector('.matters tbody tr')
  const before = await rows().evaluateAll(list => list.map(r => r.dataset.number))
  await page.waitForTimeout(150)
  desk.elsewhere(before[2])
  await page.waitForSelector('.news')
  assert.match(await page.locator('.news').innerText(), /1 件发生了变化/)
  assert.deepEqual(await rows().evaluateAll(list => list.map(r => r.dataset.number)), before)
  assert.match(await rows().nth(2).innerText(), /有更新/)
  await page.click('.news button')
  await page.waitForSelector('.news', { state: 'detached' })
})

test('bulk: one result for each matter, what failed stays picked', async () => {
  await signIn('dispatcher1', 'queue/region')
  await page.waitForSelector('.matters tbody tr')
  const good = matterWhere(m => m.state === 'assigned' && m.overdue).number
  const bad = matterWhere(m => m.state === 'answered' && m.overdue).number
  for (const n of [good, bad]) await page.locator(`tr[data-number="${n}"] input`).check()
  await page.click('.bulk button:has-text("派单")')
  await page.click('.el-dialog button:has-text("确认派单")')
  assert.match(await page.locator('.el-dialog [role=alert]').innerText(), /请填写“单位”/)
  await page.click('#bulk-unit')
  await page.click('.el-select-dropdown__item:visible:has-text("应急管理办公室")')
  await page.click('.el-dialog button:has-text("确认派单")')
  await page.waitForSelector('.results li')
  assert.match(await page.locator('.results').innerText(), /办成 1 件，未办成 1 件/)
  assert.match(await page.locator(`.results li.bad`).innerText(), /现在的状态下不能办这一步/)
  await accessible('bulk results')
  await page.click('.results button')
  await page.waitForSelector('.results', { state: 'detached' })
  assert.match(await page.locator('.bulk').innerText(), /已选 1 件/)
})

test('a matter: facts, holds, reasons why not, contact shown for a purpose', async () => {
  const m = matterWhere(x => x.state === 'working' && x.joined > 1 && x.cohandlers.length)
  await signIn('clerk1', `matter/${m.number}`)
  await page.waitForSelector('.holds')
  const text = await page.locator('#main').innerText()
  for (const word of [
    '谁办了多久',
    '协办单位',
    '派单依据',
    '办理过程',
    '138****0000',
    '可能重复的事项',
  ])
    assert.ok(text.includes(word), word)
  await page.click('.why-not summary')
  assert.match(await page.locator('.why-not').innerText(), /派单\s*只有调度员可以派单/)
  await page.click('button[aria-label="查看第 1 位报事人的联系方式"]')
  await page.click('button:has-text("显示联系方式")')
  assert.match(await page.locator('.reveal [role=alert]').innerText(), /请写明查看用途/)
  await page.click('.chip:has-text("电话回访")')
  await page.click('button:has-text("显示联系方式")')
  await page.waitForSelector('text=13800000000')
  assert.deepEqual(calls('POST', /reveal/).at(-1).body, { reporter: 1, purpose: '电话回访' })
  await page.click('.photo >> nth=0')
  await page.waitForSelector('.lightbox-body img')
  await page.keyboard.press('ArrowRight')
  assert.match(await page.locator('.lightbox').innerText(), /照片 2/)
  await accessible('lightbox')
  await page.keyboard.press('Escape')
  await page.waitForSelector('.lightbox-body', { state: 'hidden' })
  await accessible('matter')
})

test('a conflict keeps every typed word and says who did what meanwhile', async () => {
  const m = matterWhere(x => x.state === 'working' && !x.ask)
  await signIn('clerk1', `matter/${m.number}`)
  await page.click('.action-buttons button:has-text("办结答复")')
  await page.click('button:has-text("确认办结答复")')
  assert.match(await page.locator('.field-wrong').innerText(), /请填写“给报事人的答复”/)
  await page.click('.templates summary')
  await page.click('.templates li button >> nth=0')
  await page.fill('#act-reply-reply', '楼道已清空，电池已移走。')
  desk.control.conflict = true
  await page.click('button:has-text("确认办结答复")')
  await page.waitForSelector('.act-form .wrong')
  assert.match(await page.locator('.matter > .news').innerText(), /钱宏.*督办/)
  assert.equal(await page.inputValue('#act-reply-reply'), '楼道已清空，电池已移走。')
  await accessible('conflict')
  await page.click('button:has-text("确认办结答复")')
  await page.waitForSelector('.ok-line')
  assert.match(await page.locator('.matter-marks').innerText(), /待核查/)
  assert.ok(calls('POST', /step$/).every(c => c.csrf?.length === 32 && c.key?.length >= 16))
})

test('a reload, a broken line and an ended session lose nothing, and nothing is done twice', async () => {
  const m = matterWhere(x => x.state === 'working' && !x.ask)
  await signIn('clerk1', `matter/${m.number}`)
  await page.click('.action-buttons button:has-text("内部记录")')
  await page.fill('#act-note-note', '已约物业明早九点到场')
  await page.waitForTimeout(400)
  await page.reload()
  await page.waitForSelector('.draft-dot')
  await page.click('.action-buttons button:has-text("内部记录")')
  assert.equal(await page.inputValue('#act-note-note'), '已约物业明早九点到场')
  desk.control.down = true
  await page.click('button:has-text("确认内部记录")')
  assert.match(await page.locator('.act-form [role=alert]').innerText(), /没有连上服务器/)
  desk.control.down = false
  desk.control.expired = true
  await page.click('button:has-text("确认内部记录")')
  await page.waitForSelector('.el-dialog #login-word')
  await page.fill('.el-dialog #login-word', password)
  await page.keyboard.press('Enter')
  await page.waitForSelector('.el-dialog #login-word', { state: 'hidden' })
  await page.click('button:has-text("确认内部记录")')
  await page.waitForSelector('.ok-line')
  assert.equal(m.timeline.filter(e => e.note === '已约物业明早九点到场').length, 1)
  assert.equal(new Set(calls('POST', /step$/).map(c => c.key)).size, 1)
})

test('asking others to help: units found by name, a task and days for each', async () => {
  const m = matterWhere(x => x.state === 'working' && !x.cohandlers.length)
  await signIn('dispatcher1', `matter/${m.number}`)
  await page.click('.action-buttons button:has-text("联办")')
  await page.keyboard.type('消防')
  await page.click('.el-select-dropdown__item:visible:has-text("消防救援大队")')
  await page.fill('input[aria-label="第 1 个协办任务"]', '核查消防设施')
  await accessible('helpers form')
  await page.click('button:has-text("确认联办")')
  await page.waitForSelector('.cohandlers')
  assert.match(await page.locator('.cohandlers').innerText(), /姑苏区消防救援大队.*核查消防设施/s)
  assert.deepEqual(calls('POST', /step$/).at(-1).body.units, [
    { unit: 'u5', task: '核查消防设施', days: 3 },
  ])
})

test('merging: a similar matter is chosen with one press', async () => {
  const m = matterWhere(x => x.state === 'assigned')
  await signIn('dispatcher1', `matter/${m.number}`)
  await page.click('button:has-text("并入这件") >> nth=0')
  const other = await page.inputValue('#act-merge-number2')
  assert.ok(desk.matters.has(other))
  await page.click('button:has-text("确认并单")')
  await page.waitForSelector('.ok-line')
  assert.match(await page.locator('.matter-marks').innerText(), /已并单/)
})

test('entry for a caller: danger first, duplicates nearby, a receipt to read out', async () => {
  await signIn('dispatcher1', 'entry')
  await page.click('button:has-text("登记并取得回执")')
  assert.equal(await page.locator('.field-wrong').count(), 2)
  await accessible('entry with errors')
  await page.fill('#entry-text', '三楼有人在楼道烧纸，烟很大')
  await page.waitForSelector('.alarm')
  assert.match(await page.locator('.alarm').innerText(), /119/)
  await page.click('.entry-form .chip >> nth=0')
  await page.waitForSelector('.leaflet-container')
  await page.locator('.map').click({ position: { x: 150, y: 150 } })
  await page.waitForSelector('.entry-side .linked li')
  await page.fill('#entry-phone', '12')
  await page.check('#entry-consent')
  await page.click('button:has-text("登记并取得回执")')
  await page.waitForSelector('.field.lacking #entry-phone')
  await page.fill('#entry-phone', '13800000000')
  await accessible('entry')
  await page.click('button:has-text("登记并取得回执")')
  await page.waitForSelector('.receipt')
  assert.deepEqual(await page.locator('.receipt-code span').allInnerTexts(), [
    '7K2M9Q',
    'X4T8WB',
    '3HNC5R',
  ])
  const body = calls('POST', /^\/api\/matters$/).at(-1).body
  assert.equal(body.origin, 'phone')
  assert.equal(body.category, 'fire')
  assert.ok(body.lon > 120 && body.lat > 31)
  await accessible('receipt')
  await page.emulateMedia({ media: 'print' })
  assert.equal(await page.locator('.side').isVisible(), false)
  assert.equal(await page.locator('.receipt-code').isVisible(), true)
})

test('search: from two characters, marked in the title; a short word asks for more', async () => {
  await signIn('clerk1')
  await page.fill('[role=search] input', '漏')
  await page.keyboard.press('Enter')
  await page.waitForSelector('text=请至少输入两个字')
  await page.fill('[role=search] input', '漏水')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.matters tbody tr')
  assert.equal(await page.locator('mark').first().innerText(), '漏水')
  await accessible('search')
})

test('in English: every page speaks it, nothing Chinese is left in the frame', async () => {
  await signIn()
  await page.click('button:has-text("English")')
  await page.waitForFunction(() => document.documentElement.lang === 'en')
  for (const path of ['queue/region', 'entry', 'search', 'account']) {
    await page.goto(`${base}/desk/${path}`)
    await page.waitForSelector('#main')
    await accessible(`English ${path}`)
    const frame = await page
      .locator('.menu, .tabs, .filters, label, h1, h2, th, .el-button, legend, summary, dt')
      .allInnerTexts()
    assert.deepEqual(
      frame.filter(x => /\p{Script=Han}/u.test(x) && x !== '中文'),
      [],
      path,
    )
  }
})

test('on a small screen, or enlarged to twice the size, nothing runs out of the page', async () => {
  await page.setViewportSize({ width: 1280, height: 720 })
  const m = matterWhere(x => x.state === 'working' && x.joined > 1)
  await signIn('dispatcher1', 'queue/region')
  await page.waitForSelector('.matters tbody tr')
  await rows().nth(1).locator('.title').click()
  await page.waitForSelector('.side-panel .matter-title')
  const wide = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.equal(await wide(), 0)
  await page.goto(`${base}/desk/matter/${m.number}`)
  await page.waitForSelector('.holds')
  assert.equal(await wide(), 0)
  await page.setViewportSize({ width: 720, height: 450 })
  for (const path of [`matter/${m.number}`, 'queue/region', 'entry', 'account']) {
    await page.goto(`${base}/desk/${path}`)
    await page.waitForSelector('#main .box, #main .matters')
    assert.equal(await wide(), 0, path)
    await accessible(`narrow ${path}`)
  }
})
