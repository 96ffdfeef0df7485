// The figures of docs/performance.md, each as a ratio of two things measured in turn on the same
// machine in the same run: the product, and the most that could be had there (nginx, bare
// libmicrohttpd, bare SQLite or PostgreSQL), or two databases. Each pair runs several times; medians
// count.
//   run.sh [--db sqlite|postgres] [--only PART,PART] [--rounds N] [--small N] [--large N] [--dir DIR]
//          [--json FILE] [--look WORDS]
// PARTs: intake, servers (PostgreSQL only), locate, looks, reads, lives, start. Databases are made
// once in DIR (var/bench) and kept; the large one (10,000,000 matters unless told otherwise) takes a quarter
// of an hour and 15 to 25 GB, and only the last four parts need it.
import { spawn, execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { cpus } from 'node:os'
import { promisify, parseArgs } from 'node:util'
import { isInstalled, startPostgres } from '../tools/postgres.mjs'
import { serverOf } from '../tools/server.mjs'
import { looks } from './looks.mjs'
import { make, stores } from './stores.mjs'

const { values: options } = parseArgs({ options: {
  db: { type: 'string', default: 'sqlite' }, rounds: { type: 'string', default: '5' },
  large: { type: 'string', default: '10000000' }, dir: { type: 'string', default: 'var/bench' },
  only: { type: 'string', default: 'intake,servers,locate,looks,reads,lives,start' },
  small: { type: 'string', default: '100000' }, look: { type: 'string', default: '' },
  json: { type: 'string' }, port: { type: 'string', default: '18700' } } })
const rounds = Number(options.rounds), dir = options.dir
const small = Number(options.small), large = Number(options.large)
const build = process.env.BUILD ?? 'build', port = Number(options.port)
const openInGrid = 20, password = 'fengqiao-demo-2026'
const run = promisify(execFile)
const wanted = new Set(options.only.split(','))
const results = { ratios: {}, looks: [], absolute: {} }
const big = { maxBuffer: 64 << 20 }
if (!stores[options.db]) throw new Error(`--db: sqlite or postgres, not ${options.db}`)
mkdirSync(dir, { recursive: true })
const store = stores[options.db](dir)
// What PostgreSQL is measured against in the same run.
const sqlite = options.db === 'sqlite' ? store : stores.sqlite(dir)

const median = values => [...values].sort((a, b) => a - b)[values.length >> 1]
const say = text => process.stderr.write(`${text}\n`)
const tool = name => `${build}/tests/bench/${name}`

async function measure(name, ...args) {
  try {
    return JSON.parse((await run(tool(name), args.map(String), big)).stdout)
  } catch (e) {
    if (e.stdout) return JSON.parse(e.stdout)
    throw e
  }
}

// A child process that is told to stop, and waited for. It does not outlive a run that is broken off.
const children = new Set()
process.on('exit', () => children.forEach(child => child.kill('SIGTERM')))
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
function start(file, args, options = {}) {
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'], ...options })
  children.add(child)
  const gone = new Promise(done => child.on('exit', done)).then(() => children.delete(child))
  return { child, line: () => new Promise(done => createInterface(child.stdout).once('line', done)),
    stop: async signal => { if (signal) child.kill(signal); else child.stdin.end(); await gone } }
}

async function ready(at, child) {
  for (let tries = 0; tries < 2000 && child.exitCode === null; tries++) {
    try {
      if ((await fetch(`http://127.0.0.1:${at}/readyz`)).ok) return
    } catch { /* not yet */ }
    await sleep(5)
  }
  throw new Error(`nothing answers on port ${at}`)
}

// A city of so many matters: filled once, then served until its server rests.
async function city(of, matters) {
  const name = `city-${matters}`
  if (of.exists(name)) return of.at(name)
  const db = make(of, build, name, matters, openInGrid), size = of.bytes(db)
  note(`${of.name}: ${matters.toLocaleString('en')} matters made in, s; matters a second; bytes a matter`,
    `${Math.round(db.made_s)}; ${db.filled.per_second}; ${Math.round(size / matters)}`)
  const s = await server(db)
  await rest(s)
  await s.stop('SIGTERM')
  of.done(db)
  return db
}

// Somebody else's server would answer in place of ours.
async function mustBeFree(at) {
  const answers = await fetch(`http://127.0.0.1:${at}/readyz`).then(() => true, () => false)
  if (answers) throw new Error(`another server answers on port ${at}; stop it, or give --port`)
}

async function server(db, { at = port, threads = 2 } = {}) {
  await mustBeFree(at)
  const s = start(`${build}/fengqiao`, ['serve', '--db', db.url, '--data', db.data, '--listen', `127.0.0.1:${at}`,
    '--no-limits', '--threads', String(threads)])
  const begun = performance.now()
  s.child.stdout.resume()
  s.port = at
  try {
    await ready(at, s.child)
  } catch (e) {
    await s.stop('SIGKILL')
    throw e
  }
  s.startMs = performance.now() - begun
  s.memoryMib = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${serverOf(s.child)}/status`, 'utf8'))[1]) / 1024
  return s
}

// A database just made is indexed and logged first; measuring begins when the server rests.
async function rest(s) {
  const ticks = () => readFileSync(`/proc/${serverOf(s.child)}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13)
    .reduce((sum, t) => sum + Number(t), 0)
  for (let calm = 0, before = ticks(), now; calm < 3; before = now) {
    await sleep(1000)
    now = ticks()
    calm = now - before <= 5 ? calm + 1 : 0
  }
}

