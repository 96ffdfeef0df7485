// Checks a receipt in the browser, with nothing but the proof: the entry's hash, the node's signed
// promise, the signed head of the log (C2SP tlog-checkpoint) and the path that leads from the entry
// to it (RFC 9162 section 2.1.3.2). No result is taken from the server.
import type { Proof } from './api/types.ts'

export type CheckName = 'key' | 'hash' | 'text' | 'promise' | 'checkpoint' | 'path'
/** ok, bad: computed here; wait: not logged yet; unable: this browser cannot compute it. */
export type CheckState = 'ok' | 'bad' | 'wait' | 'unable'
export interface Check {
  name: CheckName
  state: CheckState
}
export interface VerifyResult {
  checks: Check[]
  size?: number
  logByMs?: number
}

interface NodeKey {
  name: string
  id: Uint8Array
  publicKey: Uint8Array
}
interface Note {
  text: string
  lines: string[]
}
interface Opened {
  state: CheckState
  note?: Note
}

const utf8 = new TextEncoder()

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), c => c.charCodeAt(0))
}

function concat(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

const equal = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i])

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  return new Uint8Array(
    await crypto.subtle.digest('SHA-256', concat(...parts) as Uint8Array<ArrayBuffer>),
  )
}

export const leafHash = (entryHash: Uint8Array): Promise<Uint8Array> =>
  sha256(Uint8Array.of(0), entryHash)
const nodeHash = (l: Uint8Array, r: Uint8Array): Promise<Uint8Array> =>
  sha256(Uint8Array.of(1), l, r)

/** RFC 9162 2.1.3.2: the root that `path` leads to from leaf `index` of `size`, or null. */
export async function rootFromPath(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: Uint8Array[],
): Promise<Uint8Array | null> {
  if (index >= size) return null
  let fn = index
  let sn = size - 1
  let hash = leaf
  for (const sibling of path) {
    if (sn === 0) return null
    if (fn % 2 === 1 || fn === sn) {
      hash = await nodeHash(sibling, hash)
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2)
        sn = Math.floor(sn / 2)
      }
    } else {
      hash = await nodeHash(hash, sibling)
    }
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  return sn === 0 ? hash : null
}

/** "NAME+HASH+BASE64(0x01 || key)"; null unless the hash belongs to name and key. */
async function parseKey(text: string): Promise<NodeKey | null> {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/.exec(text)
  if (!match) return null
  const typed = bytesOf(match[3]!)
  if (typed.length !== 33 || typed[0] !== 1) return null
  const id = (await sha256(utf8.encode(`${match[1]}\n`), typed)).slice(0, 4)
  const given = Uint8Array.from(match[2]!.match(/../g)!, hex => parseInt(hex, 16))
  return equal(id, given) ? { name: match[1]!, id, publicKey: typed.slice(1) } : null
}

/** Whether `key` signed the note; `unable` when this browser has no Ed25519. */
async function openNote(note: string, key: NodeKey): Promise<Opened> {
  const cut = note.indexOf('\n\n')
  if (cut < 0) return { state: 'bad' }
  const text = note.slice(0, cut + 1)
  const start = `— ${key.name} `
  const line = note
    .slice(cut + 2)
    .split('\n')
    .find(l => l.startsWith(start))
  const blob = line ? bytesOf(line.slice(start.length)) : new Uint8Array()
  if (blob.length !== 68 || !equal(blob.slice(0, 4), key.id)) return { state: 'bad' }
  const opened = { text, lines: text.split('\n') }
  let imported: CryptoKey
  try {
    imported = await crypto.subtle.importKey(
      'raw',
      key.publicKey as Uint8Array<ArrayBuffer>,
      'Ed25519',
      false,
      ['verify'],
    )
  } catch {
    return { state: 'unable', note: opened }
  }
  const ok = await crypto.subtle.verify('Ed25519', imported, blob.slice(4), utf8.encode(text))
  return { state: ok ? 'ok' : 'bad', note: opened }
}

/** The facts of a canonical entry (src/ledger/entry.h): the last of its five texts. */
function factsOf(entry: Uint8Array): Record<string, unknown> {
  const view = new DataView(entry.buffer, entry.byteOffset, entry.byteLength)
  let at = utf8.encode('fengqiao-entry-v1\n').length + 36
  for (let i = 0; i < 4; i++) at += 4 + view.getUint32(at)
  const text = new TextDecoder().decode(entry.slice(at + 4, at + 4 + view.getUint32(at)))
  return JSON.parse(text) as Record<string, unknown>
}

/** Whether the text that came along is the one whose digest the entry holds. */
async function checkText(proof: Proof): Promise<CheckState> {
  if (proof.text === undefined || proof.salt === undefined) return 'unable'
  const digest = await sha256(bytesOf(proof.salt), utf8.encode(proof.text))
  const hex = Array.from(digest, b => b.toString(16).padStart(2, '0')).join('')
  try {
    return factsOf(bytesOf(proof.entry)).text_sha256 === hex ? 'ok' : 'bad'
  } catch {
    return 'bad'
  }
}

async function checkPromise(
  proof: Proof,
  key: NodeKey,
  result: VerifyResult,
): Promise<CheckState> {
  if (!proof.promise) return proof.checkpoint ? 'ok' : 'bad'
  const { state, note } = await openNote(proof.promise, key)
  if (!note) return 'bad'
  const [format, node, matter, hash, , logBy] = note.lines
  if (format !== 'fengqiao promise v1' || node !== key.name || matter !== proof.number) return 'bad'
  if (hash !== proof.hash) return 'bad'
  result.logByMs = Date.parse(logBy ?? '')
  return state
}

async function checkLog(
  proof: Proof,
  key: NodeKey,
  result: VerifyResult,
): Promise<[CheckState, CheckState]> {
  if (!proof.checkpoint || !proof.path || proof.index === undefined) return ['wait', 'wait']
  const { state, note } = await openNote(proof.checkpoint, key)
  if (!note) return ['bad', 'bad']
  const [origin, sizeText, rootText] = note.lines
  const size = Number(sizeText)
  if (origin !== key.name || !Number.isSafeInteger(size)) return ['bad', 'bad']
  result.size = size
  const leaf = await leafHash(bytesOf(proof.hash))
  const root = await rootFromPath(leaf, proof.index, size, proof.path.map(bytesOf))
  return [state, root && equal(root, bytesOf(rootText ?? '')) ? 'ok' : 'bad']
}

/** Runs every check of the proof; `knownKey` is the key this phone trusts. */
export async function verifyProof(proof: Proof, knownKey: string): Promise<VerifyResult> {
  const names: CheckName[] = ['key', 'hash', 'text', 'promise', 'checkpoint', 'path']
  if (!globalThis.crypto?.subtle) return { checks: names.map(name => ({ name, state: 'unable' })) }
  const result: VerifyResult = { checks: [] }
  const add = (name: CheckName, state: CheckState): number => result.checks.push({ name, state })
  const key = await parseKey(proof.key)
  add('key', key && (!knownKey || proof.key === knownKey) ? 'ok' : 'bad')
  const hash = await sha256(bytesOf(proof.entry), bytesOf(proof.prev))
  add('hash', equal(hash, bytesOf(proof.hash)) ? 'ok' : 'bad')
  add('text', await checkText(proof))
  if (!key) return result
  add('promise', await checkPromise(proof, key, result))
  const [checkpoint, path] = await checkLog(proof, key, result)
  add('checkpoint', checkpoint)
  add('path', path)
  return result
}
