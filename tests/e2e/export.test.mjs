// A list leaves the desk as a file: masked by a click; unmasked after a second person approved it on
// a page of their own.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { checkPage, openBrowser, person, startCity, toDesk } from './people.mjs'

let city, browser
const everybody = []
before(async () => {
  [city, browser] = await Promise.all([startCity(100), openBrowser()])
})
after(async () => {
  for (const p of everybody) await p.close()
  await browser?.close()
  await city?.stop()
})
async function desk(username, lang) {
  const p = await person(browser, city.base, { on: 'desk', lang })
  everybody.push(p)
  await toDesk(p, username)
  return p
}
async function picture({ page }, name) {
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${name}.png`, fullPage: true })
}
/** What the press of this button saves. */
async function saved({ page }, button) {
  const [file] = await Promise.all([page.waitForEvent('download'), button.click()])
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') }
}

test('one asks, another approves, and the file is fetched once', async () => {
  const p = await desk('dispatcher1')
  const { page } = p
  await page.goto('/desk/queue/region?order=new')
  await page.getByRole('button', { name: '导出', exact: true }).click()
  await page.getByLabel('CSV').check()
  await checkPage(p, 'exporting a list')
  await picture(p, 'export-dialog')
  const masked = await saved(p, page.getByRole('button', { name: '下载脱敏文件' }))
  assert.match(masked.name, /\.csv$/)
  assert.match(masked.text, /^\ufeff编号,状态,/)
  assert.match(masked.text, /\d{3}\*{4}\d{4}/)
  assert.doesNotMatch(masked.text, /1\d{10}/)
  await page.getByRole('button', { name: '提交申请' }).click()
  await page.getByText('请选择不脱敏的列').waitFor()
  await page.getByLabel('电话', { exact: true }).check()
  await page.getByLabel('理由').selectOption('call_back')
  await page.getByLabel(/^说明/).fill('集中回访，需要逐一打电话')
  await page.getByLabel(/^用途/).fill('节前回访')
  await page.getByRole('button', { name: '提交申请' }).click()
  await page.getByText('已提交').waitFor()
  await page.getByRole('link', { name: '看导出申请' }).click()
  await page.getByText('待审批').first().waitFor()
  assert.equal(await page.getByRole('button', { name: /取文件|批准/ }).count(), 0)
  await checkPage(p, 'my requests')
  const chief = await desk('supervisor3', 'en')
  await chief.page.getByRole('link', { name: 'File requests' }).click()
  await chief.page.getByText('To decide', { exact: true }).click()
  await chief.page.getByText('节前回访').first().waitFor()
  await checkPage(chief, 'requests to decide')
  await picture(chief, 'export-decide')
  await chief.page.getByRole('button', { name: 'Approve' }).click()
  await chief.page.getByText('Say why').waitFor()
  await chief.page.getByLabel('Why', { exact: true }).fill('Needed for the call-backs')
  await chief.page.getByRole('button', { name: 'Approve' }).click()
  await chief.page.getByText('No requests').waitFor()
  await page.reload()
  const file = await saved(p, page.getByRole('button', { name: /取文件/ }))
  assert.match(file.name, /E\d+\.csv$/)
  assert.match(file.text, /^\ufeff.*未脱敏.*dispatcher1.*仅用于：节前回访/)
  assert.match(file.text, /1\d{10}/)
  await page.getByText('已取走').waitFor()
  assert.equal(await page.getByRole('button', { name: /取文件/ }).count(), 0)
  await page.setViewportSize({ width: 360, height: 740 })
  await checkPage(p, 'requests, narrow')
  await picture(p, 'export-fetched')
  for (const one of [p, chief]) assert.deepEqual(one.faults, [])
})