async function login(username, at = port) {
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`http://127.0.0.1:${at}/api/login`, { method: 'POST',
      headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username, password }) })
    if (answer.ok) return /fq_session=([^;]+)/.exec(answer.headers.get('set-cookie'))[1]
    if (answer.status !== 503 || tries === 20) throw new Error(`login of ${username}: ${answer.status}`)
    await sleep(500)
  }
}

async function nginx(bytes) {
  const at = port + 1, prefix = `${process.cwd()}/${dir}`.replace(`${process.cwd()}//`, '/')
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(t => `${t}_temp_path ${prefix}/nginx.tmp;`).join(' ')
  writeFileSync(`${dir}/nginx.conf`, `worker_processes 2; daemon off; pid ${prefix}/nginx.pid; error_log ${prefix}/nginx.err;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 1000000000; ${temp} default_type application/json;
server { listen 127.0.0.1:${at}; location / { return 200 "${'x'.repeat(bytes)}"; } } }\n`)
  const s = start('nginx', ['-p', prefix, '-c', `${prefix}/nginx.conf`, '-e', `${prefix}/nginx.err`])
  s.port = at
  for (let tries = 0; tries < 200; tries++) {
    try { await fetch(`http://127.0.0.1:${at}/`); return s } catch { await sleep(20) }
  }
  throw new Error('nginx does not start')
}

async function constant(bytes) {
  const s = start(tool('constant'), [String(port + 2), String(bytes)])
  await s.line()
  s.port = port + 2
  return s
}

const note = (name, value) => { results.absolute[name] = value; say(`    ${name}: ${value}`) }
function ratio(name, value, wish, atMost = false) {
  results.ratios[name] = { value, wish, met: atMost ? value <= wish : value >= wish }
  say(`  ${results.ratios[name].met ? 'ok ' : 'LOW'} ${name}: ${value.toFixed(2)} (${atMost ? 'at most' : 'at least'} ${wish})`)
}
const clean = r => { if (r.errors) throw new Error(`calls failed: ${JSON.stringify(r)}`); return r }

// --- intake: a durable report against nginx's constant answer and bare SQLite

const post = (at, connections, seconds) => measure('load', at, 'post', connections, seconds, `${dir}/places.txt`)
const rate = async (...args) => clean(await post(...args)).per_second
const of = (a, b) => median(a.map((v, i) => v / b[i]))

