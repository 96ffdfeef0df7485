// The map pages in a real browser: what is drawn, clicked, listed, saved and edited; both
// languages; a desk and a phone; a base map whose tiles are shifted.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { png } from '../api/picture.mjs'
import { checkPage, inLanguages, openBrowser, password, person, program, startCity } from './people.mjs'

const grid = '320508018023001'
let city, browser, tiles, base
before(async () => {
  [city, browser] = await Promise.all([startCity(400), openBrowser()])
  tiles = await startTiles()
  base = city.base
})
after(async () => {
  await browser?.close()
  tiles?.server.close()
  await city?.stop()
})

async function signIn(username, path, { lang, viewport } = {}) {
  const p = await person(browser, base, { on: 'desk', lang })
  await p.page.setViewportSize(viewport ?? { width: 1366, height: 768 })
  await p.page.goto(`/desk/${lang === 'en' ? '?lang=en' : ''}`)
  await p.page.locator('input[autocomplete=username]').fill(username)
  await p.page.locator('input[type=password]').fill(password)
  await p.page.keyboard.press('Enter')
  await p.page.waitForURL(url => !url.pathname.includes('login'))
  if (lang === 'en') await p.page.evaluate(() => localStorage.setItem('fq.lang', 'en'))
  await openMap(p, path)
  return p
}
async function openMap(p, path) {
  await p.page.goto(path)
  if (/map(\?|$)/.test(path)) await p.page.waitForFunction(() => performance.getEntriesByName('map-drawn').length > 0)
  await p.page.waitForLoadState('networkidle')
}
/** How many pixels of the map's tiles have been drawn on. */
const inked = page => page.evaluate(() => {
  let n = 0
  for (const c of document.querySelectorAll('.leaflet-tile-pane canvas')) {
    const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height)
    for (let i = 3; i < data.length; i += 4) n += data[i] > 0
  }
  return n
})
const place = async () => (await fetch(`${base}/api/grids/${grid}`)).json()
const mapAt = (lon, lat, zoom, more = '') => `/desk/map?at=${lon},${lat},${zoom}${more}`

