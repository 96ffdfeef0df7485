// The desk's pages as such: in the browser's language from the first visit; in English no two words
// run together; on a telephone nothing is cut off or too small to touch.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkPage, openBrowser, person, startCity, toDesk } from './people.mjs'

let city, browser
const everybody = []
before(async () => {
  [city, browser] = await Promise.all([startCity(60), openBrowser()])
})
after(async () => {
  for (const p of everybody) await p.close()
  await browser?.close()
  await city?.stop()
})

async function signIn(username, lang, size) {
  const p = await person(browser, city.base, { on: 'desk', lang })
  everybody.push(p)
  if (size) await p.page.setViewportSize(size)
  await toDesk(p, username)
  return p
}

test('the first visit is in the language the browser asks for; a choice stays', async () => {
  for (const [lang, words] of [['zh-CN', '用户名'], ['zh-HK', '用户名'], ['en-GB', 'User name'],
    ['de-DE', 'User name']]) {
    const p = await person(browser, city.base, { on: 'desk', lang })
    everybody.push(p)
    await p.page.goto('/desk/')
    await p.page.getByText(words, { exact: true }).waitFor()
    const html = await p.page.locator('html').getAttribute('lang')
    assert.equal(html, lang.startsWith('zh') ? 'zh-CN' : 'en')
    if (lang !== 'de-DE') continue
    await p.page.getByRole('button', { name: '中文' }).click()
    await p.page.reload()
    await p.page.getByText('用户名', { exact: true }).waitFor()
  }
})

/** Every kind of page, with something on it. */
const pages = async () => {
  const answer = await fetch(`${city.base}/api/reports`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `desk-${Date.now()}-0000` },
    body: JSON.stringify({ text: '楼道堆物', category: '0101', grid: '320508018023001' }),
  })
  const { number } = await answer.json()
  return ['queue/region', `matter/${number}`, 'entry', 'search?q=lamp', 'duty',
    'here?lon=120.6263&lat=31.3180&category=0902', 'fusion/cut', 'map', 'map/boundary', 'plates',
    'rules', 'account']
}

async function open(page, path) {
  await page.goto(`/desk/${path}`)
  await page.locator('.main h1, .main .tabs').first().waitFor()
  await page.waitForLoadState('networkidle')
  const folded = page.locator('.main details:not([open]):not(.columns) > summary')
  while (await folded.count()) await folded.first().click()
  await page.waitForLoadState('networkidle')
}

/** Words that follow each other within a line of text without a space: "Version 1in force". */
const runTogether = () => {
  const inline = e => /^inline|^contents$/.test(getComputedStyle(e).display)
  const spread = e => /flex|grid/.test(getComputedStyle(e).display)
  const lineOf = node => {
    let e = node.parentElement
    while (inline(e) && !spread(e.parentElement)) e = e.parentElement
    return e
  }
  const found = []
  const walk = document.createTreeWalker(document.getElementById('app'), NodeFilter.SHOW_TEXT)
  for (let last, now = walk.nextNode(); now; now = walk.nextNode()) {
    const range = document.createRange()
    range.selectNodeContents(now)
    if (!now.data || (now.data.trim() && !range.getClientRects().length)) continue
    if (last && /[A-Za-z0-9]$/.test(last.data) && /^[A-Za-z0-9]/.test(now.data)
      && last.parentElement !== now.parentElement && lineOf(last) === lineOf(now)) {
      range.setStartAfter(last)
      range.setEndBefore(now)
      if (!range.cloneContents().querySelector('br'))
        found.push(`${last.data.slice(-20)}|${now.data.slice(0, 20)}`)
    }
    last = now
  }
  return found
}

test('in English no label runs into its value', async () => {
  const { page } = await signIn('dispatcher1', 'en-GB')
  for (const path of await pages()) {
    await open(page, path)
    assert.deepEqual(await page.evaluate(runTogether), [], path)
  }
})

/** Controls smaller than a finger, but for links within a sentence. */
const tooSmall = () => [...document.querySelectorAll('a, button, input, select, summary')]
  .map(e => e.closest('label, .el-input__wrapper, .el-select__wrapper, .el-date-editor') ?? e)
  .filter(e => {
    const { width, height } = e.getBoundingClientRect()
    const { visibility, opacity } = getComputedStyle(e)
    const seen = width && height && visibility !== 'hidden' && opacity !== '0'
    return seen && !e.matches('.skip, p > a, .leaflet-control-attribution a')
      && (height < 43.5 || width < 43.5)
  })
  .map(e => `${e.tagName}.${e.className} "${e.textContent.trim().slice(0, 20)}"`)

for (const lang of ['zh-CN', 'en-GB'])
  test(`on a telephone all is in sight and large enough to touch, in ${lang}`, async () => {
    const p = await signIn('dispatcher1', lang, { width: 360, height: 740 })
    for (const path of await pages()) {
      await open(p.page, path)
      assert.deepEqual(await p.page.evaluate(tooSmall), [], path)
      await checkPage(p, `${path} on a telephone`)
      const here = p.page.locator('.menu-item.here')
      if (await here.count()) assert.ok(await here.evaluate(e => {
        const { left, right } = e.getBoundingClientRect()
        return left >= -1 && right <= innerWidth + 1
      }), `${path}: the menu shows where one is`)
    }
  })