function placesOf(db) {
  const rows = store.sql(db, "SELECT code, lon, lat FROM zone WHERE layer = 'grid' AND code / 1000000000 = 320508")
  writeFileSync(`${dir}/places.txt`, rows.join('\n'))
}

// The rows that the reports have left in db, into a copy of the database that was there before.
async function bareRate(from, before, db, group, rows) {
  const copy = from.copy(before, 'bare')
  const r = await measure(from.raw, ...from.rawArgs(db, copy, group, rows))
  from.forget('bare')
  return r.per_second
}

async function intakeOf(from, found) {
  const small = await city(from, 10000), db = from.copy(small, 'run'), s = await server(db)
  const put = (name, value) => (found[name] ??= []).push(value)
  await post(port, 64, 1)
  for (const c of [64, 8, 1]) {
    const r = clean(await post(port, c, c === 64 ? 3 : 2))
    put(`${c}`, r.per_second)
    put(`${c} p99`, r.p99_us)
  }
  await s.stop('SIGTERM')
  put('bare 64', await bareRate(from, small, db, 64, 20000))
  put('bare 1', await bareRate(from, small, db, 1, 2000))
  from.forget('run')
}

async function intake() {
  const ours = {}, other = {}, theirs = [], fsync = []
  placesOf(await city(store, 10000))
  const n = await nginx(736)
  for (let i = 0; i < rounds; i++) {
    fsync.push((await measure('raw_sqlite', 'sync', dir)).fdatasync_us)
    await intakeOf(store, ours)
    if (store !== sqlite) await intakeOf(sqlite, other)
    theirs.push(await rate(n.port, 64, 2))
  }
  await n.stop('SIGTERM')
  note('fdatasync of 4 KB, us', median(fsync))
  const all = [[store, ours], ...(store === sqlite ? [] : [[sqlite, other]])]
  for (const [from, found] of all) {
    for (const c of ['64', '8', '1'])
      note(`${from.name}: reports a second, ${c} connections; p99, ms`,
        `${Math.round(median(found[c]))}; ${(median(found[`${c} p99`]) / 1000).toFixed(1)}`)
    note(`${from.name}: rows a second, bare, groups of 64; one by one`,
      `${Math.round(median(found['bare 64']))}; ${Math.round(median(found['bare 1']))}`)
  }
  note('constant answers a second, nginx', Math.round(median(theirs)))
  ratio(`intake, 64 connections / bare ${store.name} in groups of 64`, of(ours['64'], ours['bare 64']), 0.30)
  ratio(`intake, 1 connection / bare ${store.name} one by one`, of(ours['1'], ours['bare 1']), 0.35)
  if (store !== sqlite) {
    for (const c of ['64', '8', '1'])
      ratio(`intake, ${c} connections: PostgreSQL / SQLite`, of(ours[c], other[c]), c === '64' ? 0.60 : 0)
    return
  }
  note('bare SQLite in groups of 64 / nginx constant answer: all that this disk and schema leave',
    Number(of(ours['bare 64'], theirs).toFixed(2)))
  ratio('intake, 64 connections / nginx constant answer', of(ours['64'], theirs), 0.20)
  ratio('intake, 64 connections, p99 in fdatasync times', of(ours['64 p99'], fsync), 120, true)
}

// --- two servers on one database, each with one thread for answers, against one such server

// Two clients, on the given ports, together.
async function both(ports, call) {
  const all = await Promise.all(ports.map(call))
  return all.map(clean).reduce((sum, r) => sum + r.per_second, 0)
}