for (const lang of ['zh-CN', 'en'])
  test(`the map as a dispatcher uses it, in ${lang}`, async t => {
    const p = await signIn('dispatcher3', '/desk/map', { lang })
    const { page } = p
    const words = { several: lang === 'en' ? 'several together' : '多件合并' }
    await t.test('the city is drawn, and the page is sound', async () => {
      assert.ok(await inked(page) > 50_000)
      await page.getByRole('table').first().waitFor()
      await checkPage(p, 'city')
    })
    await t.test('the whole city is in sight at first, and the button brings it back', async () => {
      const { bounds } = await (await fetch(`${base}/api/config`)).json()
      const inSight = async () => {
        const { width, height } = await page.locator('.big-map').boundingBox()
        const [lon, lat, zoom] = new URL(page.url()).searchParams.get('at').split(',').map(Number)
        const y = degrees => Math.asinh(Math.tan(degrees * Math.PI / 180)) / (2 * Math.PI)
        const px = 256 * 2 ** zoom
        const [w, s, e, n] = bounds
        return Math.max(lon - w, e - lon) / 360 * px <= width / 2 + 2
          && Math.max(y(lat) - y(s), y(n) - y(lat)) * px <= height / 2 + 2
      }
      await openMap(p, '/desk/map')
      await page.waitForURL(/at=/)
      assert.equal(await inSight(), true, 'at first')
      const at = await place()
      await openMap(p, mapAt(at.lon, at.lat, 16))
      assert.equal(await inSight(), false)
      await page.getByRole('button', { name: lang === 'en' ? 'Whole city' : '全市' }).click()
      for (let tries = 0; !await inSight(); tries++) {
        assert.ok(tries < 100, 'the city comes back')
        await page.waitForTimeout(100)
      }
      await page.waitForLoadState('networkidle')
    })
    await t.test('seen from afar near matters are one sign, which opens as one comes closer', async () => {
      await openMap(p, '/desk/map?ended=too')
      await page.locator('.map-legend').getByText(words.several).waitFor()
      await page.locator('#tab-matters').click()
      await page.locator('#panel-matters tbody tr').first().waitFor()
      const at = await place()
      await openMap(p, mapAt(at.lon, at.lat, 17))
      await page.waitForFunction(text =>
        !document.querySelector('.map-legend').textContent.includes(text), words.several)
    })
    await t.test('a click on a zone tells what it is, and who has charge of it', async () => {
      const at = await place()
      await openMap(p, mapAt(at.lon, at.lat, 16, '&by=none&layers=grid,police'))
      const box = await page.locator('.big-map').boundingBox()
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
      const side = page.locator('.map-side')
      await side.getByText(grid).waitFor()
      const charge = '19900000001'
      for (const text of [at.grid_name, at.police_grid_name, at.community_name, charge])
        await side.getByText(text).first().waitFor()
      await checkPage(p, 'zone')
      await page.keyboard.press('Escape')
    })
    await t.test('tables hold the same and are reached by keyboard', async () => {
      await page.locator('.map-tables').getByRole('button').first().waitFor()
      const row = page.locator('#panel-zones tbody button').first()
      const name = await row.textContent()
      await row.focus()
      await page.keyboard.press('Enter')
      await page.locator('.map-side h2').getByText(name.trim()).waitFor()
      await page.locator('.big-map').focus()
      await page.keyboard.press('Enter')
      await page.locator('.map-side dl').waitFor()
    })
    await t.test('matters are points nearby, their facts beside them, narrowed by filters', async () => {
      const at = await place()
      await openMap(p, mapAt(at.lon, at.lat, 14))
      await page.locator('#tab-matters').click()
      const rows = page.locator('#panel-matters tbody tr')
      await rows.first().waitFor()
      const all = await rows.getByRole('button').allTextContents()
      const states = await Promise.all(all.map(async text =>
        (await (await page.request.get(`/api/matters/${text.trim()}`)).json()).state))
      const [state] = states
      await rows.first().getByRole('button').click()
      const number = await rows.first().getByRole('button').textContent()
      await page.locator('.map-side h2').getByText(number.trim()).waitFor()
      await checkPage(p, 'matter')
      await openMap(p, mapAt(at.lon, at.lat, 14, `&state=${state}`))
      await page.locator('#tab-matters').click()
      await rows.first().waitFor()
      assert.equal(await rows.count(), states.filter(s => s === state).length)
    })
    await t.test('the picture has title, map, legend and licence, and prints', async () => {
      const waiting = page.waitForEvent('download')
      await page.getByRole('button', { name: lang === 'en' ? 'Save as picture' : '存为图片' }).click()
      const file = readFileSync(await (await waiting).path())
      assert.equal(file.subarray(1, 4).toString(), 'PNG')
      assert.ok(file.readUInt32BE(16) > 1600 && file.readUInt32BE(20) > 1000)
      const colours = await page.evaluate(async bytes => {
        const raw = Uint8Array.from(atob(bytes), c => c.charCodeAt(0))
        const image = await createImageBitmap(new Blob([raw]))
        const canvas = new OffscreenCanvas(image.width, image.height)
        const to = canvas.getContext('2d')
        to.drawImage(image, 0, 0)
        const part = (y, h) => {
          const { data } = to.getImageData(0, y, image.width, h)
          return new Set(new Uint32Array(data.buffer)).size
        }
        const { height } = image
        return { head: part(0, 100), map: part(112, height - 500), foot: part(height - 80, 80) }
      }, file.toString('base64'))
      assert.ok(colours.head > 8 && colours.map > 60 && colours.foot > 8, JSON.stringify(colours))
      await page.evaluate(() => { window.print = () => { window.printed = true } })
      await page.getByRole('button', { name: lang === 'en' ? 'Print' : '打印' }).click()
      await page.waitForFunction(() => window.printed)
      await page.emulateMedia({ media: 'print' })
      assert.ok(await page.locator('.map-printed').isVisible() && !await page.locator('.big-map').isVisible())
      await page.emulateMedia({ media: 'screen' })
    })
    await t.test('what makes no sense in the address is as if it were not there', async () => {
      await openMap(p, '/desk/map?at=x,1,99&state=lost&ended=maybe&category=1;drop&layers=moon,grid')
      assert.ok(await inked(page) > 50_000)
      await checkPage(p, 'nonsense')
    })
    await p.close()
  })

