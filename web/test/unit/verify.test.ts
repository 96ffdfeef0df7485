// The check of a receipt, against a log built here from RFC 6962 and against every kind of tampering.
import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import type { Proof } from '../../shared/api/types.ts'
import { leafHash, rootFromPath, verifyProof } from '../../shared/verify.ts'

const sha = (...parts: Uint8Array[]): Buffer =>
  createHash('sha256').update(Buffer.concat(parts)).digest()
const node = (l: Uint8Array, r: Uint8Array): Buffer => sha(Uint8Array.of(1), l, r)
const half = (n: number): number => 2 ** Math.ceil(Math.log2(n) - 1)

function root(leaves: Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0]!
  const k = half(leaves.length)
  return node(root(leaves.slice(0, k)), root(leaves.slice(k)))
}

function path(m: number, leaves: Buffer[]): Buffer[] {
  if (leaves.length <= 1) return []
  const k = half(leaves.length)
  return m < k
    ? [...path(m, leaves.slice(0, k)), root(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), root(leaves.slice(0, k))]
}

const name = 'city.example/log'
const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
const keyId = sha(Buffer.from(`${name}\n`), Uint8Array.of(1), raw).subarray(0, 4)
const key = `${name}+${keyId.toString('hex')}+${Buffer.concat([Uint8Array.of(1), raw]).toString('base64')}`
const number = '320508-K7M2-QX4T'

function signNote(text: string): string {
  const signature = Buffer.concat([keyId, sign(null, Buffer.from(text), privateKey)])
  return `${text}\n— ${name} ${signature.toString('base64')}\n`
}

const text = '路灯不亮，夜里看不清'
const salt = Buffer.from('0123456789abcdef')

/** Canonical bytes as src/ledger/entry.h has them, with the digest of the text among the facts. */
function makeEntry(): Buffer {
  const facts = { owner: 7, text_sha256: sha(salt, Buffer.from(text)).toString('hex') }
  const texts = ['reporter', 'report', '', 'received', JSON.stringify(facts)].flatMap(part => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(Buffer.byteLength(part))
    return [length, Buffer.from(part)]
  })
  return Buffer.concat([Buffer.from('fengqiao-entry-v1\n'), Buffer.alloc(36, 1), ...texts])
}

function makeProof(index = 5, size = 11): Proof {
  const entry = makeEntry()
  const prev = Buffer.alloc(32)
  const hash = sha(entry, prev)
  const leaves = Array.from({ length: size }, (_, i) => sha(Uint8Array.of(0, i)))
  leaves[index] = sha(Uint8Array.of(0), hash)
  const b64 = (b: Uint8Array): string => Buffer.from(b).toString('base64')
  return {
    format: 'fengqiao-receipt-1',
    number,
    entry: b64(entry),
    prev: b64(prev),
    hash: b64(hash),
    key,
    text,
    salt: b64(salt),
    index,
    path: path(index, leaves).map(b64),
    checkpoint: signNote(`${name}\n${size}\n${b64(root(leaves))}\n`),
    promise: signNote(
      `fengqiao promise v1\n${name}\n${number}\n${b64(hash)}\n2026-11-23T10:00:00+08:00\n2026-11-23T11:00:00+08:00\n`,
    ),
  }
}

const states = async (proof: Proof, known = key): Promise<Record<string, string>> =>
  Object.fromEntries((await verifyProof(proof, known)).checks.map(c => [c.name, c.state]))
const good = { key: 'ok', hash: 'ok', text: 'ok', promise: 'ok', checkpoint: 'ok', path: 'ok' }
const flip = (base64: string): string => {
  const bytes = Buffer.from(base64, 'base64')
  bytes[0]! ^= 1
  return bytes.toString('base64')
}