async function servers() {
  const db = store.copy(await city(store, 10000), 'run')
  const numbers = store.sql(db, "SELECT '/api/matters/' || number FROM matter WHERE area = 320508 LIMIT 500")
  placesOf(db)
  writeFileSync(`${dir}/numbers.txt`, numbers.join('\n'))
  const first = await server(db, { threads: 1 })
  let second
  try {
    second = await server(db, { at: port + 3, threads: 1 })
  } catch (e) {
    note('two servers on one database', `not possible: ${e.message}`)
    await first.stop('SIGTERM')
    return
  }
  const token = await login('dispatcher2'), found = { reports: [], 'matters read': [] }
  const calls = { reports: at => post(at, 32, 3),
    'matters read': at => measure('load', at, 'get', 32, 3, `${dir}/numbers.txt`, token) }
  for (let i = 0; i < rounds; i++)
    for (const [what, call] of Object.entries(calls)) {
      const one = await both([port, port], call), two = await both([port, port + 3], call)
      note(`${what} a second: one server; two`, `${Math.round(one)}; ${Math.round(two)}`)
      found[what].push(two / one)
    }
  await second.stop('SIGTERM')
  await first.stop('SIGTERM')
  ratio('matters read, two servers / one, one thread each', median(found['matters read']), 1.30)
  ratio('reports, two servers / one, one thread each (one database, one disk)', median(found.reports), 0)
  store.forget('run')
}

// --- looks: what people look at, among few matters and among many

// The lines from the given one on, and around.
function linesFrom(lines, part) {
  const at = Math.floor(lines.length * part)
  writeFileSync(`${dir}/lines.txt`, [...lines.slice(at), ...lines.slice(0, at)].join('\n'))
}

// A look at both sizes in turn: first from files that are not in memory, then, when each line has
// been asked for, warm. The server of each size is started for it.
async function lookOf(sizes, i) {
  const order = i % 2 ? sizes : [...sizes].reverse(), [name, who] = sizes[0].looks[i]
  store.rest()
  store.forgetPages()
  for (const size of order) {
    size.server = await server(size.db, { at: size.port })
    size.cold.push(size.server.startMs)
    size.token = who ? [await login(who, size.port)] : []
  }
  const look = async (size, seconds, part) => {
    linesFrom(size.looks[i][2], part)
    return clean(await measure('load', size.port, 'get', 8, seconds, `${dir}/lines.txt`, ...size.token))
  }
  for (const size of order) size.first = await look(size, 1, 0)
  for (const size of order) await look(size, 4, 0)
  for (const size of order) size.warm = []
  for (let round = 0; round < rounds; round++)
    for (const size of order) size.warm.push(await look(size, 1, round / rounds))
  for (const size of order) await size.server.stop('SIGTERM')
  const of = ({ first, warm }) => ({ cold50: first.p50_us, cold99: first.p99_us,
    p50: median(warm.map(r => r.p50_us)), p99: median(warm.map(r => r.p99_us)) })
  return [name, ...sizes.map(of)]
}

// Seconds from start to ready, one size after the other.
async function startsOf(sizes) {
  for (const size of sizes) size.warmStarts = []
  for (let round = 0; round < rounds; round++)
    for (const size of sizes) {
      const s = await server(size.db)
      size.warmStarts.push(s.startMs)
      await s.stop('SIGTERM')
    }
  const of = ({ cold: first, warmStarts: warm }) => ({ cold50: median(first) * 1000,
    cold99: Math.max(...first) * 1000, p50: median(warm) * 1000, p99: Math.max(...warm) * 1000 })
  return ['start to ready (median, most)', ...sizes.map(of)]
}

async function looking() {
  const sizes = []
  for (const [matters, at] of [[small, port], [large, port + 3]]) {
    const db = await city(store, matters)
    sizes.push({ db, port: at, looks: looks(store, build, db, matters), cold: [] })
  }
  const ms = v => (v / 1000).toFixed(2), kinds = ['p50', 'p99', 'cold50', 'cold99']
  const row = ([name, few, many]) => {
    const pair = k => [ms(few[k]), ms(many[k]), (many[k] / few[k]).toFixed(2)]
    results.looks.push([name, ...kinds.flatMap(pair)])
    say(`    ${results.looks.at(-1).join(' | ')}`)
    ratio(`${name}, p99: ${large.toLocaleString('en')} matters / ${small.toLocaleString('en')}`,
      many.p99 / few.p99, 2, true)
  }
  for (const i of sizes[0].looks.keys())
    if (sizes[0].looks[i][0].includes(options.look)) row(await lookOf(sizes, i))
  row(await startsOf(sizes))
}

