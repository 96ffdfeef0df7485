// Who is responsible here, and how both layers of grids fit, as people at desks and on phones see it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkPage, openBrowser, person, startCity, toDesk } from './people.mjs'

const grid = '320508018023001'
let city, browser, place
before(async () => {
  [city, browser] = await Promise.all([startCity(80), openBrowser()])
  place = await (await fetch(`${city.base}/api/grids/${grid}`)).json()
})
after(async () => {
  await browser?.close()
  await city?.stop()
})

async function signIn(username, on, lang) {
  const p = await person(browser, city.base, { on, lang })
  await toDesk(p, username)
  await p.page.waitForURL('**/desk/queue**')
  return p
}
const shows = (p, text) => p.page.getByText(text).filter({ visible: true }).first().waitFor()

for (const [on, lang] of [['desk', 'zh-CN'], ['phone', 'en']]) {
  test(`who is responsible: by a point, by an address, by a click (${on}, ${lang})`, async () => {
    const p = await signIn('dispatcher1', on, lang)
    await p.page.goto(`/desk/here?lon=${place.lon}&lat=${place.lat}`)
    await shows(p, place.grid_name)
    await shows(p, place.worker_name)
    await shows(p, lang === 'en' ? /Police Station/ : '平江派出所')
    await checkPage(p, 'here, by a point')
    const address = p.page.getByLabel(lang === 'en' ? 'Address' : '地址')
    await address.fill(place.place_name)
    await address.press('Enter')
    await p.page.waitForURL(/here\?q=/)
    await shows(p, place.worker_name)
    await address.fill('无人知道的地方')
    await address.press('Enter')
    await p.page.getByRole('alert').waitFor()
    const reported = p.faults.splice(0) // what browsers say of a 404, and nothing else
    assert.ok(reported.every(text => /404/.test(text)), reported.join())
    await checkPage(p, 'here, not found')
    await p.page.goto(`/desk/here?lon=${place.lon}&lat=${place.lat}`)
    await shows(p, place.grid_name)
    await p.page.locator('.map').click({ position: { x: 150, y: 150 } })
    await p.page.waitForURL(url => /lon=/.test(url) && !url.href.includes(`lon=${place.lon}&`))
    await p.close()
  })
}

test('how both layers fit: lists, and a sliver drafted into its neighbour', async () => {
  const p = await signIn('dispatcher3', 'desk')
  await p.page.goto('/desk/fusion')
  await p.page.getByRole('button', { name: '拟并入草案' }).first().click()
  await shows(p, /已拟草案 \d+/)
  await checkPage(p, 'slivers')
  const lists = { 无人负责: '没有民警', 一人两处: '高远', 被切开的社区: /分属 \d+ 个警务网格/ }
  for (const [name, text] of Object.entries(lists)) {
    await p.page.getByRole('link', { name, exact: true }).click()
    await shows(p, text)
    await checkPage(p, name)
  }
  const [table] = await Promise.all([
    p.page.waitForEvent('download'), p.page.getByRole('link', { name: 'CSV' }).click()])
  assert.equal(table.suggestedFilename(), 'cut.csv')
  await p.close()
})