test('on a narrow screen all of it is there, and administrators see zones without matters', async () => {
  const p = await signIn('admin1', '/desk/map', { viewport: { width: 390, height: 844 } })
  assert.ok(await inked(p.page) > 10_000)
  assert.equal(await p.page.locator('#tab-matters').count(), 0)
  await checkPage(p, 'narrow')
  await p.close()
  const small = await signIn('dispatcher3', '/desk/map', { viewport: { width: 360, height: 740 } })
  const { y, height } = await small.page.locator('.big-map').boundingBox()
  const menu = await small.page.locator('.side').boundingBox()
  const seen = Math.min(y + height, menu.y) - y
  assert.ok(seen > 740 / 2, `mostly map is seen: ${Math.round(seen)} px of it`)
  const grids = small.page.locator('.map-layers input').first()
  assert.equal(await grids.isVisible(), false, 'the filters are folded away')
  await small.page.locator('.map-filters > summary').click()
  await grids.waitFor()
  await checkPage(small, 'narrow, filters open')
  await small.close()
})

for (const lang of inLanguages('zh-CN'))
  test(`boundaries as an administrator changes them, in ${lang}`, async t => {
    const p = await signIn('admin1', `/desk/map/boundary?zone=${grid}`, { lang })
    const { page } = p
    const words = lang === 'en'
      ? {
          undo: 'Undo', redo: 'Redo', draft: 'Name of the draft',
          save: 'Download the changes', split: 'Split', code: 'Code', name: 'Name',
          straight: 'Split along a straight line', keep: 'Save as draft',
          rehearse: 'Rehearse', publish: 'Switch on', open: 'Open',
        }
      : {
          undo: '撤销', redo: '重做', draft: '草案名称', save: '下载改动', split: '分割', code: '编号',
          name: '名称', straight: '沿直线分割', keep: '保存为草案', rehearse: '开始预演',
          publish: '启用', open: '打开',
        }
    const press = name => page.getByRole('button', { name, exact: true }).click()
    const changed = page.locator('.changes tbody tr')
    await page.locator('.map-side h2').filter({ hasText: /1/ }).waitFor()
    await page.waitForTimeout(600)
    /** A vertex of the chosen zone, in pixels of the page. */
    const vertex = n => page.evaluate(i => {
      const rows = [...document.querySelectorAll('.vertices tbody tr')]
      const [lon, lat] = [...rows[i].querySelectorAll('input')].map(x => Number(x.value))
      return [lon, lat]
    }, n)
    await t.test('a name is typed, counts as a change, and is taken back', async () => {
      const name = page.getByLabel(words.name, { exact: true })
      const before = await name.inputValue()
      await name.click()
      await page.keyboard.press('End')
      await page.keyboard.type('甲')
      await page.keyboard.press('Enter')
      await changed.first().waitFor()
      assert.equal(await name.inputValue(), `${before}甲`)
      await press(words.undo)
      await page.waitForFunction(() => !document.querySelector('.changes tbody tr'))
      assert.equal(await name.inputValue(), before)
    })
    await t.test('dragging a vertex moves the border of neighbours too; areas are told; undo takes it back', async () => {
      const before = await vertex(0)
      const at = await dragTarget(page, before)
      await page.mouse.move(at.x, at.y)
      await page.mouse.down()
      await page.mouse.move(at.x + 14, at.y + 11, { steps: 4 })
      await page.mouse.up()
      await changed.first().waitFor()
      assert.ok(await changed.count() >= 2, 'the zone and a neighbour')
      const areas = await changed.allTextContents()
      assert.ok(areas.every(text => /%/.test(text)))
      assert.notDeepEqual(await vertex(0), before)
      await checkPage(p, 'changed')
      await press(words.undo)
      await page.waitForFunction(() => !document.querySelector('.changes tbody tr'))
      assert.deepEqual(await vertex(0), before)
      await press(words.redo)
      await changed.first().waitFor()
      await press(words.undo)
    })
    await t.test('the table does the same by keyboard; nonsense is refused', async () => {
      await page.locator('.vertices summary').first().click()
      const input = page.locator('.vertices input.degrees').first()
      const was = await input.inputValue()
      await input.fill('east')
      await input.press('Tab')
      await page.locator('.field-wrong').waitFor()
      await input.fill(String(Number(was) + 0.0001))
      await input.press('Tab')
      await changed.first().waitFor()
      await checkPage(p, 'by keyboard')
      await input.fill(String(Number(was) + 0.02))
      await input.press('Tab')
      await page.locator('ul.wrong li').first().waitFor()
      await press(words.undo)
      await press(words.undo)
    })
    await t.test('splitting asks for a code that is free, merging takes it back', async () => {
      const small = page.locator('input.small')
      const total = await page.locator('.vertices tbody tr').count()
      await small.nth(0).fill('1')
      await small.nth(1).fill(String(Math.floor(total / 2) + 1))
      await press(words.straight)
      const form = page.locator('.new-zone')
      await form.waitFor()
      const code = await form.getByLabel(words.code).inputValue()
      assert.match(code, /^320508018023\d{3}$/)
      assert.notEqual(code, grid)
      await form.getByLabel(words.code).fill(grid)
      await form.getByRole('button', { name: words.split }).click()
      await form.locator('.wrong').waitFor()
      await form.getByLabel(words.code).fill(code)
      await form.getByLabel(words.name).fill('Fourth')
      await checkPage(p, 'new zone')
      await form.getByRole('button', { name: words.split }).click()
      const refusal = page.locator('.map-page > .wrong')
      await Promise.race([form.waitFor({ state: 'detached' }), refusal.waitFor()])
      if (await refusal.count()) return          // a straight line need not fit every outline
      await changed.filter({ hasText: 'Fourth' }).waitFor()
    })
    await t.test('the changes can be kept as a file', async () => {
      if (!await changed.count()) {
        const input = page.locator('.vertices input.degrees').first()
        await input.fill(String(Number(await input.inputValue()) + 0.0001))
        await input.press('Tab')
      }
      const waiting = page.waitForEvent('download')
      await press(words.save)
      const draft = JSON.parse(readFileSync(await (await waiting).path(), 'utf8'))
      assert.equal(draft.type, 'FeatureCollection')
      assert.ok(draft.features.length >= 1)
      for (const f of draft.features) {
        assert.match(f.properties.code, /^\d{15}$/)
        for (const ring of f.geometry.coordinates.flat()) assert.deepEqual(ring[0], ring.at(-1))
      }
    })
    await t.test('or as a draft, which is checked, rehearsed and switched on', async () => {
      await page.getByLabel(words.draft).fill('Corner')
      await press(words.keep)
      const panel = page.locator('.draft-panel')
      await panel.waitFor()
      assert.equal(await panel.locator('.wrong').count(), 0)
      const areas = await changed.allTextContents()
      await page.reload()
      await panel.waitFor()
      assert.deepEqual((await changed.allTextContents()).sort(), areas.sort(), 'after a reload')
      await page.goto('/desk/map/boundary')
      const row = page.locator('.draft-list tbody tr').filter({ hasText: 'Corner' }).first()
      await row.getByRole('button', { name: words.open, exact: true }).click()
      await panel.waitFor()
      assert.deepEqual((await changed.allTextContents()).sort(), areas.sort(), 'opened from the list')
      assert.match(page.url(), /draft=\d+/)
      await panel.getByRole('button', { name: words.rehearse }).click()
      await panel.locator('.rehearse-sum').waitFor()
      await checkPage(p, 'draft')
      await panel.locator('input.when').fill('2099-01-01T00:00')
      await press(words.publish)
      await panel.getByText('2099-01-01 00:00').waitFor()
      await row.getByText('2099-01-01 00:00').waitFor()
      assert.equal(await row.getByRole('button').count(), 0, 'what is in force is no longer a draft')
    })
    await p.close()
  })