// --- reads: one matter, and a grid's list, against a constant answer of the same size

// The same forty grids get sixty open matters each, whatever else the database holds.
async function fillGrids(db) {
  const grids = store.sql(db, "SELECT code, lon, lat FROM zone WHERE layer = 'grid' AND code / 1000000000 = 320508 ORDER BY code LIMIT 40")
  const count = () => Number(store.sql(db, `SELECT count(*) FROM matter WHERE open = 1 AND grid IN (${grids.map(g => g.split(' ')[0])})`)[0])
  writeFileSync(`${dir}/grids.txt`, grids.join('\n'))
  while (count() < 40 * 60) clean(await measure('load', port, 'post', 64, 1, `${dir}/grids.txt`))
  writeFileSync(`${dir}/lists.txt`, grids.map(g => `/api/matters?view=region&grid=${g.split(' ')[0]}`).join('\n'))
  // As many of one kind in each database, and few enough to be kept; and, where there are as many,
  // so many others that each is a first look.
  const paths = (where, n) => store.sql(db, `SELECT '/api/matters/' || number FROM matter WHERE area = 320508 AND ${where} ORDER BY created_ms * 7919 % 1000003 LIMIT ${n}`)
  writeFileSync(`${dir}/numbers.txt`, paths(`open = 1 AND grid IN (${grids.map(g => g.split(' ')[0])})`, 1000).join('\n'))
  const others = paths("state IN ('closed', 'working', 'withdrawn')", 10000)
  writeFileSync(`${dir}/first.txt`, others.join('\n'))
  return others.length
}

async function readsOf(db, label) {
  const s = await server(db)
  const others = await fillGrids(db)
  await rest(s)
  const token = await login('dispatcher2'), found = {}
  for (const [what, file] of [['one matter', 'numbers'], ['a grid\'s list', 'lists']]) {
    const get = (at, seconds) => measure('load', at, 'get', 64, seconds, `${dir}/${file}.txt`, token)
    const first = clean(await get(port, 2)), c = await constant(first.bytes), ours = [], theirs = []
    for (let i = 0; i < rounds; i++) {
      ours.push(clean(await get(port, 2)).per_second)
      theirs.push(clean(await get(c.port, 2)).per_second)
    }
    await c.stop()
    found[what] = median(ours)
    note(`${what}, ${label}: answers a second of ${first.bytes} bytes`, Math.round(median(ours)))
    note(`constant answers a second of ${first.bytes} bytes`, Math.round(median(theirs)))
    ratio(`${what}, ${label} / constant answer`, median(ours.map((v, i) => v / theirs[i])), 0.40)
  }
  const look = () => measure('load', port, 'get', 64, 2, `${dir}/first.txt`, token)
  if (others === 10000)
    note(`one matter looked at for the first time, ${label}: answers a second`,
      Math.round(clean(await look()).per_second))
  await s.stop('SIGTERM')
  return found
}

async function reads() {
  const few = await readsOf(store.copy(await city(store, 10000), 'run'), '10,000 matters')
  store.forget('run')
  const lots = await readsOf(await city(store, large), `${large.toLocaleString('en')} matters`)
  for (const what of Object.keys(few))
    ratio(`${what}: many matters / few`, lots[what] / few[what], 0.80)
}

// --- lives: report, assign, settle, search

