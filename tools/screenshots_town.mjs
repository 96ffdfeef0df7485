// screenshots_town.mjs: the pictures of the handbook: the sample town, set up as it says, by the
// administrator and the grid worker of its first hour. Alone, or at the end of screenshots.mjs.
import { spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBrowser, program } from '../tests/e2e/people.mjs'

const out = new URL('../docs/images/', import.meta.url).pathname
const own = '芦汀的荷花六月里开在河边上'

async function shoot(page, name) {
  await page.waitForTimeout(700)
  const path = `${out}${name}.png`
  await page.screenshot({ path, animations: 'disabled' })
  console.log(`${name}.png ${Math.round(statSync(path).size / 1024)} KB`)
}

function setUp(folder) {
  const args = ['init', '--db', join(folder, 'town.db'), '--from', 'data/town', '--passwords', join(folder, 'p.csv')]
  const done = spawnSync(program, args, { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(done.stderr)
  return Object.fromEntries(readFileSync(join(folder, 'p.csv'), 'utf8').trim().split('\n').map(l => l.split(',')))
}

async function serve(folder) {
  const server = spawn(program, ['serve', '--db', join(folder, 'town.db'), '--listen', '127.0.0.1:0'])
  const port = await new Promise(found => {
    server.stdout.on('data', text => {
      const at = String(text).match(/port (\d+)/)?.[1]
      if (at) found(at)
    })
  })
  return { base: `http://127.0.0.1:${port}`, server }
}

const called = (path, headers, body) =>
  ({ path, options: { method: 'POST', body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID(), ...headers } } })

/** A report from the page of the grid, as a telephone sends it. */
async function report(base) {
  const { path, options } = called('/api/reports', {}, { text: '楼道里堆了很多纸箱，老人走不过去', category: '0101',
    lon: 120.228, lat: 31.225, place_text: '东街 12 号楼二单元' })
  const answer = await fetch(base + path, options)
  if (!answer.ok) throw new Error(await answer.text())
}

async function administrator(browser, base, once, lang) {
  const suffix = lang === 'en' ? '-en' : ''
  const context = await browser.newContext({ baseURL: base, viewport: { width: 1100, height: 620 },
    locale: lang === 'en' ? 'en-GB' : 'zh-CN' })
  const page = await context.newPage()
  await page.goto('/desk/')
  await page.fill('#login-name', 'zhao')
  await page.fill('#login-word', lang === 'zh' ? once.zhao : own)
  await page.keyboard.press('Enter')
  if (lang === 'zh') {
    await page.locator('#pass-new').waitFor()
    await shoot(page, 'town-password')
    await page.fill('#pass-now', once.zhao)
    await page.fill('#pass-new', own)
    await page.fill('#pass-again', own)
    await page.getByRole('button', { name: '修改密码' }).click()
    await page.getByRole('link', { name: '设置表' }).waitFor()
  } else {
    await page.locator('.whoami').waitFor()
  }
  await page.goto('/desk/tables/units')
  await page.locator('table tbody tr').nth(4).waitFor()
  await shoot(page, `town-units${suffix}`)
  await context.close()
}

async function worker(browser, base, once) {
  const context = await browser.newContext({ baseURL: base, viewport: { width: 360, height: 640 },
    deviceScaleFactor: 1.5, isMobile: true, hasTouch: true, locale: 'zh-CN' })
  const page = await context.newPage()
  await page.goto('/m/work')
  await page.fill('#user', 'w3')
  await page.fill('#pass', once.w3)
  await page.locator('form .btn').click()
  await page.waitForTimeout(1500)
  const { path, options } = called('/api/account/password', {}, { current: once.w3, password: own })
  await page.evaluate(async ([to, how]) => {
    const me = await (await fetch('/api/me')).json()
    const answer = await fetch(to, { ...how, headers: { ...how.headers, 'X-CSRF': me.csrf } })
    if (!answer.ok) throw new Error(await answer.text())
  }, [path, options])
  await page.goto('/m/work')
  await page.waitForTimeout(800)
  if (await page.locator('#user').count()) {
    await page.fill('#user', 'w3')
    await page.fill('#pass', own)
    await page.locator('form .btn').click()
  }
  await page.locator('.task').first().waitFor()
  await shoot(page, 'town-work')
  await context.close()
}

/** Pictures of the sample town, into docs/images. */
export async function townPictures() {
  const folder = mkdtempSync(join(tmpdir(), 'fengqiao-pictures-'))
  const once = setUp(folder)
  const { base, server } = await serve(folder)
  const browser = await openBrowser()
  try {
    await report(base)
    for (const lang of ['zh', 'en']) await administrator(browser, base, once, lang)
    await worker(browser, base, once)
  } finally {
    await browser.close()
    server.kill('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) await townPictures()
