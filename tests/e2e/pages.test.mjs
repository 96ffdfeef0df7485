// Every page that the menu of an administrator, a supervisor, an auditor and a mediator offers, and
// each table of the deployer, opened in both languages: it has a heading, its frame speaks the
// language, nothing runs out of it, the browser reports nothing; and each table is tried: a row is
// added, checked and taken back.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkPage, openBrowser, person, startCity, toDesk } from './people.mjs'

let city, browser
before(async () => {
  [city, browser] = await Promise.all([startCity(100), openBrowser()])
})
after(async () => {
  await browser?.close()
  await city?.stop()
})

/** What is the page's own, not what people wrote into it. */
const frame = '.menu, .tabs, .filters, label, h1, thead th, .el-button, legend, summary'
const linksOf = (page, where) => page.locator(`${where} a[href^="/desk"]`)
  .evaluateAll(links => links.map(a => a.getAttribute('href')))

async function looksRight(p, lang, path) {
  await p.page.goto(path)
  await p.page.locator('#main h1').first().waitFor()
  await p.page.waitForLoadState('networkidle')
  await checkPage(p, `${lang} ${path}`)
  if (lang !== 'en') return
  const words = await p.page.locator(frame).allInnerTexts()
  assert.deepEqual(words.filter(w => /\p{Script=Han}/u.test(w.replace('中文', ''))), [], path)
}

for (const lang of ['zh-CN', 'en']) {
  test(`the pages of the menus (${lang})`, async () => {
    const seen = new Set()
    for (const name of ['admin1', 'supervisor1', 'auditor1', 'mediator1']) {
      const p = await person(browser, city.base, { on: 'desk', lang })
      await toDesk(p, name)
      const menu = await linksOf(p.page, '.menu')
      assert.ok(menu.length > 2, name)
      for (const path of menu.filter(to => !seen.has(to))) {
        seen.add(path)
        await looksRight(p, lang, path)
      }
      await p.close()
    }
    for (const path of ['tables', 'imports', 'plates', 'rules', 'accounts', 'requests', 'exports'])
      assert.ok([...seen].some(to => to.startsWith(`/desk/${path}`)), path)
  })

  test(`each table of the deployer (${lang})`, async () => {
    const p = await person(browser, city.base, { on: 'desk', lang })
    await toDesk(p, 'admin1')
    await p.page.goto('/desk/tables')
    await p.page.locator('.table-names a').first().waitFor()
    const tables = await linksOf(p.page, '.table-names')
    assert.ok(tables.length >= 8)
    for (const path of tables) {
      await looksRight(p, lang, path)
      const add = p.page.getByRole('button', { name: /^(添加一行|Add a row)$/ })
      const publish = p.page.locator('.table-publish')
      assert.equal(await publish.count(), 0, path)
      await add.first().click()
      await publish.getByRole('button', { name: /^(检查|Check)$/ }).click()
      await publish.locator('.wrong li').first().waitFor()
      await publish.getByRole('button', { name: /^(放弃改动|Discard the changes)$/ }).click()
      await publish.waitFor({ state: 'detached' })
    }
    await p.close()
  })
}
