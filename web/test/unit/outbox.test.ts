// What must hold for the outbox: nothing is lost, nothing is sent twice, nothing is called sent
// before the server said so.
import 'fake-indexeddb/auto'
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'

type Answer = { status: number; body?: unknown } | 'down'
interface Call {
  path: string
  key: string | null
  body: string
  receipt: string | null
}

await import('vue') // before there is a document: it would want more of it
const listeners = new Map<string, () => void>()
Object.assign(globalThis, {
  addEventListener: (name: string, f: () => void) => listeners.set(name, f),
  document: { addEventListener: () => {}, visibilityState: 'visible' },
})
Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true })

// timers of the next try must not keep the test running
const setTimer = globalThis.setTimeout
globalThis.setTimeout = ((f: () => void, ms: number) =>
  setTimer(f, ms).unref()) as unknown as typeof setTimeout

let answer: (path: string) => Answer = () => ({
  status: 200,
  body: { upload: 'token', number: 'n' },
})
const calls: Call[] = []
globalThis.fetch = async (path, init) => {
  const headers = new Headers(init?.headers)
  const body = init?.body instanceof Blob ? 'blob' : String(init?.body)
  calls.push({
    path: String(path),
    key: headers.get('Idempotency-Key'),
    body,
    receipt: headers.get('Authorization'),
  })
  const given = answer(String(path))
  if (given === 'down') throw new TypeError('network')
  return new Response(JSON.stringify(given.body ?? {}), { status: given.status })
}

const box = await import('../../shared/outbox.ts')
const sent: string[] = []
await box.startOutbox(item => void sent.push(item.key))

const report = (key: string, more: object = {}) =>
  box.enqueue({
    key,
    kind: 'report' as const,
    path: '/api/reports',
    body: { text: 'lamp' },
    label: 'lamp',
    ...more,
  })
const left = () => box.outbox.value.filter(i => i.state !== 'sent')

beforeEach(async () => {
  for (const item of box.outbox.value) await box.discard(item.key)
  calls.length = 0
  sent.length = 0
  box.setOutboxAccount(undefined)
  answer = () => ({ status: 200, body: { upload: `token${calls.length}`, number: 'n' } })
})

test('online, an item is sent at once under its key and leaves', async () => {
  const item = await report('k1')
  assert.equal(item.state, 'sent')
  assert.deepEqual(item.answer, { upload: 'token1', number: 'n' })
  assert.deepEqual(sent, ['k1'])
  assert.equal(calls[0]!.key, 'k1')
  assert.equal(left().length, 0)
})

test('a button pressed twice sends once; pressed again later it sends again', async () => {
  const both = await Promise.all([report('k1'), report('k1-too')])
  assert.deepEqual(both.map(i => [i.key, i.state]), [['k1', 'sent'], ['k1', 'sent']])
  assert.equal((await report('k1-later')).key, 'k1-later')
  assert.deepEqual(sent, ['k1', 'k1-later'])
})

test('without a network it waits, and goes with the same key when the network returns', async () => {
  answer = () => 'down'
  assert.equal((await report('k2')).state, 'waiting')
  assert.deepEqual(sent, [])
  answer = () => ({ status: 200, body: {} })
  listeners.get('online')!()
  await box.flush()
  assert.deepEqual(sent, ['k2'])
  assert.deepEqual(
    calls.map(c => c.key),
    ['k2', 'k2'],
  )
})

test('a busy server keeps the item waiting; a refusal is final and carries its reason', async () => {
  answer = () => ({ status: 503, body: { code: 'busy', message: 'later' } })
  assert.equal((await report('k3')).state, 'waiting')
  answer = () => ({ status: 422, body: { code: 'input', field: 'text', message: 'too short' } })
  await box.flush()
  const item = left()[0]!
  assert.equal(item.state, 'refused')
  assert.equal(item.error, 'too short')
  await box.flush()
  assert.equal(calls.length, 2, 'a refused item is not sent again by itself')
})

test('one refused item does not hold back the next', async () => {
  answer = () => 'down'
  await report('bad')
  await report('good')
  answer = () =>
    calls.at(-1)!.key === 'bad'
      ? { status: 409, body: { code: 'conflict', message: 'old' } }
      : { status: 200, body: {} }
  await box.flush()
  assert.deepEqual(sent, ['good'])
  assert.deepEqual(
    left().map(i => [i.key, i.state]),
    [['bad', 'refused']],
  )
})

test('photos go first, each under a key of its own, and are not uploaded again after a cut', async () => {
  const photos = [new Blob(['a']), new Blob(['b'])]
  answer = path =>
    path.startsWith('/api/reports')
      ? 'down'
      : { status: 200, body: { upload: `t-${calls.length}` } }
  assert.equal((await report('k5', { photos })).state, 'waiting')
  answer = () => ({ status: 200, body: {} })
  await box.flush()
  assert.deepEqual(
    calls.map(c => c.key),
    ['k5-p0', 'k5-p1', 'k5', 'k5'],
  )
  assert.deepEqual(JSON.parse(calls.at(-1)!.body).uploads, ['t-1', 't-2'])
})

test('an expired session keeps the item waiting', async () => {
  answer = () => ({ status: 401, body: { code: 'login', message: 'log in' } })
  assert.equal((await report('k6')).state, 'waiting')
})

test('items of one account are not sent by another, and go when that person leaves', async () => {
  box.setOutboxAccount('zhang')
  answer = () => 'down'
  await report('k7', { account: 'wang' })
  answer = () => ({ status: 200, body: {} })
  await box.flush()
  assert.equal(calls.length, 0)
  await box.clearAccountItems()
  assert.equal(left().length, 0)
})

test('a step of a reporter carries the receipt code', async () => {
  await report('k8', {
    kind: 'receipt' as const,
    path: '/api/receipt/urge',
    receipt: 'AAAAAA-BBBBBB-CCCCCC',
  })
  assert.equal(calls[0]!.receipt, 'Receipt AAAAAA-BBBBBB-CCCCCC')
})

test('a full box refuses more rather than dropping something', async () => {
  answer = () => 'down'
  for (let i = 0; i < 30; i++) await report(`f${i}`)
  await assert.rejects(report('too-many'), box.OutboxFull)
  assert.equal(left().length, 30)
})
