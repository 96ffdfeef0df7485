// sealed.mjs: what the sealing keys of a key file open, worked out without the program: data keys as
// crypto/seal.h describes them (XChaCha20-Poly1305, bound to the id of whose key it is).
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The sealing keys of a key file, the newest first. */
export function sealingKeys(file) {
  const lines = readFileSync(file, 'utf8').split('\n').map((line) => line.split(' '));
  return ['seal-master', 'seal-before'].flatMap((label) =>
    lines.filter(([word]) => word === label).map(([, text]) => Buffer.from(text, 'base64')));
}

/** HChaCha20: the key for the rest of the nonce. */
function subkey(key, nonce) {
  const x = new Uint32Array(16), turn = (v, n) => (v << n) | (v >>> (32 - n));
  for (const [i, text] of ['expa', 'nd 3', '2-by', 'te k'].entries())
    x[i] = Buffer.from(text).readUInt32LE();
  for (let i = 0; i < 8; i++) x[4 + i] = key.readUInt32LE(4 * i);
  for (let i = 0; i < 4; i++) x[12 + i] = nonce.readUInt32LE(4 * i);
  const quarter = (a, b, c, d) => {
    for (const [p, q, r, n] of [[a, b, d, 16], [c, d, b, 12], [a, b, d, 8], [c, d, b, 7]]) {
      x[p] += x[q];
      x[r] = turn(x[r] ^ x[p], n);
    }
  };
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i < 4; i++) quarter(i, 4 + i, 8 + i, 12 + i);
    for (let i = 0; i < 4; i++)
      quarter(i, 4 + ((i + 1) % 4), 8 + ((i + 2) % 4), 12 + ((i + 3) % 4));
  }
  const out = Buffer.alloc(32);
  for (let i = 0; i < 4; i++) {
    out.writeUInt32LE(x[i], 4 * i);
    out.writeUInt32LE(x[12 + i], 16 + 4 * i);
  }
  return out;
}

const rest = (nonce) => Buffer.concat([Buffer.alloc(4), nonce.subarray(16)]);
function bound(id) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(id));
  return Buffer.concat([Buffer.from('fengqiao person key v1\0'), bytes]);
}

/** A new data key of this id, as it is stored. */
export function sealDataKey(key, id) {
  const nonce = randomBytes(24);
  const cipher = createCipheriv('chacha20-poly1305', subkey(key, nonce.subarray(0, 16)), rest(nonce),
    { authTagLength: 16 });
  cipher.setAAD(bound(id), { plaintextLength: 32 });
  const closed = Buffer.concat([cipher.update(randomBytes(32)), cipher.final()]);
  return Buffer.concat([Buffer.of(1), nonce, closed, cipher.getAuthTag()]);
}

export function opens(key, id, sealed) {
  const nonce = sealed.subarray(1, 25);
  const cipher = createDecipheriv('chacha20-poly1305', subkey(key, nonce.subarray(0, 16)),
    rest(nonce), { authTagLength: 16 });
  cipher.setAAD(bound(id), { plaintextLength: 32 });
  cipher.setAuthTag(sealed.subarray(-16));
  try {
    cipher.update(sealed.subarray(25, -16));
    cipher.final();
    return true;
  } catch {
    return false;
  }
}