async function livesOf(db, label) {
  const s = await server(db)
  const unit = store.sql(db, "SELECT id FROM unit WHERE region = 320508018023 AND desk = 1")[0]
  const grid = store.sql(db, "SELECT code FROM zone WHERE layer = 'grid' AND code / 1000 = 320508018023 LIMIT 1")[0]
  const who = [grid, unit, await login('dispatcher1'), await login('worker1')]
  const live = (connections, seconds, rate) => measure('life', port, connections, seconds, rate, ...who)
  const per = []
  for (let i = 0; i < rounds; i++) per.push(clean(await live(64, 3, 0)).per_second)
  note(`lives a second, ${label}`, Math.round(median(per)))
  let failed = 0, late = 0, slowest = 0
  for (const rate of [1, 15, 1, 25, 2, 35, 10]) {
    const r = await live(64, 2, rate)
    failed += r.errors
    late += r.late
    slowest = Math.max(slowest, r.max_us)
  }
  note(`spikes of 1-15-1-25-2-35-10 lives a second, ${label}: slowest life, ms`, Math.round(slowest / 1000))
  ratio(`spikes, ${label}: failed calls and lives late by a second`, failed + late, 0, true)
  await s.stop('SIGTERM')
  return median(per)
}

async function lives() {
  const small = await livesOf(store.copy(await city(store, 10000), 'run'), '10,000 matters')
  store.forget('run')
  const lots = await livesOf(await city(store, large), `${large.toLocaleString('en')} matters`)
  ratio('lives a second, few matters', small, 500)
  ratio('lives a second, many matters', lots, 500)
  ratio('lives: many matters / few', lots / small, 0.80)
}

// --- locate: points to the areas of three layers, against GEOS and PostGIS; one layer over another

// The same points asked of PostGIS on a server of its own, all layers in one statement each; none
// where it is not installed.
async function postgis(folder) {
  if (!isInstalled) return undefined
  const server = startPostgres({ fsync: 'off', jit: 'off', shared_buffers: '512MB',
    max_parallel_workers_per_gather: 0 })
  const options = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1']
  const env = { ...process.env, ...server.env }
  const psql = async (...lines) => (await run('psql',
    [...options, ...lines.flatMap(l => ['-c', l])], { ...big, env })).stdout.trim()
  try {
    await psql('CREATE EXTENSION postgis',
      'CREATE TABLE zone (layer text, id int, wkb text)', `\\copy zone FROM '${folder}/zones.csv' CSV`,
      'CREATE TABLE point (id int, lon float8, lat float8, police int, grid int, micro int)',
      `\\copy point FROM '${folder}/points.csv' CSV`,
      'ALTER TABLE zone ADD shape geometry', 'UPDATE zone SET shape = ST_GeomFromWKB(decode(wkb, \'hex\'))',
      'CREATE INDEX zone_shape ON zone USING gist (shape)', 'ALTER TABLE point ADD at geometry',
      'UPDATE point SET at = ST_MakePoint(lon, lat)', 'VACUUM ANALYZE zone', 'VACUUM ANALYZE point')
    const begun = performance.now()
    const of = layer => `coalesce(max(z.id) FILTER (WHERE layer = '${layer}'), -1)`
    const differ = await psql(`SELECT count(*) FROM (SELECT
      ${of('police')} <> p.police OR ${of('grid')} <> p.grid OR ${of('micro')} <> p.micro AS differs
      FROM point p LEFT JOIN zone z ON ST_Contains(z.shape, p.at)
      GROUP BY p.id, p.police, p.grid, p.micro) f WHERE differs`)
    return { differ: Number(differ), seconds: (performance.now() - begun) / 1000 }
  } catch (e) {
    note('PostGIS', `not measured: ${e.message.split('\n')[0]}`)
  } finally {
    server.stop()
  }
}

// Who is responsible, asked over HTTP for one place after another.
async function responsible() {
  const db = await city(store, 10000), s = await server(db)
  writeFileSync(`${dir}/here.txt`, store.sql(db, `SELECT '/api/responsible?lon=' || lon || '&lat=' || lat
    FROM zone WHERE layer = 'micro' AND code % 100 = 1 ORDER BY code LIMIT 2000`).join('\n'))
  const r = clean(await measure('load', port, 'get', 1, 3, `${dir}/here.txt`))
  await s.stop('SIGTERM')
  ratio('who is responsible here, p99, ms', r.p99_us / 1000, 50, true)
}

