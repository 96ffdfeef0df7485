// QR plates from the desk to the resident: the sheet is made on a page, the code on it is read from
// the paper, and what it opens knows the place.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { checkPage, openBrowser, password, person, startCity } from './people.mjs'

const folder = mkdtempSync(join(tmpdir(), 'fengqiao-e2e-plates-'))
const grid = '320508018023001'
let city, browser, place, community
const everybody = []

before(async () => {
  [city, browser] = await Promise.all([startCity(20), openBrowser()])
  place = await (await fetch(`${city.base}/api/grids/${grid}`)).json()
  community = place.community_name.slice(0, 3)
})
after(async () => {
  for (const p of everybody) await p.close()
  await browser?.close()
  await city?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function somebody(device) {
  const p = await person(browser, city.base, device)
  everybody.push(p)
  return p
}

/** What a phone reads on the sheets of a PDF. */
function codesOf(pdf) {
  execFileSync('pdftoppm', ['-r', '150', '-gray', '-png', pdf, join(folder, 'page')])
  return execFileSync('sh', ['-c', `zbarimg -q --raw -Sdisable -Sqrcode.enable ${folder}/page*.png`], { encoding: 'utf8' })
    .split('\n').filter(Boolean)
}

test('from the sheet to the report, with the place filled in', async () => {
  const p = await somebody({ on: 'desk' })
  await p.page.goto('/desk/')
  await p.page.fill('#login-name', 'dispatcher1')
  await p.page.fill('#login-word', password)
  await p.page.keyboard.press('Enter')
  await p.page.locator('.whoami').waitFor()
  await p.page.getByRole('link', { name: '二维码牌' }).click()
  await p.page.locator('#plates-area').click()
  await p.page.locator('.el-select-dropdown__item:visible', { hasText: '大儒巷' }).first().click()
  await p.page.getByRole('cell', { name: grid }).waitFor()
  await checkPage(p, 'plates')
  const [download] = await Promise.all([
    p.page.waitForEvent('download'), p.page.getByRole('button', { name: '生成 PDF' }).click()])
  const pdf = join(folder, 'plates.pdf')
  await download.saveAs(pdf)
  await p.page.getByText('已生成 1 份').waitFor()
  const code = codesOf(pdf).find(text => text.includes(grid))
  assert.equal(code, `${city.base}/m/report?g=${grid}`)

  const resident = await somebody({ on: 'phone' })
  await resident.page.goto(code)
  await resident.page.getByText(place.grid_name.slice(-4)).first().waitFor()
  await checkPage(resident, 'the report page of a plate')
  await resident.page.getByRole('button', { name: '直接写' }).click()
  await resident.page.fill('#text', '楼道灯不亮，晚上很黑')
  await resident.page.locator('.bar .btn').click()
  await resident.page.waitForSelector('#place')
  assert.ok((await resident.page.locator('.place').textContent()).includes(community))
  const [asked] = await Promise.all([
    resident.page.waitForRequest(r => r.url().includes('/api/boundaries')),
    resident.page.locator('.btn.ghost').nth(1).click()])
  const box = new URL(asked.url()).searchParams
  const at = name => Number(box.get(name))
  assert.equal(box.get('level'), 'grid', 'the map begins near enough to show grids')
  assert.ok(at('w') < place.lon && place.lon < at('e') && at('s') < place.lat && place.lat < at('n'))
  assert.ok(at('e') - at('w') < 0.05, 'not the whole town')
})

test('the plate of a dwelling says where exactly, and tells no server', async () => {
  const resident = await somebody({ on: 'phone' })
  const hash = `at=${place.lon.toFixed(5)},${place.lat.toFixed(5)}&p=${encodeURIComponent('大儒巷12号3幢')}`
  const asked = []
  resident.page.on('request', r => asked.push(decodeURIComponent(r.url())))
  await resident.page.goto(`/m/report?g=${grid}#${hash}`)
  await resident.page.getByText('大儒巷12号3幢').waitFor()
  await resident.page.getByRole('button', { name: '直接写' }).click()
  await resident.page.fill('#text', '楼道灯不亮，晚上很黑')
  await resident.page.locator('.bar .btn').click()
  await resident.page.waitForSelector('#place')
  assert.equal(await resident.page.inputValue('#place'), '大儒巷12号3幢')
  assert.ok((await resident.page.locator('.place').textContent()).includes(community))
  assert.ok(!asked.some(url => url.includes('12号3幢') && !url.includes('#')))
})
