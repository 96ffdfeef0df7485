// What the browser tests share: a server of their own with a small demo city, people with a phone
// or a desk each, and what must hold on every page they see.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { madeOnce } from '../tools/once.mjs'

const fromWeb = createRequire(new URL('../../web/package.json', import.meta.url))
const { chromium } = fromWeb('playwright-core')
const axeSource = readFileSync(fromWeb.resolve('axe-core/axe.min.js'), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

export const program = process.env.FENGQIAO ??
  new URL('../../build/fengqiao', import.meta.url).pathname
export const password = 'fengqiao-demo-2026'

/** Long tests run in one language, different ones in different languages; the long run does both. */
export const inLanguages = usual => (process.env.LANGUAGES === 'all' ? ['zh-CN', 'en'] : [usual])

/** A port that nobody listened on a moment ago. */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

const sizes = [100, 400, 1000]

/** A folder with a demo city of at least so many matters, copied from one that is made once. */
async function cityOf(matters) {
  const size = sizes.find(n => n >= matters)
  const made = await madeOnce(join(dirname(program), `e2e-city-${size}`), program, making => {
    const args = ['demo', '--only-make', '--db', join(making, 'city.db'), '--matters', String(size)]
    const done = spawnSync(program, args, { encoding: 'utf8' })
    assert.equal(done.status, 0, done.stderr)
  })
  const dir = mkdtempSync(join(tmpdir(), 'fengqiao-e2e-'))
  cpSync(made, dir, { recursive: true })
  return dir
}

/** Starts the demo city on a free port and waits until it answers; CITY names one that runs. */
export async function startCity(matters) {
  if (process.env.CITY) return { base: process.env.CITY, stop: async () => {} }
  const dir = await cityOf(matters)
  const listen = `127.0.0.1:${await freePort()}`
  const args = ['demo', '--db', join(dir, 'city.db'), '--listen', listen]
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', chunk => { said = (said + chunk).slice(-4000) })
  const base = `http://${listen}`
  await new Promise((resolve, reject) => {
    child.once('exit', code => reject(new Error(`the server ended with ${code}: ${said}`)))
    child.stdout.on('data', chunk => /https?:/.test(chunk) && /Serving|启动/.test(chunk) && resolve())
  })
  return {
    base,
    db: args[2],
    async stop() {
      const gone = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGTERM')
      assert.equal(await gone, 0, `the server stops cleanly: ${said}`)
      const verified = spawnSync(program, ['verify', '--db', args[2]], { encoding: 'utf8' })
      assert.equal(verified.status, 0, `every chain and the log fit: ${verified.stdout}`)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export const openBrowser = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--no-first-run'],
})

/** A JPEG as a camera makes it: drawn by the browser itself. */
export async function takePhoto(browser, colour) {
  const page = await browser.newPage()
  const url = await page.evaluate(fill => {
    const canvas = document.createElement('canvas')
    Object.assign(canvas, { width: 1280, height: 960 })
    const pen = canvas.getContext('2d')
    pen.fillStyle = fill
    pen.fillRect(0, 0, 1280, 960)
    for (let i = 0; i < 60; i++) {
      pen.fillStyle = `hsl(${i * 37} 40% ${30 + (i % 5) * 10}%)`
      pen.fillRect((i * 211) % 1200, (i * 131) % 880, 90, 70)
    }
    return canvas.toDataURL('image/jpeg', 0.9)
  }, colour)
  await page.close()
  return { name: `${colour}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(url.split(',')[1], 'base64') }
}

const phone = { viewport: { width: 360, height: 760 }, isMobile: true, hasTouch: true }
const desk = { viewport: { width: 1440, height: 900 } }

/**
 * A person with a device of their own. `at` = {longitude, latitude} of a phone. Everything that
 * must never happen on a page is collected in faults.
 */
export async function person(browser, base, { on, lang = 'zh-CN', at }) {
  const context = await browser.newContext({
    ...(on === 'phone' ? phone : desk), locale: lang, baseURL: base,
    ...(at ? { geolocation: at, permissions: ['geolocation'] } : {}),
  })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const faults = []
  page.on('pageerror', e => faults.push(`error: ${e.message}`))
  page.on('console', m => {
    // asking who one is before having signed in is answered 401, which browsers report
    if (m.type() === 'error' && !/\/api\/me$/.test(m.location().url)) faults.push(`console: ${m.text()}`)
    if (/Content Security Policy|\[Vue warn\]/.test(m.text())) faults.push(m.text())
  })
  context.on('request', r => {
    if (!r.url().startsWith(`${base}/`) && !/^(data|blob):/.test(r.url())) faults.push(`leaves the origin: ${r.url()}`)
  })
  return { page, faults, close: () => context.close() }
}

/** Signs this person in at the desk. */
export async function toDesk({ page }, username) {
  await page.goto('/desk/')
  await page.fill('#login-name', username)
  await page.fill('#login-word', password)
  await page.keyboard.press('Enter')
  await page.locator('.whoami').waitFor()
}

/**
 * No serious or critical fault by axe on what is shown now, and nothing wider than the screen. A
 * phone's page is laid out at its full length for this: axe takes what happens to lie under a fixed
 * bar, and can be scrolled away from it, for covered.
 */
export async function checkPage({ page, faults }, where) {
  const screen = page.viewportSize()
  const whole = await page.evaluate(() => document.documentElement.scrollHeight)
  const height = screen.width <= 600 ? whole : 0
  if (height > screen.height) await page.setViewportSize({ ...screen, height })
  await page.waitForTimeout(200)
  // Colours on their way to others are no fault, however slowly they go.
  await page.evaluate(() => Promise.allSettled(document.getAnimations()
    .filter(a => a.effect.getComputedTiming().endTime < Infinity).map(a => a.finished)))
  await page.evaluate(axeSource)
  const found = await page.evaluate(async runOnly => {
    const { violations } = await globalThis.axe.run(document, { runOnly, resultTypes: ['violations'] })
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth
    return { wide, bad: violations.filter(v => ['serious', 'critical'].includes(v.impact))
      .map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')}`) }
  }, rules)
  if (height > screen.height) await page.setViewportSize(screen)
  assert.deepEqual(found, { wide: 0, bad: [] }, where)
  assert.deepEqual(faults, [], where)
}