for (const lang of inLanguages('en'))
  test(`what lies outside one's territory is not edited, and drafts are acted on from their list, in ${lang}`, async t => {
    const p = await signIn('dispatcher2', '/desk/map/boundary', { lang })
    const { page } = p
    const zh = lang === 'zh-CN'
    const words = zh
      ? { open: '打开', rehearse: '预演…', publish: '启用…', remove: '删除', draft: '草案，未启用' }
      : { open: 'Open', rehearse: 'Rehearse…', publish: 'Switch on…', remove: 'Remove', draft: 'draft, not in force' }
    await t.test('a zone of another county is refused by its code', async () => {
      const foreign = await (await page.request.get('/api/locate?lon=120.98&lat=31.38')).json()
      assert.notEqual(foreign.area, '320508')
      await page.goto(`/desk/map/boundary?zone=${foreign.grid}`)
      const said = zh ? `“${foreign.grid}”不在本辖区内` : `${foreign.grid} lies outside your territory`
      await page.locator('.map-page > .wrong').getByText(said).waitFor()
      assert.equal(await page.locator('.vertices').count(), 0, 'nothing to edit')
      await checkPage(p, 'not mine')
      await p.close()
    })
    await t.test('each button of the list does what it says', async () => {
      const name = `List ${lang}`
      const { page, close } = await signIn('admin1', '/desk/map/boundary', { lang })
      await page.goto(`/desk/map/boundary?zone=${grid}`)
      await page.locator('.vertices summary').first().click()
      const input = page.locator('.vertices input.degrees').first()
      await input.fill(String(Number(await input.inputValue()) + 0.0001))
      await input.press('Tab')
      await page.locator('.changes tbody tr').first().waitFor()
      await page.getByLabel(zh ? '草案名称' : 'Name of the draft').fill(name)
      await page.getByRole('button', { name: zh ? '保存为草案' : 'Save as draft', exact: true }).click()
      const row = page.locator('.draft-list tbody tr').filter({ hasText: name })
      const press = word => row.getByRole('button', { name: word, exact: true }).click()
      const panel = page.locator('.draft-panel')
      await row.getByText(words.draft).waitFor()
      for (const [word, focused] of [[words.open], [words.rehearse, '#rehearse-days'],
        [words.publish, '.draft-panel .when']]) {
        await page.goto('/desk/map/boundary')
        await row.waitFor()
        assert.equal(await panel.count(), 0)
        await press(word)
        await panel.waitFor()
        await page.waitForURL(/draft=\d+/)
        if (focused) await page.waitForFunction(f => document.activeElement.matches(f), focused)
      }
      page.once('dialog', d => d.dismiss())
      await press(words.remove)
      assert.equal(await row.count(), 1, 'asked first')
      page.once('dialog', d => {
        assert.ok(d.message().includes(name))
        return d.accept()
      })
      await press(words.remove)
      await row.waitFor({ state: 'detached' })
      await close()
    })
  })

