// The statistics of mediation at a desk: figures that open the list behind them, counts that a
// committee enters, files; in both languages and on a narrow screen.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkPage, openBrowser, person, startCity, toDesk } from './people.mjs'

let city, browser, boss
before(async () => {
  [city, browser] = await Promise.all([startCity(1000), openBrowser()])
  boss = await person(browser, city.base, { on: 'desk' })
  await toDesk(boss, 'mediator2')
})
after(async () => {
  await browser?.close()
  await city?.stop()
})

const shows = text => boss.page.getByText(text).filter({ visible: true }).first().waitFor()
const press = (name, role = 'button') => boss.page.getByRole(role, { name }).first().click()
async function picture(name) {
  if (process.env.PICTURES)
    await boss.page.screenshot({ path: `${process.env.PICTURES}/${name}.png`, fullPage: true })
}

test('a figure opens the list behind it', async () => {
  await press('调解统计', 'link')
  await boss.page.getByLabel('时段').selectOption('days')
  const days = boss.page.locator('input[type=date]')
  await days.first().fill(new Date(Date.now() - 200 * 86_400_000).toISOString().slice(0, 10))
  await days.last().fill(new Date(Date.now() + 86_400_000).toISOString().slice(0, 10))
  const all = boss.page.getByRole('button', { name: /^合计 调解案件总数/ })
  await all.waitFor()
  const total = Number(await all.textContent())
  assert.ok(total >= 3)
  await checkPage(boss, 'the statistics')
  await all.click()
  await shows(`合计：调解案件总数（件），${total} 件`)
  assert.equal(await boss.page.locator('.cases tbody tr').count(), total)
  await checkPage(boss, 'the list behind a figure')
  await picture('tally')
  await press('收起清单')
  assert.equal(await boss.page.locator('.cases').count(), 0)
})

test('a committee enters what nobody can derive', async () => {
  await boss.page.getByText('填报本季度').click()
  await boss.page.getByLabel('排查纠纷（次）').fill('12')
  await picture('tally-enter')
  await press('保存')
  await shows('已保存')
  await boss.page.getByLabel('时段').selectOption('0')
  const row = boss.page.locator('tr', { hasText: '排查纠纷（次）' })
  await row.getByText('12', { exact: true }).first().waitFor()
})

test('the table leaves as a workbook', async () => {
  const [file] = await Promise.all([
    boss.page.waitForEvent('download'),
    press('下载 XLSX', 'link'),
  ])
  assert.equal(file.suggestedFilename(), 'mediation.xlsx')
})

test('it reads in English and on a phone', async () => {
  await boss.page.setViewportSize({ width: 390, height: 844 })
  await picture('tally-phone')
  const wide = await boss.page.evaluate(() => document.documentElement.scrollWidth)
  assert.ok(wide <= 390, `${wide}`)
  await boss.page.setViewportSize({ width: 1366, height: 900 })
  await press(/English/)
  await shows('Mediation statistics')
  await shows('Own initiative')
  await checkPage(boss, 'the statistics in English')
  await picture('tally-english')
})
