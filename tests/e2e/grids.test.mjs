// What a supervisor sees and does when a grid is taken away: what is to be put in order with the
// draft, and the open matters of that grid moved to the one that holds their places now.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkPage, openBrowser, person, startCity, toDesk } from './people.mjs'

let city, browser
before(async () => {
  [city, browser] = await Promise.all([startCity(80), openBrowser()])
})
after(async () => {
  await browser?.close()
  await city?.stop()
})

const read = async path => (await fetch(`${city.base}${path}`)).json()

async function signIn(username, on, lang) {
  const p = await person(browser, city.base, { on, lang })
  await toDesk(p, username)
  await p.page.waitForURL('**/desk/queue**')
  return p
}

const all = {
  'zh-CN': { neighbours: '相邻区域', draft: '草案名称', keep: '保存为草案', publish: '启用', reason: '理由',
    go: /转到现在的网格/, moved: /已转 \d+ 件。/, effect: '未结事项换了网格', none: '没有要换网格的未结事项。' },
  en: { neighbours: 'Neighbours', draft: 'Name of the draft', keep: 'Save as draft',
    publish: 'Switch on', reason: 'Reason', go: /Move them to the grid of today/, moved: /\d+ moved\./,
    effect: 'Open matters whose grid changes', none: 'No open matter has to change its grid.' },
}

for (const [on, lang, keeps] of [['desk', 'zh-CN', '320508018023001'], ['phone', 'en', '320508018025001']])
  test(`a grid is taken into another, and its open matters follow (${on}, ${lang})`, async () => {
    const words = all[lang]
    const p = await signIn('supervisor1', on, lang)
    const { page } = p
    await page.goto(`/desk/map/boundary?zone=${keeps}`)
    await page.locator('.regrid').getByText(words.none).waitFor()
    await page.getByText(words.neighbours, { exact: true }).click()
    const community = (await read(`/api/grids/${keeps}`)).grid_name.split('第')[0]
    const take = page.getByRole('button', { name: new RegExp(`(并入|Take in) ${community}`) }).first()
    const name = (await take.textContent()).replace(/^(并入|Take in) /, '')
    await take.click()
    await page.locator('.changes tbody tr').first().waitFor()
    // somebody reports something there while the draft is made
    const ended = [...Array(9).keys()].map(i => `${keeps.slice(0, 12)}00${i + 1}`)
    for (const code of ended) {
      const found = await fetch(`${city.base}/api/grids/${code}`)
      if (!found.ok || (await found.clone().json()).grid_name !== name) continue
      const { lon, lat } = await found.json()
      const sent = await fetch(`${city.base}/api/reports`, { method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `grids-${code}` },
        body: JSON.stringify({ text: '路灯不亮', category: '0402', lon, lat }) })
      assert.ok(sent.ok, await sent.clone().text())
    }
    await page.getByLabel(words.draft).fill('Merged')
    await page.getByRole('button', { name: words.keep, exact: true }).click()
    const panel = page.locator('.draft-panel')
    await panel.locator('.effects li').filter({ hasText: words.effect }).first().waitFor()
    await checkPage(p, 'effects')
    await panel.getByRole('button', { name: words.publish, exact: true }).click()
    await panel.locator('.ok-line').waitFor()
    const regrid = page.locator('.regrid')
    await regrid.locator('tbody tr').filter({ hasText: name }).waitFor()
    await checkPage(p, 'matters left behind')
    await regrid.getByLabel(words.reason).fill('两个网格合并')
    await regrid.getByRole('button', { name: words.go }).click()
    await regrid.getByText(words.moved).waitFor()
    await regrid.getByText(words.none).waitFor()
    await checkPage(p, 'matters moved')
    await p.close()
  })
