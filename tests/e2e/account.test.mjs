// An account from its first day to its last, in both languages: an administrator adds it, its owner
// signs in with the one-time password, changes it and sets a second factor up, signs in with a code
// and with a recovery code, ends a session; the administrator disables it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { totp } from '../api/totp.mjs'
import { en } from '../../web/desk/account/i18n/en.ts'
import { zh } from '../../web/desk/account/i18n/zh.ts'
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
async function somebody(lang) {
  const p = await person(browser, city.base, { on: 'desk', lang })
  everybody.push(p)
  return p
}
const shows = (p, text) => p.page.getByText(text).filter({ visible: true }).first().waitFor()
const press = (p, name) => p.page.getByRole('button', { name, exact: true }).first().click()
/** The same page on a narrow screen: in English, whose words are longer. */
async function narrow(p, where, lang) {
  if (lang !== 'en') return
  await p.page.setViewportSize({ width: 360, height: 740 })
  await checkPage(p, `${where}, narrow`)
  await p.page.setViewportSize({ width: 1440, height: 900 })
}
/** Browsers report refusals that are part of the walk. */
const forgive = p => {
  const kept = p.faults.filter(f => !/status of (401|422)/.test(f))
  p.faults.splice(0, p.faults.length, ...kept)
}
async function signIn(p, username, word, code) {
  await p.page.goto('/desk/login')
  await p.page.fill('#login-name', username)
  await p.page.fill('#login-word', word)
  await p.page.keyboard.press('Enter')
  if (code === undefined) return
  await p.page.locator('#login-code').waitFor()
  await checkPage({ page: p.page, faults: [] }, 'asked for the code')
  await p.page.fill('#login-code', code)
  await p.page.keyboard.press('Enter')
  await p.page.locator('.whoami').waitFor()
  forgive(p)
}
async function signOut(p, w) {
  await p.page.goto('/desk/account')
  await shows(p, w['sessions.title'])
  await p.page.getByRole('button', { name: /退出登录|Sign out/ }).click()
  await p.page.locator('#login-name').waitFor()
}

