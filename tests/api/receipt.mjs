// receipt.mjs: a stranger's check of a reporter's proof, written from the formats' descriptions
// (src/ledger/verify.h, entry.h, promise.h; C2SP signed-note and tlog-checkpoint) and sharing no code
// with the program: node:crypto for Ed25519 and SHA-256, rfc6962.ts for the tree.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { leafHash, verifyInclusion } from './rfc6962.ts';

const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex'); // RFC 8410

function need(condition, what) {
  if (!condition) throw new Error(what);
}

function base64(text, length) {
  const raw = Buffer.from(text, 'base64');
  need(raw.toString('base64') === text, `not base64: ${text}`);
  need(length === undefined || raw.length === length, `not ${length} bytes: ${text}`);
  return raw;
}

/** "NAME+HASH+KEY" -> {name, hash (4 bytes), key} */
export function parseKey(text) {
  const [name, hex, encoded, ...more] = text.split('+');
  const rest = [encoded, ...more].join('+'); // the base64 alphabet has a plus of its own
  const typed = base64(rest, 33);
  need(name && typed[0] === 1, 'not an Ed25519 verifier key');
  const hash = sha256(Buffer.from(`${name}\n`), typed).subarray(0, 4);
  need(hash.toString('hex') === hex, 'the hash of the key does not fit');
  const der = Buffer.concat([ed25519Prefix, typed.subarray(1)]);
  return { name, hash, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

/** The signed text of a note, or an error. */
export function openNote(note, by) {
  const at = note.lastIndexOf('\n\n');
  need(at > 0 && note.endsWith('\n'), 'not a signed note');
  const text = note.slice(0, at + 1);
  const lines = note.slice(at + 2, -1).split('\n');
  const ours = lines.map((line) => {
    const [dash, name, encoded, ...more] = line.split(' ');
    need(dash === '—' && name && encoded && more.length === 0, 'not a signature line');
    return { name, raw: base64(encoded) };
  }).filter(({ name, raw }) => name === by.name && by.hash.equals(raw.subarray(0, 4)));
  need(ours.length > 0, 'not signed by this key');
  for (const { raw } of ours) {
    need(verify(null, Buffer.from(text), by.key, raw.subarray(4)), 'the signature is wrong');
  }
  return text;
}

export function parseCheckpoint(text, origin) {
  const [name, size, root] = text.split('\n');
  need(name === origin, 'the checkpoint is of another log');
  need(/^(0|[1-9]\d*)$/.test(size), 'malformed size');
  return { size: Number(size), root: base64(root, 32).toString('hex') };
}

export function parsePromise(text, node) {
  const [head, name, number, hash, at, logBy, end, ...more] = text.split('\n');
  need(head === 'fengqiao promise v1' && name === node, 'not a promise of this node');
  need(end === '' && more.length === 0, 'a promise has six lines');
  return { number, hash: base64(hash, 32), at: new Date(at), logBy: new Date(logBy) };
}

/** Canonical bytes of an entry (entry.h). */
export function encodeEntry(e) {
  const numbers = Buffer.alloc(36);
  numbers.writeUInt32BE(e.area, 0);
  [e.matterId, e.seq, e.atMs, e.accountId].forEach((v, i) => {
    numbers.writeBigInt64BE(BigInt(v), 4 + 8 * i);
  });
  const texts = [e.role, e.action, e.from, e.to, e.data].flatMap((text) => {
    const raw = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(raw.length);
    return [length, raw];
  });
  return Buffer.concat([Buffer.from('fengqiao-entry-v1\n'), numbers, ...texts]);
}

export function decodeEntry(raw) {
  const head = 'fengqiao-entry-v1\n';
  need(raw.subarray(0, head.length).toString() === head, 'not an entry');
  let at = head.length + 36;
  const text = () => {
    const n = raw.readUInt32BE(at);
    at += 4 + n;
    need(at <= raw.length, 'the entry is cut');
    return raw.subarray(at - n, at).toString();
  };
  const number = (i) => Number(raw.readBigInt64BE(head.length + 4 + 8 * i));
  const entry = {
    area: raw.readUInt32BE(head.length),
    matterId: number(0), seq: number(1), atMs: number(2), accountId: number(3),
    role: text(), action: text(), from: text(), to: text(), data: text(),
  };
  need(at === raw.length && encodeEntry(entry).equals(raw), 'the entry is not canonical');
  return entry;
}

export const entryHash = (canonical, prev) => sha256(canonical, prev ?? Buffer.alloc(32));

/** Throws what is wrong, or returns {entry, number, logged, index, size, logBy}. */
export function checkReceipt(receipt, knownKey) {
  need(receipt.format === 'fengqiao-receipt-1', 'unknown format');
  need(knownKey === undefined || knownKey === receipt.key, 'issued under another key');
  const key = parseKey(receipt.key);
  const canonical = base64(receipt.entry);
  const entry = decodeEntry(canonical);
  const hash = base64(receipt.hash, 32);
  need(entryHash(canonical, base64(receipt.prev, 32)).equals(hash), 'the entry was changed');
  if (receipt.text !== undefined) {
    const digest = sha256(base64(receipt.salt), Buffer.from(receipt.text)).toString('hex');
    need(JSON.parse(entry.data).text_sha256 === digest, 'the text was changed');
  }
  const result = { entry, logged: receipt.checkpoint !== undefined };
  need(result.logged || receipt.promise !== undefined, 'neither promised nor logged');
  if (receipt.promise !== undefined) {
    const promise = parsePromise(openNote(receipt.promise, key), key.name);
    need(promise.number === receipt.number && promise.hash.equals(hash), 'another promise');
    Object.assign(result, { number: promise.number, logBy: promise.logBy });
  }
  if (result.logged) {
    const { size, root } = parseCheckpoint(openNote(receipt.checkpoint, key), key.name);
    const path = receipt.path.map((h) => base64(h, 32).toString('hex'));
    need(verifyInclusion(leafHash(hash), receipt.index, size, path, root), 'not in the log');
    Object.assign(result, { index: receipt.index, size });
  }
  return result;
}