/** Where a point lies on the page: Leaflet keeps the place of its first tile. */
function dragTarget(page, [lon, lat]) {
  return page.evaluate(([x, y]) => {
    const world = v => {
      const s = Math.sin(v[1] * Math.PI / 180)
      return { x: v[0] / 360 + 0.5, y: 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI) }
    }
    const tile = document.querySelector('.leaflet-tile-pane canvas')
    const { left, top } = tile.getBoundingClientRect()
    const at = tile.dataset.tile.split(' ').map(Number)
    const p = world([x, y])
    const size = 256 * 2 ** at[2]
    return { x: left + p.x * size - at[0] * 256, y: top + p.y * size - at[1] * 256 }
  }, [lon, lat])
}

// --- a base map

/** Tiles in Web Mercator that are white but for a red mark at each landmark. */
async function startTiles() {
  const landmarks = []
  const pixel = ([lon, lat], z) => {
    const s = Math.sin(lat * Math.PI / 180)
    const size = 256 * 2 ** z
    return [(lon / 360 + 0.5) * size, (0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)) * size]
  }
  const server = createServer((request, response) => {
    const [, z, x, y] = request.url.match(/^\/(\d+)\/(\d+)\/(\d+)\.png$/).map(Number)
    const marks = landmarks.map(l => pixel(l, z)).map(([px, py]) => [px - x * 256, py - y * 256])
    const red = (px, py) =>
      marks.some(([mx, my]) => Math.abs(px + 0.5 - mx) < 3 && Math.abs(py + 0.5 - my) < 3)
    response.writeHead(200, { 'Content-Type': 'image/png', 'Access-Control-Allow-Origin': '*' })
    response.end(png(256, 256, (px, py) => (red(px, py) ? [255, 0, 0] : [235, 245, 235])))
  })
  await new Promise(done => { server.listen(0, '127.0.0.1', done) })
  return { server, landmarks, url: `http://127.0.0.1:${server.address().port}/{z}/{x}/{y}.png` }
}

async function set(...pairs) {
  for (const [name, value] of pairs) {
    const done = spawnSync(program, ['setting', '--db', city.db, name, value], { encoding: 'utf8' })
    assert.equal(done.status, 0, done.stderr)
  }
  const want = Object.fromEntries(pairs)
  for (let tries = 0; ; tries++) {
    const { tiles: t } = await (await fetch(`${base}/api/config`)).json()
    const urlFits = (t?.url ?? '') === (want.tiles ?? t?.url ?? '')
    if (urlFits && (!t || !want.tiles_crs || t.crs === want.tiles_crs)) return
    assert.ok(tries < 300, 'the setting is taken into use')
    await new Promise(done => { setTimeout(done, 100) })
  }
}