test('every leaf of every tree up to 65 leaves leads to its root', async () => {
  for (let size = 1; size <= 65; size++) {
    const leaves = Array.from({ length: size }, (_, i) => sha(Uint8Array.of(0, i)))
    for (let i = 0; i < size; i++) {
      const found = await rootFromPath(leaves[i]!, i, size, path(i, leaves))
      assert.equal(Buffer.compare(found!, root(leaves)), 0, `leaf ${i} of ${size}`)
    }
  }
})

test('a path that is too short, too long or for another leaf leads nowhere', async () => {
  const leaves = Array.from({ length: 7 }, (_, i) => sha(Uint8Array.of(0, i)))
  const right = path(3, leaves)
  assert.equal(await rootFromPath(leaves[3]!, 3, 7, right.slice(1)), null)
  assert.equal(await rootFromPath(leaves[3]!, 3, 7, [...right, leaves[0]!]), null)
  assert.equal(await rootFromPath(leaves[3]!, 7, 7, right), null)
  assert.notDeepEqual(Buffer.from((await rootFromPath(leaves[2]!, 3, 7, right))!), root(leaves))
})

test('the leaf is the hash of 0x00 and the entry hash', async () => {
  assert.deepEqual(
    Buffer.from(await leafHash(Buffer.alloc(32, 7))),
    sha(Uint8Array.of(0), Buffer.alloc(32, 7)),
  )
})

test('an honest proof passes every check', async () => {
  assert.deepEqual(await states(makeProof()), good)
  const { size, logByMs } = await verifyProof(makeProof(), key)
  assert.equal(size, 11)
  assert.equal(logByMs, Date.parse('2026-11-23T11:00:00+08:00'))
})

test('before the log has the entry, its checks wait and the promise holds', async () => {
  const { checkpoint: _c, path: _p, index: _i, ...promised } = makeProof()
  assert.deepEqual(await states(promised), { ...good, checkpoint: 'wait', path: 'wait' })
})

test('each change is seen by the check it concerns', async () => {
  const proof = makeProof()
  assert.equal((await states({ ...proof, entry: flip(proof.entry) })).hash, 'bad')
  assert.equal(
    (await states({ ...proof, path: [flip(proof.path![0]!), ...proof.path!.slice(1)] })).path,
    'bad',
  )
  assert.equal((await states({ ...proof, index: 4 })).path, 'bad')
  assert.equal((await states({ ...proof, text: '一切都好' })).text, 'bad')
  assert.equal((await states({ ...proof, salt: flip(proof.salt!) })).text, 'bad')
  const { text: _t, salt: _s, ...erased } = proof
  assert.equal((await states(erased)).text, 'unable')
  assert.equal(
    (await states({ ...proof, promise: proof.promise!.replace('10:00:00', '10:00:01') })).promise,
    'bad',
  )
  assert.equal(
    (await states({ ...proof, checkpoint: proof.checkpoint!.replace('\n11\n', '\n12\n') }))
      .checkpoint,
    'bad',
  )
  assert.equal((await states({ ...proof, checkpoint: 'not a note' })).checkpoint, 'bad')
})

test('a promise for another matter or another entry does not count', async () => {
  const proof = makeProof()
  const result = await verifyProof({ ...proof, number: '320508-AAAA-BBBB' }, key)
  assert.equal(result.checks.find(c => c.name === 'promise')!.state, 'bad')
  const other = Buffer.alloc(32, 1).toString('base64')
  assert.equal(
    (
      await states({
        ...proof,
        promise: signNote(`fengqiao promise v1\n${name}\n${number}\n${other}\nx\ny\n`),
      })
    ).promise,
    'bad',
  )
})

test('a key other than the published one is refused', async () => {
  assert.equal((await states(makeProof(), 'city.example/log+00000000+AAAA')).key, 'bad')
  const wrongId = key.replace(/\+[0-9a-f]{8}\+/, '+00000000+')
  assert.equal((await states({ ...makeProof(), key: wrongId }, wrongId)).key, 'bad')
})
