// The figures of docs/performance.md, each as a ratio of two things measured in turn on the same
// machine in the same run: the product, and the most that could be had there (nginx, bare
// libmicrohttpd, bare SQLite). Each pair runs several times; medians count.
//   run.sh [--rounds N] [--large N] [--dir DIR] [--only PART,PART] [--json FILE]
// PARTs: intake, reads, lives, start. Databases are made once in DIR (var/bench) and kept.
import { spawn, execFile, execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { cpus } from 'node:os'
import { promisify, parseArgs } from 'node:util'

const { values: options } = parseArgs({ options: {
  rounds: { type: 'string', default: '5' }, large: { type: 'string', default: '1000000' },
  dir: { type: 'string', default: 'var/bench' }, only: { type: 'string', default: 'intake,reads,lives,start' },
  json: { type: 'string' }, port: { type: 'string', default: '18700' } } })
const rounds = Number(options.rounds), large = Number(options.large), dir = options.dir
const build = process.env.BUILD ?? 'build', port = Number(options.port)
const password = 'fengqiao-demo-2026'
const run = promisify(execFile)
const wanted = new Set(options.only.split(','))
const results = { ratios: {}, absolute: {} }
const big = { maxBuffer: 64 << 20 }

const median = values => [...values].sort((a, b) => a - b)[values.length >> 1]
const say = text => process.stderr.write(`${text}\n`)
const tool = name => `${build}/tests/bench/${name}`
const sql = (db, text) => execFileSync('sqlite3', ['-separator', ' ', db, text], big).toString().trim().split('\n')

async function measure(name, ...args) {
  try {
    return JSON.parse((await run(tool(name), args.map(String), big)).stdout)
  } catch (e) {
    if (e.stdout) return JSON.parse(e.stdout)
    throw e
  }
}

// A child process that is told to stop, and waited for.
function start(file, args, options = {}) {
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'], ...options })
  const gone = new Promise(done => child.on('exit', done))
  return { child, line: () => new Promise(done => createInterface(child.stdout).once('line', done)),
    stop: async signal => { if (signal) child.kill(signal); else child.stdin.end(); await gone } }
}

async function ready(at) {
  for (let tries = 0; tries < 2000; tries++) {
    try {
      if ((await fetch(`http://127.0.0.1:${at}/readyz`)).ok) return
    } catch { /* not yet */ }
    await sleep(5)
  }
  throw new Error(`nothing answers on port ${at}`)
}

async function database(name, matters) {
  const path = `${dir}/${name}.db`
  if (existsSync(path) && existsSync(`${path}.done`)) return path
  forget(path)
  say(`making ${path} with ${matters} matters`)
  execFileSync(`${build}/fengqiao`, ['demo', '--db', path, '--matters', String(matters), '--only-make'],
    { stdio: ['ignore', 'inherit', 'inherit'] })
  const s = await server(path)
  await rest(s)
  await s.stop('SIGTERM')
  writeFileSync(`${path}.done`, '')
  return path
}

function forget(path) {
  for (const end of ['', '-wal', '-shm', '.lock', '.key', '.search', '.search-wal', '.search-shm', '.done', '.photos'])
    rmSync(path + end, { force: true, recursive: true })
}

function copy(from, to) {
  forget(to)
  copyFileSync(from, to)
  for (const end of ['.key', '.search'])
    if (existsSync(from + end)) copyFileSync(from + end, to + end)
  return to
}

async function server(db) {
  const s = start(`${build}/fengqiao`, ['serve', '--db', db, '--listen', `127.0.0.1:${port}`, '--no-limits'])
  const begun = performance.now()
  s.child.stdout.resume()
  await ready(port)
  s.startMs = performance.now() - begun
  s.memoryMib = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${s.child.pid}/status`, 'utf8'))[1]) / 1024
  return s
}

// A database just made is indexed and logged first; measuring begins when the server rests.
async function rest(s) {
  const ticks = () => readFileSync(`/proc/${s.child.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13)
    .reduce((sum, t) => sum + Number(t), 0)
  for (let calm = 0, before = ticks(), now; calm < 3; before = now) {
    await sleep(1000)
    now = ticks()
    calm = now - before <= 5 ? calm + 1 : 0
  }
}

async function login(username) {
  const answer = await fetch(`http://127.0.0.1:${port}/api/login`, { method: 'POST',
    headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username, password }) })
  if (!answer.ok) throw new Error(`login of ${username}: ${answer.status}`)
  return /fq_session=([^;]+)/.exec(answer.headers.get('set-cookie'))[1]
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

