// Importing a layer at a desk: chosen, sent with its progress, looked at with its faults and
// pictures, and put in force, whole or its good rows alone, on a PC and on a telephone, in both
// languages.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { deflateRawSync } from 'node:zlib'
import { after, before, test } from 'node:test'
import { checkPage, openBrowser, person, program, startCity, toDesk } from './people.mjs'
import { dbf, gbk, shp, zip } from '../api/files.mjs'

const community = '320508018023'
let city, browser, features
before(async () => {
  [city, browser] = await Promise.all([startCity(40), openBrowser()])
  const done = spawnSync(program, ['export', 'grid', '--db', city.db], { encoding: 'utf8', maxBuffer: 64 << 20 })
  features = JSON.parse(done.stdout).features.filter(f => f.properties.parent === community)
})
after(async () => {
  await browser?.close()
  await city?.stop()
})

const copy = suffix => structuredClone(features).map(f => {
  f.properties.name = `${f.properties.name.slice(0, 8)}${suffix}`
  return f
})
const rings = f => f.geometry.coordinates.flat()
const geojson = list => Buffer.from(JSON.stringify({ type: 'FeatureCollection', features: list }))
const zipped = list => zip({
  'grid.shp': shp(list.map(f => rings(f).map(r => r.toReversed()))),
  'grid.dbf': dbf(['网格编码', '网格名称'], list.map(f => [f.properties.code, f.properties.name]), gbk, 0x4d),
})
const shows = (p, text) => p.page.getByText(text).filter({ visible: true }).first().waitFor()
const nameOf = async code => (await (await fetch(`${city.base}/api/zones/grid/${code}`)).json()).name

async function open(username, on, lang) {
  const p = await person(browser, city.base, { on, lang })
  if (on === 'phone') await p.page.setViewportSize({ width: 360, height: 740 })
  await toDesk(p, username)
  await p.page.goto('/desk/imports')
  await p.page.locator('#import-file').waitFor()
  return p
}
async function upload(p, name, buffer) {
  await p.page.setInputFiles('#import-file', { name, mimeType: 'application/octet-stream', buffer })
  await p.page.locator('.import-form button[type=submit]').click()
}

test('a good Shapefile is looked at and put in force', async () => {
  const p = await open('admin1', 'desk', 'zh-CN')
  await checkPage(p, 'imports, empty')
  await upload(p, '网格.zip', zipped(copy('甲')))
  await shows(p, `变更 ${features.length}`)
  await shows(p, '没有发现问题')
  await checkPage(p, 'imports, a good file')
  await p.page.getByRole('button', { name: '发布', exact: true }).click()
  await shows(p, /已发布为第 \d+ 版/)
  await checkPage(p, 'imports, published')
  for (let i = 0; i < 50 && !(await nameOf(features[0].properties.code)).endsWith('甲'); i++)
    await p.page.waitForTimeout(100)
  assert.match(await nameOf(features[0].properties.code), /甲$/)
  await p.close()
})

test('faults by row and pictures by community; the good rows only when that is confirmed', async () => {
  const p = await open('admin1', 'phone', 'en')
  const list = copy('B')
  const ring = list[0].geometry.coordinates[0][0]
  const middle = ring[Math.floor(ring.length / 2)]
  for (const at of ring) if (at[0] === middle[0] && at[1] === middle[1]) at[0] += 0.0012
  list[1].properties.code = '12'
  await upload(p, 'grids.geojson', geojson(list))
  await shows(p, /A grid's code has 15 digits/)
  await p.page.locator('.import-picture').first().waitFor()
  await shows(p, 'Code')
  await shows(p, /^\d+ rows: 0 added/)
  const top = async text => (await p.page.getByRole('heading', { name: text }).first().boundingBox()).y
  assert.ok((await top(/^What was found/)) < (await top(/^Uploaded/)), 'what was found stands above the list')
  await checkPage(p, 'imports, faults on a telephone')
  assert.equal(await p.page.getByRole('button', { name: 'Put in force', exact: true }).count(), 0)
  p.page.once('dialog', d => d.dismiss())
  const good = p.page.getByRole('button', { name: /^Put only the \d+ good rows in force$/ })
  await good.click()
  assert.doesNotMatch(await nameOf(features[2].properties.code), /B$/)
  p.page.once('dialog', d => d.accept())
  await good.click()
  await shows(p, /Version \d+, in force from/)
  for (let i = 0; i < 50 && !(await nameOf(features[2].properties.code)).endsWith('B'); i++)
    await p.page.waitForTimeout(100)
  assert.match(await nameOf(features[2].properties.code), /B$/)
  assert.match(await nameOf(features[1].properties.code), /甲$/, 'the row with the fault stays as it was')
  await p.close()
})

test('what is no layer is refused with what to do, and a checked file can be discarded', async () => {
  const p = await open('supervisor1', 'desk', 'zh-CN')
  const swollen = deflateRawSync(Buffer.alloc(160 << 20, ' '))
  const bomb = zip({ 'x.geojson': swollen })
  const central = bomb.readUInt32LE(bomb.length - 6)
  for (const at of [8, central + 10]) bomb.writeUInt16LE(8, at)
  for (const at of [22, central + 24]) bomb.writeUInt32LE(160 << 20, at)
  for (const [name, content, text] of [
    ['照片.geojson', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2]), /编码|GeoJSON/],
    ['炸弹.zip', bomb, /文件太大/],
  ]) {
    await upload(p, name, content)
    await p.page.locator('.import-form [role=alert]').getByText(text).waitFor()
  }
  const reported = p.faults.splice(0) // what browsers say of a refusal, and nothing else
  assert.ok(reported.every(line => /4(13|15|22)/.test(line)), reported.join())
  await upload(p, 'x.exe', Buffer.from('MZ'))
  await shows(p, /不认识这种文件/)
  await checkPage(p, 'imports, refused')
  await upload(p, '丢弃.geojson', geojson(copy('丙')))
  await shows(p, `变更 ${features.length}`)
  p.page.once('dialog', d => d.accept())
  await p.page.getByRole('button', { name: '丢弃', exact: true }).click()
  await shows(p, '已丢弃')
  await p.page.getByRole('link', { name: '丢弃.geojson' }).waitFor({ state: 'detached' })
  await checkPage(p, 'imports, discarded')
  await p.page.goto('/desk/imports/999999')
  await p.page.getByText('没有这次导入').waitFor()
  await p.close()
})