test('an auditor looks at who read contact details, in both languages', async () => {
  const reader = await somebody('zh-CN')
  await toDesk(reader, 'dispatcher1')
  await reader.page.evaluate(async () => {
    const { csrf } = await (await fetch('/api/me')).json()
    const send = async (path, body) => (await fetch(path, { method: 'POST', body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', 'X-CSRF': csrf } })).json()
    const { number } = await send('/api/reports', { text: '楼道堆满杂物', category: '0101',
      grid: '320508018023001', name: '沈阿姨', phone: '13912345678' })
    await send(`/api/matters/${number}/reveal`, { reporter: 1, purpose: '电话回访' })
  })
  for (const [lang, w] of [['zh-CN', zh], ['en', en]]) {
    const auditor = await somebody(lang)
    await toDesk(auditor, 'auditor1')
    await auditor.page.goto('/desk/accounts')
    await auditor.page.getByRole('link', { name: w['reads.title'] }).click()
    await auditor.page.getByLabel(w['reads.area']).selectOption('320508')
    await auditor.page.locator('tr', { hasText: '电话回访' }).filter({ hasText: '吴静怡' }).first().waitFor()
    assert.equal(await auditor.page.getByText('沈阿姨').count(), 0)
    await checkPage(auditor, 'readings of personal data')
    await narrow(auditor, 'readings of personal data', lang)
  }
})

for (const [lang, w, unit, role] of [
  ['zh-CN', zh, '平江街道综治中心', '调度员'],
  ['en', en, 'Pingjiang', 'Dispatcher'],
]) {
  const username = `li.si.${lang.toLowerCase().replace('-', '.')}`
  const word = 'oak lamp ferry quilt'
  let once, admin, owner, secret, codes

  test(`${lang}: an administrator adds an account and sees its one-time password once`, async () => {
    admin = await somebody(lang)
    const { page } = admin
    await toDesk(admin, 'admin1')
    await page.goto('/desk/accounts')
    await page.getByLabel(w['list.find']).fill('clerk1')
    await page.locator('tr', { hasText: 'clerk1' }).first().waitFor()
    await checkPage(admin, 'accounts')
    await narrow(admin, 'accounts', lang)
    await page.getByRole('link', { name: w['list.add'] }).click()
    await page.fill('#a-user', 'Li Si')
    await page.fill('#a-name', '李四')
    await page.fill('#a-why', lang === 'en' ? 'starts today' : '今天入职')
    await page.getByLabel(w['roles.find']).fill(unit)
    const units = page.getByLabel(w['roles.unit'], { exact: true })
    await units.locator('option', { hasText: unit }).first().waitFor({ state: 'attached' })
    await page.getByLabel(w['roles.role'], { exact: true }).selectOption({ label: role })
    await press(admin, w['roles.add'])
    await press(admin, w['one.add'])
    await page.locator('.field-wrong', { hasText: /小写字母|small letters/ }).waitFor()
    forgive(admin)
    await checkPage(admin, 'adding an account, with what is wrong')
    await narrow(admin, 'adding an account', lang)
    await page.fill('#a-user', username)
    await press(admin, w['one.add'])
    once = await page.locator('.account-once code').textContent()
    assert.match(once, /^[0-9a-z-]{19}$/)
    await checkPage(admin, 'an account with its one-time password')
    await narrow(admin, 'an account', lang)
    await page.reload()
    await shows(admin, username)
    assert.equal(await page.locator('.account-once').count(), 0)
  })

  test(`${lang}: its owner changes the password and sets a second factor up`, async () => {
    owner = await somebody(lang)
    const { page } = owner
    await signIn(owner, username, once)
    await shows(owner, w['own.mustPassword'])
    await page.goto('/desk/queue')
    await shows(owner, w['own.mustPassword'])
    await checkPage(owner, 'led to change the password')
    const change = async next => {
      await page.fill('#pass-now', once)
      await page.fill('#pass-new', next)
      await page.fill('#pass-again', next)
      await press(owner, w['pass.save'])
    }
    await change('password2026!')
    await page.locator('.field-wrong').waitFor()
    forgive(owner)
    await change(word)
    await shows(owner, w['pass.saved'])
    await press(owner, w['factor.begin'])
    await page.getByAltText(w['factor.qr']).waitFor()
    secret = await page.locator('.account-secret').textContent()
    await checkPage(owner, 'setting a second factor up')
    await narrow(owner, 'setting a second factor up', lang)
    await page.fill('#factor-code', totp(secret, -1))
    await page.fill('#factor-pass', word)
    await press(owner, w['factor.set'])
    await page.locator('.account-codes').waitFor()
    codes = await page.locator('.account-codes code').allTextContents()
    assert.equal(codes.length, 10)
    await checkPage(owner, 'recovery codes')
    await press(owner, w['codes.kept'])
    await page.getByRole('link', { name: w['own.go'] }).click()
    await page.waitForURL(/queue/)
  })

  test(`${lang}: signing in takes the code, or a recovery code; sessions can be ended`, async () => {
    await signOut(owner, w)
    await signIn(owner, username, word, totp(secret))
    const elsewhere = await somebody(lang)
    await signIn(elsewhere, username, word, codes[0])
    await owner.page.goto('/desk/account')
    await shows(owner, w['factor.since'].split('{n}')[1].split('{')[0].trim().slice(0, 6))
    await press(owner, w['sessions.others'])
    await owner.page.getByText(w['sessions.this'], { exact: true }).waitFor()
    await checkPage(owner, 'my account')
    await elsewhere.page.goto('/desk/account')
    await elsewhere.page.locator('#login-name').waitFor()
  })

  test(`${lang}: the administrator disables it, with a reason that stands in the record`, async () => {
    const { page } = admin
    await press(admin, w['act.disable'])
    await page.fill('#a-why', lang === 'en' ? 'left the office' : '调离')
    await checkPage(admin, 'about to disable')
    await page.locator('form').getByRole('button', { name: w['act.disable'] }).click()
    await shows(admin, w['one.done'])
    await page.locator('.mini', { hasText: w['mark.disabled'] }).first().waitFor()
    await owner.page.goto('/desk/account')
    await owner.page.locator('#login-name').waitFor()
    await signIn(owner, username, word)
    await owner.page.locator('.wrong').waitFor()
    await page.goto('/desk/accounts/changes')
    await page.locator('li', { hasText: username }).filter({ hasText: /调离|left the office/ }).first().waitFor()
    await checkPage(admin, 'the record')
    await narrow(admin, 'the record', lang)
  })
}
