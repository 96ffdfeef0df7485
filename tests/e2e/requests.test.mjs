// A person asks about their own data on their phone, in both languages: what is held, who read it, a
// correction; a colleague at the centre answers; the answer stands on the phone.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { zh } from '../../web/m/data/i18n/zh.ts'
import { en } from '../../web/m/data/i18n/en.ts'
import { zh as zhDesk } from '../../web/desk/personal/i18n/zh.ts'
import { en as enDesk } from '../../web/desk/personal/i18n/en.ts'
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
async function somebody(on, lang) {
  const p = await person(browser, city.base, { on, lang })
  everybody.push(p)
  return p
}
const shows = (p, text) => p.page.getByText(text).filter({ visible: true }).first().waitFor()
const press = (p, name) => p.page.getByRole('button', { name, exact: true }).first().click()
const phone = '13912345678'
async function report() {
  const body = JSON.stringify({ text: '楼道堆满杂物', category: '0101', grid: '320508018023001', name: '沈阿姨', phone })
  const answer = await fetch(`${city.base}/api/reports`, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } })
  return (await answer.json()).code
}

for (const [lang, w, d] of [['zh-CN', zh, zhDesk], ['en', en, enDesk]])
  test(`${lang}: asked on a phone, answered at a desk, read on the phone`, async () => {
    const resident = await somebody('phone', lang)
    const staff = await somebody('desk', lang)
    const { page } = resident
    await page.goto(`/m/matter#${await report()}`)
    await page.locator('a[href*="/m/data#"]').click()
    await shows(resident, '楼道堆满杂物')
    await shows(resident, w.hidden)
    await shows(resident, w.readsNone)
    await checkPage(resident, 'what is held')
    await press(resident, w.correct)
    await press(resident, w.send)
    await shows(resident, w.needValue)
    await page.fill('#ask-value', '13700001111')
    await press(resident, w.send)
    const told = await page.locator('[role=status]').filter({ hasText: /\d{6}-/ }).innerText()
    const number = told.match(/\d{6}-\w+-\w+/)[0]
    await checkPage(resident, 'asked')

    await toDesk(staff, 'dispatcher1')
    await staff.page.locator('a[href="/desk/requests"]').click()
    await staff.page.getByRole('link', { name: number }).waitFor()
    await checkPage(staff, 'requests')
    await staff.page.getByRole('link', { name: number }).click()
    await press(staff, d.look)
    await shows(staff, '13700001111')
    await staff.page.selectOption('#req-how', 'phone')
    await staff.page.fill('#req-text', '号码已经更正')
    await checkPage(staff, 'a request')
    await press(staff, d.send)
    await shows(staff, d.granted)

    await page.reload()
    await shows(resident, '号码已经更正')
    await press(resident, w.see)
    await page.fill('#ask-proof', '13700001111')
    await press(resident, w.send)
    await shows(resident, w.seen)
    await shows(resident, '沈阿姨')
    await shows(resident, lang === 'en' ? 'Dispatcher' : '调度员')
    assert.equal(await page.getByText('吴静怡').count(), 0, 'no member of staff by name')
    await checkPage(resident, 'all of it')
    await page.reload()
    await shows(resident, w.hidden)
    await page.fill('#whole-proof', '13700002222')
    await press(resident, w.whole)
    await page.locator('#whole-why').waitFor()
    assert.match(resident.faults.splice(0).join(), /^[^,]* 422 [^,]*$/, 'the browser reports what was refused')
    await checkPage(resident, 'a wrong number')
    await page.fill('#whole-proof', '137 0000 1111')
    await press(resident, w.whole)
    await shows(resident, '沈阿姨')

    await staff.page.goto('/desk/account/data')
    await shows(staff, 'dispatcher1')
    await checkPage(staff, 'my account')
    await staff.page.goto('/desk/requests/new')
    await shows(staff, d.newLead)
    await checkPage(staff, 'a request entered for somebody')
  })
