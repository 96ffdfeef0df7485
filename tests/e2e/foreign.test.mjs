// What a foreign site does to somebody who is signed in here, in a real browser: it calls every
// writing address by form, by fetch and by beacon, also from an origin that is none, and nothing
// comes of it. Signing somebody in by force is among them.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { DatabaseSync } from 'node:sqlite'
import { openBrowser, password, person, program, startCity, toDesk } from './people.mjs'

let city, browser, site
before(async () => {
  [city, browser] = await Promise.all([startCity(40), openBrowser()])
  site = createServer((_, answer) => {
    answer.setHeader('Content-Type', 'text/html')
    answer.end('<!doctype html><title>win</title>')
  })
  await new Promise(ready => site.listen(0, '127.0.0.1', ready))
})
after(async () => {
  site?.close()
  await browser?.close()
  await city?.stop()
})

/** Every writing address of the program, with 1 for what its path names. */
const routes = spawnSync(program, ['describe', 'permissions'], { encoding: 'utf8' }).stdout
  .split('\n').map(line => line.split('|').map(cell => cell.trim()))
  .filter(([, method]) => method === 'POST')
const writing = routes.map(([, , path]) => path.replace(/:\w+/g, '1'))
const names = new Set(routes.map(([, , , name]) => name))

/** How often each route was answered with each status, as the server counts it: 'step 403': 7 */
async function counted() {
  const text = await (await fetch(`${city.base}/metrics`)).text()
  const lines = text.matchAll(/^fengqiao_requests_total\{route="(\w+)",status="(\d+)",code="\w+"\} (\d+)/gm)
  const all = {}
  for (const [, route, status, n] of lines)
    all[`${route} ${status}`] = (all[`${route} ${status}`] ?? 0) + Number(n)
  return all
}

/** How many rows each table has; the log and what it stands on grow by themselves. */
function rows() {
  const database = new DatabaseSync(city.db, { readOnly: true })
  const names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
    .map(({ name }) => name)
    .filter(name => !/^(leaf|tree_node|checkpoint|id_block|sqlite_.*)$/.test(name))
  const counted = names.map(name => [name, database.prepare(`SELECT count(*) AS n FROM ${name}`).get().n])
  const { seq } = database.prepare('SELECT sum(seq) AS seq FROM matter').get()
  database.close()
  return { ...Object.fromEntries(counted), seq }
}

/** Runs on the foreign page. */
async function attack({ base, paths, words }) {
  const json = JSON.stringify(words)
  const call = (path, options) =>
    fetch(base + path, { method: 'POST', credentials: 'include', body: json, ...options }).catch(() => {})
  const form = (path, enctype) => new Promise(done => {
    const frame = Object.assign(document.createElement('iframe'), { name: enctype + path })
    const sent = Object.assign(document.createElement('form'),
      { method: 'POST', action: base + path, target: frame.name, enctype })
    const field = Object.assign(document.createElement('input'), { name: json.slice(0, -1) + ',"x":"', value: '"}' })
    sent.append(field)
    document.body.append(frame, sent)
    frame.addEventListener('load', done, { once: true })
    sent.submit()
  })
  await Promise.all(paths.map(path => {
    navigator.sendBeacon(base + path, new Blob([json], { type: 'text/plain' }))
    return Promise.all([
      form(path, 'text/plain'),
      call(path, { mode: 'no-cors', headers: { 'Content-Type': 'text/plain' } }),
      call(path, { headers: { 'Content-Type': 'application/json' } }),
      call(path, { headers: { 'Content-Type': 'application/json', 'X-CSRF': 'x'.repeat(43) } }),
    ])
  }))
  await form('/api/login', 'application/x-www-form-urlencoded')
}

test('a foreign site changes nothing, whatever it sends and from wherever', async () => {
  const p = await person(browser, city.base, { on: 'desk' })
  await toDesk(p, 'dispatcher1')
  const before = rows()
  const figures = await counted()
  const words = { action: 'note', note: 'x', text: 'x', username: 'worker1', password,
    category: '0101', place_text: 'x' }
  await p.page.goto(`http://localhost:${site.address().port}/`)
  await p.page.evaluate(attack, { base: city.base, paths: writing, words })
  await p.page.evaluate(({ base, paths }) => {
    const frame = document.createElement('iframe')
    frame.sandbox = 'allow-scripts'
    const all = JSON.stringify(paths.map(path => base + path))
    frame.srcdoc = `<script>for (const path of ${all}) fetch(path,
      { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' }).catch(() => {})</` + 'script>'
    document.body.append(frame)
    return new Promise(done => { frame.onload = () => setTimeout(done, 500) })
  }, { base: city.base, paths: writing })
  const answered = await counted()
  const more = Object.entries(answered).map(([key, n]) => [key, n - (figures[key] ?? 0)])
    .filter(([, n]) => n)
  const refused = more.filter(([key]) => / [45]\d\d$/.test(key))
    .reduce((sum, [, n]) => sum + n, 0)
  assert.ok(writing.length >= 50 && refused > writing.length * 3, `${refused} were refused`)
  const writes = ([key]) => names.has(key.split(' ')[0])
  assert.deepEqual(more.filter(writes).filter(([key]) => !/ [45]\d\d$/.test(key)), [])
  assert.deepEqual(rows(), before)
  await p.page.goto('/desk/')
  await p.page.locator('.whoami').waitFor()
  const done = await p.page.evaluate(async () => {
    const { csrf, username } = await (await fetch('/api/me')).json()
    const { status } = await fetch('/api/duty/absence', { method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRF': csrf },
      body: JSON.stringify({ from_ms: Date.now(), to_ms: Date.now() + 3_600_000 }) })
    return { status, username }
  })
  assert.deepEqual(done, { status: 200, username: 'dispatcher1' }, 'who they are, and what their own page can')
  await p.close()
})
