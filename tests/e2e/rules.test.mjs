// The routing rules at a desk: read in plain words, drafted as a table that says what is wrong in
// which row, rehearsed with a result that can be read, and switched on; and on a matter's page, why
// this unit has it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkPage, openBrowser, password, person, startCity } from './people.mjs'

let city, browser, boss
before(async () => {
  [city, browser] = await Promise.all([startCity(200), openBrowser()])
  await fetch(`${city.base}/api/reports`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ text: '夜里音响太吵', category: '0602', grid: '320508018023001' }),
  })
  boss = await person(browser, city.base, { on: 'desk' })
  await boss.page.goto('/desk/')
  await boss.page.fill('#login-name', 'supervisor2')
  await boss.page.fill('#login-word', password)
  await boss.page.keyboard.press('Enter')
  await boss.page.locator('.whoami').waitFor()
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

test('rules are read in plain words', async () => {
  await press('派单规则', 'link')
  await shows('县级部门职责不下推')
  await shows('其余所有事项')
  await shows('现行')
  await checkPage(boss, 'the rules')
  await picture('rules')
})

test('a draft is edited as a table; what is wrong stands at its row', async () => {
  await boss.page.fill('#draft-name', '噪声先到社区')
  await press('以这一版起草')
  await boss.page.waitForURL('**/desk/rules/draft/**')
  await shows('编辑规则表')
  const cell = (code, column) => boss.page.getByLabel(new RegExp(`${code} ${column}$`))
  await cell('生活噪声', 'level').fill('nowhere')
  await shows('有改动没有保存')
  await press('保存并检查')
  await shows('有 1 处需要改正')
  await shows(/层级“nowhere”不对/)
  assert.ok(await boss.page.getByRole('button', { name: '开始预演' }).isDisabled())
  await checkPage(boss, 'a draft with a fault')
  await picture('draft')
  await cell('生活噪声', 'level').fill('community')
  await cell('生活噪声', 'function').fill('desk')
  await press('保存并检查')
  await shows('已保存，没有问题')
})

test('it is rehearsed, and the result can be read and fetched as a table', async () => {
  await press('开始预演')
  await shows(/件事项中有 \d+ 件会改由别的单位先办/)
  const bars = boss.page.getByRole('region', { name: '各单位收到的件数' })
  await bars.getByText(/派出所/).first().waitFor()
  await boss.page.getByRole('region', { name: '改派' }).getByText(/派出所/).first().waitFor()
  const [file] = await Promise.all([boss.page.waitForEvent('download'), press('下载表格', 'link')])
  assert.equal(file.suggestedFilename(), 'rehearsal.csv')
  await checkPage(boss, 'a rehearsal')
  await picture('rehearsal')
})

test('on a narrow screen nothing is wider than it', async () => {
  await boss.page.setViewportSize({ width: 390, height: 800 })
  await checkPage(boss, 'a rehearsal on a narrow screen')
  await picture('narrow')
  await boss.page.setViewportSize({ width: 1440, height: 900 })
})

test('it is switched on, and is the version in force', async () => {
  boss.page.once('dialog', d => d.accept())
  await press('启用这份规则')
  await shows(/已定为第 2 版/)
  await boss.page.waitForTimeout(2500)
  await boss.page.goto('/desk/rules')
  await shows('第 2 版')
  await shows('现行')
})

test('a matter says why this unit has it', async () => {
  const list = await (await boss.page.request.get('/api/matters?view=region&limit=1')).json()
  await boss.page.goto(`/desk/matter/${list.items[0].number}`)
  await boss.page.getByText('为什么由这个单位办理').click()
  await shows('其他规则为什么没有用上')
  await shows('当时的情况')
  await shows('类别不符')
  await checkPage(boss, 'why this unit')
  await picture('why')
})
