// The register of mediation as people use it: the chair of a committee at the desk, the justice
// office, the police who handed something over, and anybody with a phone who looks at a studio.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkPage, openBrowser, person, startCity, toDesk } from './people.mjs'

let city, browser
const everybody = []
before(async () => {
  [city, browser] = await Promise.all([startCity(1000), openBrowser()])
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
async function desk(username, lang) {
  const p = await somebody({ on: 'desk', lang })
  await toDesk(p, username)
  return p
}
const shows = (p, text) => p.page.getByText(text).filter({ visible: true }).first().waitFor()
async function picture(p, name) {
  if (process.env.PICTURES)
    await p.page.screenshot({ path: `${process.env.PICTURES}/${name}.png`, fullPage: true })
}
/** The same page on a narrow screen. */
async function narrow(p, where) {
  await p.page.setViewportSize({ width: 360, height: 740 })
  await checkPage(p, `${where}, narrow`)
  await picture(p, `${where}-narrow`)
  await p.page.setViewportSize({ width: 1440, height: 900 })
}

test('the chair is reminded of the term, and keeps the register', async () => {
  const p = await desk('chief10')
  const { page } = p
  await page.getByRole('link', { name: '人民调解', exact: true }).click()
  await shows(p, /请准备换届/)
  await checkPage(p, 'desk of a committee')
  await page.getByRole('link', { name: '调委会和调解员' }).click()
  await shows(p, '4 人，女 2 人')
  await checkPage(p, 'committees')
  await narrow(p, 'committees')
  await page.getByText('调解员、专家名册').click()
  await shows(p, '苏文远')
  await page.getByLabel('名称、姓名或专长').fill('医疗')
  await shows(p, '程瑞芝')
  assert.equal(await page.getByText('苏文远').count(), 0, 'found by what they know')
  await checkPage(p, 'mediators and experts')
  await page.getByText('调委会', { exact: true }).first().click()
  await page.getByLabel('名称、姓名或专长').fill('平江')
  await page.getByRole('link', { name: '平江街道人民调解委员会', exact: true }).click()
  await shows(p, '金大姐调解工作室')
  await checkPage(p, 'a committee')
  await page.getByRole('button', { name: '登记一人' }).click()
  await page.fill('#r-name', '韩玉梅')
  await checkPage(p, 'registering somebody')
  await narrow(p, 'registering-somebody')
  await page.getByRole('button', { name: '保存' }).click()
  await page.locator('.med-list b', { hasText: '韩玉梅' }).first().waitFor()
  await page.getByText('登记的修改').click()
  await page.locator('li', { hasText: '周慧敏' }).filter({ hasText: '韩玉梅' }).first().waitFor()
  await page.getByRole('button', { name: '登记工作室' }).click()
  await page.fill('#s-name', '老韩物业调解室')
  await page.fill('#s-about', '调解物业费、停车位')
  await page.fill('#s-hours', '周二下午')
  await page.fill('#s-place', '街道二楼')
  await checkPage(p, 'registering a studio')
  await page.getByRole('button', { name: '保存' }).click()
  await shows(p, '老韩物业调解室')
  await picture(p, 'committee')
})

test('the list to pay by: each dispute by its number, and why some are not paid', async () => {
  const p = await desk('chief10')
  const { page } = p
  await page.getByRole('link', { name: '补贴清单' }).click()
  await page.getByLabel('时段').selectOption('1')
  await shows(p, '发放 12 件，共 600.00 元')
  await shows(p, '金巧云 50.00')
  await checkPage(p, 'the list to pay by')
  await picture(p, 'subsidies')
  await narrow(p, 'subsidies')
  const [file] = await Promise.all([
    page.waitForEvent('download'), page.getByRole('link', { name: '下载 XLSX' }).click()])
  assert.equal(file.suggestedFilename(), 'subsidies.xlsx')
  await page.getByLabel('时段').selectOption('0')
  await shows(p, '卷宗还没有齐全归档')
  await shows(p, '还没有回访结案')
  await page.getByRole('button', { name: /English/ }).click()
  await shows(p, 'Its dossier is not complete and filed')
  await checkPage(p, 'the list to pay by, in English')
})

test('who may not pay out is offered no list', async () => {
  const p = await desk('mediator3')
  assert.equal(await p.page.getByRole('link', { name: '补贴清单' }).count(), 0)
  const office = await desk('mediator2', 'en')
  await office.page.getByRole('link', { name: 'Subsidies' }).click()
  await office.page.getByRole('heading', { name: 'Subsidies for mediated disputes' }).waitFor()
})

test('anybody looks at a studio on a phone, in both languages', async () => {
  for (const [lang, words] of [['zh-CN', ['开放时间', '金巧云', '太少，不显示', '340 / 6200 户']],
    ['en', ['Office hours', 'full-time', 'Too few to be shown', '340 of 6200']]]) {
    const p = await somebody({ on: 'phone', lang })
    await p.page.setViewportSize({ width: 360, height: 740 })
    await p.page.goto(`/m/studio/pj8jdj2026?lang=${lang}`)
    for (const word of words) await shows(p, word)
    await checkPage(p, `a studio, ${lang}`)
    await picture(p, `studio-${lang}`)
  }
  const lost = await somebody({ on: 'phone' })
  await lost.page.goto('/m/studio/nosuchcode')
  await shows(lost, /没有打开这一页/)
})

test('the police open what they handed over, as far as it goes', async () => {
  const p = await desk('clerk5')
  const { page } = p
  const answer = await page.evaluate(async () => {
    const me = await (await fetch('/api/me')).json()
    const sent = await fetch('/api/disputes', { method: 'POST', headers: { 'Content-Type': 'application/json',
      'X-CSRF': me.csrf }, body: JSON.stringify({ kind: '0703', source: 'police', text: '装修工人被拖欠工资',
      grid: '320508018023001', reason: '双方愿意调解', document: '平公调6号', parties: [{ side: 'applicant', name: '周阿根' }] }) })
    return sent.json()
  })
  await page.goto('/desk/mediation/transfers')
  await page.getByRole('link', { name: answer.number }).click()
  await shows(p, '装修工人被拖欠工资')
  await page.locator('.state', { hasText: '待受理' }).first().waitFor()
  assert.equal(await page.getByText('周阿根').count(), 0)
  await checkPage(p, 'handed over')
  await narrow(p, 'handed-over')
})