/** How far the red mark is from the middle of the map, in pixels; undefined when it is not there. */
async function markOff(page) {
  const frame = page.locator('.big-map')
  const box = await frame.boundingBox()
  const shot = await page.screenshot({ clip: box })
  return page.evaluate(async bytes => {
    const raw = Uint8Array.from(atob(bytes), c => c.charCodeAt(0))
    const image = await createImageBitmap(new Blob([raw]))
    const canvas = new OffscreenCanvas(image.width, image.height)
    const to = canvas.getContext('2d')
    to.drawImage(image, 0, 0)
    const { data } = to.getImageData(0, 0, image.width, image.height)
    let [n, x, y] = [0, 0, 0]
    for (let i = 0; i < data.length; i += 4)
      if (data[i] > 200 && data[i + 1] < 90 && data[i + 2] < 90) {
        n++
        x += (i / 4) % image.width
        y += Math.floor(i / 4 / image.width)
      }
    return n > 8 ? [x / n + 0.5 - image.width / 2, y / n + 0.5 - image.height / 2] : undefined
  }, shot.toString('base64'))
}

const ownCity = { skip: process.env.CITY && 'needs a city of its own' }
test('shifted tiles lie where they belong, to a metre or a pixel, near and far', ownCity, async () => {
  // The shift is the program's own (src/geo/datum.c); the page must agree with it.
  const looks = [[[120.63, 31.32], [18, 15, 10]], [[120.98, 31.38], [17]], [[120.55, 31.87], [13]]]
  for (const [gcj, zooms] of looks) {
    tiles.landmarks.length = 0
    tiles.landmarks.push(gcj)
    const [lon, lat] = await trueOf(gcj)
    await set(['tiles', tiles.url], ['tiles_crs', 'gcj02'])
    const p = await signIn('dispatcher3', mapAt(lon, lat, zooms[0], '&by=none&layers='))
    for (const zoom of zooms) {
      await openMap(p, mapAt(lon, lat, zoom, '&by=none&layers='))
      const off = await markOff(p.page)
      assert.ok(off, `the mark is seen at zoom ${zoom}`)
      const metre = 156543 * Math.cos(lat * Math.PI / 180) / 2 ** zoom
      const metres = Math.hypot(...off) * metre
      assert.ok(metres < Math.max(1, 1.5 * metre), `zoom ${zoom}: ${metres.toFixed(2)} m off`)
    }
    await p.close()
  }
})

/** By the program's own conversion. Outside of the city it answers nothing, so points lie in it. */
async function trueOf([lon, lat]) {
  const answer = await (await fetch(`${base}/api/locate?lon=${lon}&lat=${lat}&crs=gcj02`)).json()
  assert.ok(answer.lon, 'the landmark lies in the city')
  return [answer.lon, answer.lat]
}

test('taken for unshifted, the same tiles would be far off; no other server sends images', ownCity, async () => {
  tiles.landmarks.splice(0, 9, [120.63, 31.32])
  const [lon, lat] = await trueOf(tiles.landmarks[0])
  await set(['tiles', tiles.url], ['tiles_crs', 'wgs84'], ['tiles_attribution', '测试底图'], ['review_no', 'GS(2026)0001号'])
  const p = await signIn('dispatcher3', mapAt(lon, lat, 15, '&by=none&layers='))
  const off = await markOff(p.page)
  const metre = 156543 * Math.cos(lat * Math.PI / 180) / 2 ** 15
  assert.ok(Math.hypot(...off) * metre > 300, `${off}`)
  await p.page.route('**/*.png', r => setTimeout(() => void r.continue(), 1500))
  await p.page.goto(mapAt(lon, lat, 12, '&by=none&layers='))
  const coming = p.page.getByText('底图加载中')
  await coming.waitFor()
  await coming.waitFor({ state: 'detached' })
  const note = await p.page.locator('.map-note').textContent()
  assert.match(note, /测试底图 · GS\(2026\)0001号/)
  const refusal = await p.page.evaluate(() => new Promise(done => {
    document.addEventListener('securitypolicyviolation', e => done(e.blockedURI))
    new Image().src = 'http://127.0.0.1:9/other.png'
    setTimeout(() => done('nothing was refused'), 3000)
  }))
  assert.match(refusal, /127\.0\.0\.1:9/)
  const waiting = p.page.waitForEvent('download')
  await p.page.getByRole('button', { name: '存为图片' }).click()
  assert.ok(readFileSync(await (await waiting).path()).length > 10_000)
  await set(['tiles', ''], ['review_no', ''])
  await p.close()
})
