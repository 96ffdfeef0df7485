// Kills the server again and again under full intake, and then asks: is every report that was
// acknowledged there, exactly once, and does the record verify?
//   node tests/fault/kill9.mjs [ROUNDS] [CLIENTS] [power]      prints one line with the figures
// With "power" the disk loses its current too: the database lies on an XFS of its own in a file,
// which is shut down without writing anything more (what the kernel still held is gone), and is
// then mounted anew. Needs root, a loop device and xfsprogs.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import http from 'node:http'

const rounds = Number(process.argv[2] ?? 50)
const clients = Number(process.argv[3] ?? 16)
const program = process.env.FENGQIAO ?? 'build/fengqiao'
const power = process.argv[4] === 'power'
const dir = mkdtempSync(join(process.env.TMPDIR ?? tmpdir(), 'fengqiao-kill9-'))
const image = join(dir, 'disk.img'), disk = join(dir, 'disk')
const db = join(power ? disk : dir, 'x.db')
const acknowledged = new Map()          // idempotency key -> receipt as first answered
const mismatched = []
const readyMs = []
let port = 0
let sequence = 0
let stop = false

function must(command, ...args) {
  const done = spawnSync(command, args, { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${done.stderr ?? done.error}`)
}
const mount = () => must('mount', '-o', 'loop', image, disk)
if (power) {
  mkdirSync(disk)
  must('truncate', '-s', '2G', image)
  must('mkfs.xfs', '-q', image)
  mount()
}

const run = spawnSync(program, ['demo', '--db', db, '--matters', '0', '--only-make'], { encoding: 'utf8' })
if (run.status !== 0) throw new Error(run.stderr)

function start() {
  const began = Date.now()
  const child = spawn(program, ['serve', '--db', db, '--listen', '127.0.0.1:0', '--no-limits', '--lang', 'en'],
    { stdio: ['ignore', 'pipe', 'ignore'] })
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
      const found = /port (\d+)/.exec(text)
      if (!found) return
      port = Number(found[1])
      readyMs.push(Date.now() - began)
      resolve(child)
    })
    child.on('exit', () => reject(new Error('the server did not start')))
  })
}

function call(agent, method, path, headers, body) {
  return new Promise((resolve) => {
    const request = http.request({ agent, port, host: '127.0.0.1', method, path, timeout: 5000,
      headers: { ...headers, ...(body ? { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) } : {}) } },
    (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => { text += chunk })
      response.on('end', () => resolve({ status: response.statusCode, text }))
      response.on('error', () => resolve({ status: 0, text: '' }))
    })
    request.on('error', () => resolve({ status: 0, text: '' }))
    request.on('timeout', () => request.destroy())
    request.end(body)
  })
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

// One client: sends report after report; whatever goes wrong, it sends the same key again.
async function client(name) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  while (!stop) {
    const key = `kill9-${name}-${String(++sequence).padStart(10, '0')}`
    const body = JSON.stringify({ text: `演练上报 ${key} 楼道堆物`, place_text: '平江路 128 号' })
    while (!stop) {
      const answer = await call(agent, 'POST', '/api/reports', { 'Idempotency-Key': key }, body)
      if (answer.status === 200) {
        acknowledged.set(key, answer.text)
        if (Math.random() < 0.05) {
          const again = await call(agent, 'POST', '/api/reports', { 'Idempotency-Key': key }, body)
          if (again.status === 200 && again.text !== answer.text) mismatched.push(key)
        }
        break
      }
      if (answer.status >= 400 && answer.status < 500) throw new Error(answer.text)
      await pause(20)
    }
  }
  agent.destroy()
}

let server = await start()
const running = Array.from({ length: clients }, (_, i) => client(i))
for (let round = 0; round < rounds; round++) {
  await pause(200 + Math.random() * 800)
  const gone = new Promise((resolve) => server.once('exit', resolve))
  server.removeAllListeners('exit')
  server.once('exit', () => {})
  const left = new Promise((resolve) => server.once('close', resolve))
  if (power) must('xfs_io', '-x', '-c', 'shutdown', disk)
  server.kill('SIGKILL')
  await Promise.race([gone, left])
  if (power) {
    must('umount', disk)
    mount()
  }
  server = await start()
}
await pause(500)
stop = true
await Promise.all(running)

// Every acknowledged code must open its matter.
let lost = 0
const agent = new http.Agent({ keepAlive: true, maxSockets: 8 })
const sample = [...acknowledged.values()]
for (let i = 0; i < sample.length; i += 64)
  await Promise.all(sample.slice(i, i + 64).map(async (text) => {
    const receipt = JSON.parse(text)
    const answer = await call(agent, 'GET', '/api/receipt', { Authorization: `Receipt ${receipt.code}` })
    if (answer.status !== 200 || JSON.parse(answer.text).number !== receipt.number) lost++
  }))
agent.destroy()
server.removeAllListeners('exit')
server.kill('SIGTERM')
await new Promise((resolve) => server.once('close', resolve))

const rows = new DatabaseSync(db, { readOnly: true })
const twice = rows.prepare("SELECT count(*) AS n FROM (SELECT text FROM matter WHERE text LIKE '演练上报%' GROUP BY text HAVING count(*) > 1)").get().n
const stored = rows.prepare("SELECT count(*) AS n FROM matter WHERE text LIKE '演练上报%'").get().n
rows.close()
const verify = spawnSync(program, ['verify', '--db', db], { encoding: 'utf8' })
readyMs.sort((a, b) => a - b)
console.log(`${power ? 'power cut' : 'kill -9'} x ${rounds}: ${acknowledged.size} acknowledged, ${lost} lost, ${twice} twice, ` +
  `${mismatched.length} receipts differing on repetition, ${stored} stored, verify ${verify.status === 0 ? 'clean' : 'NOT CLEAN'}, ` +
  `ready after p50 ${readyMs[readyMs.length >> 1]} ms, max ${readyMs.at(-1)} ms`)
if (verify.status !== 0) console.log(verify.stdout + verify.stderr)
if (power) must('umount', disk)
rmSync(dir, { recursive: true })
process.exit(lost || twice || mismatched.length || verify.status ? 1 : 0)