async function locating() {
  const folder = `${process.cwd()}/${dir}`.replace(`${process.cwd()}//`, '/'), asked = 100000
  const r = await measure('locate', 1000000, rounds), o = await measure('overlay')
  note('points in all of ' + `${r.police} + ${r.grids} + ${r.micro_grids}` + ' areas, a second: atlas; GEOS',
    `${r.ours_per_second.toLocaleString('en')}; ${r.geos_per_second.toLocaleString('en')}`)
  note('points in one layer of 12,278 areas, a second: index; GEOS',
    `${r.index_one_layer_per_second.toLocaleString('en')}; ${r.geos_one_layer_per_second.toLocaleString('en')}`)
  note('atlas of three layers: made in, s; MiB', `${r.atlas_build_s}; ${r.atlas_mib}`)
  ratio('a million points in three layers / GEOS', r.ours_per_second / r.geos_per_second, 4)
  note('a million points in three layers / GEOS in one of them', (r.ours_per_second / r.geos_one_layer_per_second).toFixed(2))
  ratio('answers that differ from those of GEOS', r.differ, 0, true)
  await measure('locate', asked, 1, folder)
  const p = await postgis(folder)
  if (p) {
    note('points in three layers, a second, PostGIS with GiST', Math.round(asked / p.seconds))
    ratio('answers that differ from those of PostGIS', p.differ, 0, true)
  }
  note(`overlay of ${o.police} on ${o.grids} areas: overlaps; m² lost; m² doubled`, `${o.links}; ${o.lost_m2}; ${o.doubled_m2}`)
  ratio('overlay of both layers, s', o.seconds, 5, true)
  await responsible()
  ratio('overlay: how far a grid\'s shares are from 1 at worst', o.worst_share_sum, 1e-9, true)
}

// --- start and memory

async function starting() {
  const many = await city(store, large), times = [], memory = []
  for (let i = 0; i < rounds; i++) {
    const s = await server(many)
    times.push(s.startMs)
    await sleep(2000)
    memory.push(s.memoryMib())
    await s.stop('SIGTERM')
  }
  ratio('start to first answer, many matters, s', median(times) / 1000, 1, true)
  ratio('idle memory, many matters, MiB', median(memory), 100, true)
}

const machine = `${cpus().length} cores, ${cpus()[0].model.trim()}`, begun = performance.now()
say(`measuring ${store.name} on ${machine}; ${rounds} rounds of each pair`)
const parts = { start: starting, intake, servers, locate: locating, looks: looking, reads, lives }
try {
  for (const [name, part] of Object.entries(parts))
    if (wanted.has(name) && (name !== 'servers' || store !== sqlite)) await part()
} finally {
  store.stop()
}

console.log(`\n${store.name} (${store.settings}) on ${machine}; ${Math.round((performance.now() - begun) / 60000)} minutes\n`)
console.log('| figure | reached | wanted |\n|---|---|---|')
for (const [name, r] of Object.entries(results.ratios))
  console.log(`| ${name} | ${r.value.toFixed(2)}${r.met ? '' : ' (missed)'} | ${r.wish || ''} |`)
if (results.looks.length) {
  const sizes = `${small.toLocaleString('en')} | ${large.toLocaleString('en')} | ratio`
  console.log(`\n| ms, 8 clients | ${['p50', 'p99', 'p50 from disk', 'p99 from disk'].map(k => `${k}: ${sizes}`).join(' | ')} |`)
  console.log(`|---|${'---|'.repeat(12)}`)
  for (const look of results.looks) console.log(`| ${look.join(' | ')} |`)
}
console.log('\n| absolute, this run | |\n|---|---|')
for (const [name, v] of Object.entries(results.absolute)) console.log(`| ${name} | ${v.toLocaleString('en')} |`)
if (options.json) writeFileSync(options.json, JSON.stringify(results, null, 2))
process.exit(Object.values(results.ratios).every(r => r.met) ? 0 : 1)
