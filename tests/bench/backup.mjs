// Backup, restore and restart of a large city, as docs/reliability.md tells them:
//   node tests/bench/backup.mjs [--matters N] [--dir DIR] [--port PORT] [--connections N] [--lean no]
// - kill -9 while reports come in, and how long it takes until the next server says it is ready;
// - a backup while reports come in: their p99 in slices of some seconds before, during and after;
// - restoring that backup: every file held against its digest, and the whole record audited.
// The city is made once in DIR (var/bench) by `fill`, whose matters are short, or with "--lean no" by
// `demo`, whose matters have whole lives, and kept; DIR must have room for four of it.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { make, stores } from './stores.mjs'

const { values: options } = parseArgs({ options: {
  matters: { type: 'string', default: '1000000' }, dir: { type: 'string', default: 'var/bench' },
  port: { type: 'string', default: '18710' }, connections: { type: 'string', default: '8' },
  lean: { type: 'string', default: 'yes' }, slices: { type: 'string', default: '6' } } })
const build = process.env.BUILD ?? 'build', port = Number(options.port), dir = resolve(options.dir)
const matters = Number(options.matters), sliceS = 4, openInGrid = options.lean === 'yes' ? 20 : 0
const program = `${build}/fengqiao`
const say = text => process.stderr.write(`${text}\n`)
const median = values => [...values].sort((a, b) => a - b)[values.length >> 1]
const ms = us => (us / 1000).toFixed(1)
mkdirSync(dir, { recursive: true })

const store = stores.sqlite(dir)
const children = new Set()
process.on('exit', () => children.forEach(child => child.kill('SIGKILL')))

async function serve(db) {
  const begun = performance.now()
  const child = spawn(program, ['serve', '--db', db.url, '--data', db.data, '--listen', `127.0.0.1:${port}`,
    '--no-limits'], { stdio: ['ignore', 'ignore', 'inherit'] })
  children.add(child)
  const ended = new Promise(done => child.once('exit', done)).then(() => children.delete(child))
  for (;;) {
    if (child.exitCode !== null) throw new Error('the server ended')
    try { if ((await fetch(`http://127.0.0.1:${port}/readyz`)).ok) break } catch { /* not yet */ }
    await sleep(5)
  }
  const stop = signal => { child.kill(signal); return ended }
  return { readyMs: performance.now() - begun, stop }
}

// Reports for so many seconds; failing calls are errors unless the server is killed meanwhile.
function load(seconds, mayFail) {
  const child = spawn(`${build}/tests/bench/load`, [port, 'post', options.connections, seconds, join(dir, 'places.txt')]
    .map(String), { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', text => { said += text })
  return new Promise((done, failed) => child.once('close', () => {
    const r = said ? JSON.parse(said) : { errors: 1 }
    if (r.errors && !mayFail) failed(new Error(`reports failed: ${said}`))
    else done(r)
  }))
}

async function slices(n) {
  const p99 = []
  for (let i = 0; i < n; i++) p99.push((await load(sliceS)).p99_us)
  return p99
}

async function restart(db) {
  const times = []
  for (let round = 0; round < 5; round++) {
    const server = await serve(db), running = load(3, true)
    if (round) times.push(server.readyMs)
    await sleep(2000)
    await server.stop('SIGKILL')
    await running
  }
  const server = await serve(db)
  say(`restart after kill -9 under load: ready after ${Math.round(median([...times, server.readyMs]))} ms (median of 5),`
    + ` ${Math.round(Math.max(...times, server.readyMs))} ms at most`)
  return server
}

async function backup(db, to) {
  await slices(1)
  const before = await slices(Number(options.slices)), during = []
  const child = spawn(program, ['backup', '--db', db.url, '--data', db.data, '--to', to, '--with-key', '--lang', 'en'],
    { stdio: ['ignore', 'pipe', 'ignore'] })
  let said = ''
  child.stdout.on('data', text => { said += text })
  const ended = new Promise(done => child.once('close', done))
  let over = false
  ended.then(() => { over = true })
  while (!over) during.push(...await slices(1))
  if (await ended !== 0) throw new Error(`the backup failed: ${said}`)
  const after = await slices(Number(options.slices))
  if (during.length > 1) during.pop()         // it ended within this one
  const without = median([...before, ...after]), within = median(during)
  say(said.split('\n')[0])
  say(`intake with ${options.connections} connections, p99 (median of slices of ${sliceS} s): before ${ms(median(before))} ms,`
    + ` during ${ms(within)} ms (${during.length} slices, ${ms(Math.max(...during))} ms at most), after ${ms(median(after))} ms:`
    + ` ${(within / without).toFixed(2)} times`)
  return { ratio: within / without }
}

function restore(from) {
  const place = join(dir, 'restored')
  rmSync(place, { recursive: true, force: true })
  store.forgetPages()
  const begun = performance.now()
  const done = spawnSync('bash', ['-c', 'time "$0" "$@"', program, 'restore', '--from', from,
    '--db', join(place, 'city.db'), '--data', place, '--lang', 'en'], { encoding: 'utf8', env: { ...process.env, TIMEFORMAT: 'processor %U + %S' } })
  if (done.status !== 0) throw new Error(done.stdout + done.stderr)
  const seconds = (performance.now() - begun) / 1000
  const processor = done.stderr.match(/processor (.*)/)[1]
  say(`${done.stdout.trim()}\nrestore: ${seconds.toFixed(1)} s, of processor ${processor} s`)
  rmSync(place, { recursive: true, force: true })
  return seconds
}

const name = `${options.lean === 'yes' ? 'city' : 'demo'}-${matters}`
const source = make(store, build, name, matters, openInGrid)
store.done(source)
writeFileSync(join(dir, 'places.txt'),
  store.sql(source, "SELECT code, lon, lat FROM zone WHERE layer = 'grid' AND code / 1000000000 = 320508").join('\n'))
const db = store.copy(source, 'run'), to = join(dir, 'backup')
rmSync(to, { recursive: true, force: true })
const server = await restart(db)
const { ratio } = await backup(db, to)
await server.stop('SIGTERM')
const seconds = restore(to)
rmSync(to, { recursive: true, force: true })
store.forget('run')
execFileSync('sync')
process.exitCode = ratio <= 2 && seconds < 60 ? 0 : 1