async function intake(small) {
  const db = copy(small, `${dir}/run.db`), raw = `${dir}/raw.db`, places = `${dir}/places.txt`
  writeFileSync(places, sql(small, 'SELECT code, lon, lat FROM grid WHERE code / 1000000000 = 320508').join('\n'))
  const s = await server(db)
  const first = clean(await measure('load', port, 'post', 64, 1, places))
  const n = await nginx(first.bytes)
  const ours = [], theirs = [], bare = [], one = [], bareOne = [], slow = []
  for (let i = 0; i < rounds; i++) {
    const fsync = (await measure('raw_sqlite', 'sync', dir)).fdatasync_us
    const r = clean(await measure('load', port, 'post', 64, 3, places))
    ours.push(r.per_second)
    slow.push(r.p99_us / fsync)
    theirs.push(clean(await measure('load', n.port, 'post', 64, 2, places)).per_second)
    one.push(clean(await measure('load', port, 'post', 1, 2, places)).per_second)
    copy(small, raw)
    bare.push((await measure('raw_sqlite', 'rows', db, raw, 64, 20000)).per_second)
    copy(small, raw)
    bareOne.push((await measure('raw_sqlite', 'rows', db, raw, 1, 2000)).per_second)
    note('fdatasync of 4 KB, us', fsync)
  }
  await n.stop('SIGTERM')
  await s.stop('SIGTERM')
  const of = (a, b) => median(a.map((v, i) => v / b[i]))
  note('reports a second, 64 connections', Math.round(median(ours)))
  note('reports a second, 1 connection', Math.round(median(one)))
  note('rows a second, bare SQLite, groups of 64', Math.round(median(bare)))
  note('rows a second, bare SQLite, one by one', Math.round(median(bareOne)))
  note('constant answers a second, nginx', Math.round(median(theirs)))
  note('bare SQLite in groups of 64 / nginx constant answer: all that this disk and schema leave',
    Number(of(bare, theirs).toFixed(2)))
  ratio('intake, 64 connections / bare SQLite in groups of 64', of(ours, bare), 0.30)
  ratio('intake, 64 connections / nginx constant answer', of(ours, theirs), 0.20)
  ratio('intake, 1 connection / bare SQLite one by one', of(one, bareOne), 0.35)
  ratio('intake, 64 connections, p99 in fdatasync times', median(slow), 120, true)
  forget(raw)
  forget(db)
}

// --- reads: one matter, and a grid's list, against a constant answer of the same size

// The same forty grids get sixty open matters each, whatever else the database holds.
async function fillGrids(db) {
  const grids = sql(db, 'SELECT code, lon, lat FROM grid WHERE code / 1000000000 = 320508 ORDER BY code LIMIT 40')
  const count = () => Number(sql(db, `SELECT count(*) FROM matter WHERE open = 1 AND grid IN (${grids.map(g => g.split(' ')[0])})`)[0])
  writeFileSync(`${dir}/grids.txt`, grids.join('\n'))
  while (count() < 40 * 60) clean(await measure('load', port, 'post', 64, 1, `${dir}/grids.txt`))
  writeFileSync(`${dir}/lists.txt`, grids.map(g => `/api/matters?view=region&grid=${g.split(' ')[0]}`).join('\n'))
  // As many in each database, and few enough to be kept; then so many that each is a first look.
  const paths = sql(db, "SELECT '/api/matters/' || number FROM matter WHERE area = 320508 ORDER BY created_ms * 7919 % 1000003 LIMIT 11000")
  writeFileSync(`${dir}/numbers.txt`, paths.slice(0, 1000).join('\n'))
  writeFileSync(`${dir}/first.txt`, paths.slice(1000).join('\n'))
}

async function readsOf(db, label) {
  const s = await server(db)
  await fillGrids(db)
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
  clean(await look())
  note(`one matter looked at for the first time, ${label}: answers a second`,
    Math.round(clean(await look()).per_second))
  await s.stop('SIGTERM')
  return found
}

async function reads(small, many) {
  const few = await readsOf(copy(small, `${dir}/run.db`), '10,000 matters')
  forget(`${dir}/run.db`)
  const lots = await readsOf(many, `${large.toLocaleString('en')} matters`)
  for (const what of Object.keys(few))
    ratio(`${what}: many matters / few`, lots[what] / few[what], 0.80)
}

// --- lives: report, assign, settle, search

async function livesOf(db, label) {
  const s = await server(db)
  const unit = sql(db, "SELECT id FROM unit WHERE region = 320508018023 AND desk = 1")[0]
  const grid = sql(db, 'SELECT code FROM grid WHERE code / 1000 = 320508018023 LIMIT 1')[0]
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

async function lives(few, many) {
  const small = await livesOf(copy(few, `${dir}/run.db`), '1,000 matters')
  forget(`${dir}/run.db`)
  const lots = await livesOf(many, `${large.toLocaleString('en')} matters`)
  ratio('lives a second, few matters', small, 500)
  ratio('lives a second, many matters', lots, 500)
  ratio('lives: many matters / few', lots / small, 0.80)
}

// --- start and memory

async function starting(many) {
  const times = [], memory = []
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

mkdirSync(dir, { recursive: true })
const machine = `${cpus().length} cores, ${cpus()[0].model.trim()}`
say(`measuring on ${machine}; ${rounds} rounds of each pair`)
const small = wanted.has('intake') || wanted.has('reads') ? await database('small', 10000) : null
const many = ['reads', 'lives', 'start'].some(p => wanted.has(p)) ? await database(`large-${large}`, large) : null
if (wanted.has('start')) await starting(many)
if (wanted.has('intake')) await intake(small)
if (wanted.has('reads')) await reads(small, many)
if (wanted.has('lives')) await lives(await database('few', 1000), many)

console.log(`\nMeasured on ${machine}\n\n| figure | reached | wanted |\n|---|---|---|`)
for (const [name, r] of Object.entries(results.ratios))
  console.log(`| ${name} | ${r.value.toFixed(2)}${r.met ? '' : ' (missed)'} | ${r.wish} |`)
console.log('\n| absolute, this run | |\n|---|---|')
for (const [name, v] of Object.entries(results.absolute)) console.log(`| ${name} | ${v.toLocaleString('en')} |`)
if (options.json) writeFileSync(options.json, JSON.stringify({ machine, ...results }, null, 1))
process.exit(Object.values(results.ratios).every(r => r.met) ? 0 : 1)
