// The roster from the lead's desk to the worker's phone: who is on duty is written, seen, printed;
// the worker reads their turn, hands over and asks for a substitute. What is asserted is what they
// read.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkPage, openBrowser, password, person, startCity, toDesk } from './people.mjs'

const grid = '320508018023001'
let city, browser, lead
const everybody = []

before(async () => {
  [city, browser] = await Promise.all([startCity(30), openBrowser()])
  lead = await desk('lead1')
})
after(async () => {
  for (const p of everybody) await p.close()
  await browser?.close()
  await city?.stop()
})

async function somebody(device) {
  const p = await person(browser, city.base, device)
  everybody.push(p)
  return p
}

async function desk(username) {
  const p = await somebody({ on: 'desk' })
  await toDesk(p, username)
  return p
}

async function phone(username) {
  const p = await somebody({ on: 'phone' })
  await p.page.goto('/m/work')
  await p.page.getByLabel('用户名').fill(username)
  await p.page.getByLabel('密码').fill(password)
  await p.page.getByRole('main').getByRole('button', { name: '登录' }).click()
  await p.page.getByRole('heading', { name: '我的任务', level: 1 }).waitFor()
  await p.page.getByRole('link', { name: '我的班' }).click()
  await p.page.getByRole('heading', { name: '我的班', level: 1 }).waitFor()
  return p
}

test('the demo has a roster: a hand-over each day, somebody standing in, one gap to find', async () => {
  const { page } = lead
  await page.getByRole('link', { name: '值班表' }).click()
  const zone = page.getByRole('row', { name: /大儒巷社区第1网格/ }).first()
  await zone.getByText('陆晓棠').first().waitFor()
  assert.ok(await zone.getByText('顾喆').count() > 0)
  assert.equal(await page.getByText('没有排班').count(), 0)
  const other = await desk('lead2')
  await other.page.getByRole('link', { name: '值班表' }).click()
  await other.page.getByText('替王堃').first().waitFor()
  const dispatcher = await desk('dispatcher1')
  await dispatcher.page.getByRole('link', { name: '值班表' }).click()
  const gaps = dispatcher.page.locator('.duty-gaps li')
  await gaps.first().waitFor()
  for (const text of await gaps.allTextContents()) assert.match(text, /拙政园社区第3网格/)
  await checkPage(dispatcher, 'roster of the town')
})

test('a lead writes the roster of a grid and sees its gaps', async () => {
  const { page } = lead
  const zone = page.getByRole('row', { name: /大儒巷社区第1网格/ }).first()
  await zone.getByRole('button', { name: /排班/ }).click()
  const form = page.getByRole('form', { name: /排班/ })
  while (await form.locator('fieldset').count() > 1)
    await form.getByRole('button', { name: '删去这一行' }).last().click()
  await form.locator('.duty-days').click()
  const days = page.locator('.el-select-dropdown__item.is-selected:visible')
  await days.first().waitFor()
  for (let left = await days.count(); left; left--) await days.first().click()
  await page.locator('.el-select-dropdown__item:visible', { hasText: '每天' }).click()
  await page.locator('h3', { hasText: '排班' }).click()
  await form.getByLabel('从', { exact: true }).fill('00:00')
  await form.getByLabel('到', { exact: true }).fill('23:00')
  await form.locator('.el-select.wide').click()
  await page.locator('.el-select-dropdown__item:visible', { hasText: '顾喆' }).click()
  await checkPage(lead, 'roster, being written')
  await form.getByRole('button', { name: '保存' }).click()
  await page.getByText('已保存').waitFor()
  assert.equal(await zone.locator('td', { hasText: '顾喆' }).count(), 7, 'each day of the week')
  assert.equal(await zone.locator('.duty-gap', { hasText: '无人值班' }).count(), 7, 'told in words')
  await page.getByText('未来七天无人值班').waitFor()
  assert.ok(await page.locator('.duty-gaps li', { hasText: '第1网格' }).count() >= 7)
  await checkPage(lead, 'roster')
  await page.setViewportSize({ width: 390, height: 800 })
  await checkPage(lead, 'roster, narrow')
  await page.setViewportSize({ width: 1440, height: 900 })
})

test('on paper the roster stands without its buttons', async () => {
  const { page } = lead
  await page.emulateMedia({ media: 'print' })
  assert.equal(await page.getByRole('button', { name: '打印' }).isVisible(), false)
  assert.equal(await page.locator('.duty-table').isVisible(), true)
  await page.emulateMedia({ media: 'screen' })
})

test('residents see who is on duty', async () => {
  const place = await (await fetch(`${city.base}/api/grids/${grid}`)).json()
  const hour = new Date(Date.now() + 8 * 3600_000).getUTCHours()
  assert.equal(place.worker_name, hour < 23 ? '顾喆' : '陆晓棠')
  const resident = await somebody({ on: 'phone' })
  await resident.page.goto(`/m/?g=${grid}`)
  await resident.page.getByText(place.worker_name).first().waitFor()
})

test('a worker sees the turn, hands over and asks for a substitute', async () => {
  const worker = await phone('worker2')
  const { page } = worker
  await page.getByText('接下来的班').waitFor()
  await checkPage(worker, 'my duty')
  await page.getByLabel('要交代的事').fill('三单元的钥匙在值班室')
  await page.getByLabel('交给谁').selectOption({ label: '陆晓棠' })
  await page.getByRole('button', { name: '交班' }).click()
  await page.getByText(/已移交 \d+ 件/).waitFor()
  await page.getByText('三单元的钥匙在值班室').first().waitFor()
  const day = new Date(Date.now() + 9 * 24 * 3600_000 + 8 * 3600_000).toISOString().slice(0, 10)
  await page.getByLabel('从什么时候').fill(`${day}T08:00`)
  await page.getByLabel('到什么时候').fill(`${day}T18:00`)
  await page.getByRole('button', { name: '登记' }).click()
  await page.getByText('已登记。').waitFor()
  await page.getByText('等网格长安排').waitFor()
  await checkPage(worker, 'my duty, absent')

  const next = await phone('worker1')
  await next.page.getByText('三单元的钥匙在值班室').waitFor()

  await lead.page.reload()
  const absence = lead.page.getByRole('row', { name: /顾喆.*:00/ })
  await absence.locator('.el-select').click()
  await lead.page.locator('.el-select-dropdown__item:visible', { hasText: '陆晓棠' }).click()
  await page.getByRole('link', { name: '任务' }).click()
  await page.getByRole('link', { name: '我的班' }).click()
  await page.getByText('陆晓棠 替班').nth(1).waitFor()
})

test('the page of a matter says whom it is called to', async () => {
  const made = await fetch(`${city.base}/api/reports`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `duty-${Date.now()}-0000` },
    body: JSON.stringify({ text: '楼道堆物', grid }),
  })
  const { number } = await made.json()
  const dispatcher = await desk('dispatcher1')
  await dispatcher.page.goto(`/desk/matter/${number}`)
  const facts = dispatcher.page.locator('.facts').first()
  await facts.getByText('值班', { exact: true }).waitFor()
  await checkPage(dispatcher, 'matter with its duty line')
})
