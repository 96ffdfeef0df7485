// rfc6962.ts: the Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1) a second time, written
// from the text of the RFCs, for checking the program's proofs against. The definitions are kept
// recursive, as the RFC has them. Hashes are lower-case hexadecimal.
import { createHash } from 'node:crypto';

/** SHA-256 in lower-case hexadecimal. */
type Hash = string;

const sha256 = (...parts: Uint8Array[]): Hash => {
  const h = createHash('sha256');
  for (const part of parts) h.update(part);
  return h.digest('hex');
};
const bytes = (hex: Hash): Buffer => Buffer.from(hex, 'hex');

export const emptyRoot = sha256();
export const leafHash = (data: Uint8Array): Hash => sha256(Buffer.from([0]), data);
export const nodeHash = (left: Hash, right: Hash): Hash =>
  sha256(Buffer.from([1]), bytes(left), bytes(right));

// "k is the largest power of two smaller than n", for n > 1.
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** A log over leaf hashes. D[a:b] of the RFC is (a, b) here. */
export class Log {
  #leaves: Hash[];
  #known = new Map<string, Hash>(); // MTH of ranges met before

  constructor(leaves: Hash[]) {
    this.#leaves = leaves;
  }

  get size(): number {
    return this.#leaves.length;
  }

  // MTH({}) = SHA-256(); MTH({d}) = leaf; MTH(D[n]) = SHA-256(0x01 || MTH(D[0:k]) || MTH(D[k:n]))
  #mth(a: number, b: number): Hash {
    const n = b - a;
    if (n === 0) return emptyRoot;
    if (n === 1) return this.#leaves[a];
    const range = `${a}:${b}`;
    let hash = this.#known.get(range);
    if (hash === undefined) {
      const k = split(n);
      hash = nodeHash(this.#mth(a, a + k), this.#mth(a + k, b));
      this.#known.set(range, hash);
    }
    return hash;
  }

  // PATH(m, D[n]) = PATH(m, D[0:k]) : MTH(D[k:n]) for m < k,
  //                 PATH(m - k, D[k:n]) : MTH(D[0:k]) for m >= k
  #path(m: number, a: number, b: number): Hash[] {
    const n = b - a;
    if (n === 1) return [];
    const k = split(n);
    return m < k
      ? [...this.#path(m, a, a + k), this.#mth(a + k, b)]
      : [...this.#path(m - k, a + k, b), this.#mth(a, a + k)];
  }

  // SUBPROOF(m, D[m], true) = {}; SUBPROOF(m, D[m], false) = {MTH(D[m])}
  // SUBPROOF(m, D[n], b) = SUBPROOF(m, D[0:k], b) : MTH(D[k:n]) for m <= k,
  //                        SUBPROOF(m - k, D[k:n], false) : MTH(D[0:k]) for m > k
  #subproof(m: number, a: number, b: number, whole: boolean): Hash[] {
    const n = b - a;
    if (m === n) return whole ? [] : [this.#mth(a, b)];
    const k = split(n);
    return m <= k
      ? [...this.#subproof(m, a, a + k, whole), this.#mth(a + k, b)]
      : [...this.#subproof(m - k, a + k, b, false), this.#mth(a, a + k)];
  }

  root(size: number): Hash {
    return this.#mth(0, size);
  }

  inclusion(index: number, size: number): Hash[] {
    return this.#path(index, 0, size);
  }

  // PROOF(m, D[n]) = SUBPROOF(m, D[n], true), defined for 0 < m < n; empty at both ends.
  consistency(old: number, size: number): Hash[] {
    return old === 0 || old === size ? [] : this.#subproof(old, 0, size, true);
  }
}

/** RFC 9162 section 2.1.3.2, step by step. */
export function verifyInclusion(
  leaf: Hash,
  index: number,
  size: number,
  path: Hash[],
  root: Hash,
): boolean {
  if (index >= size) return false;
  let fn = index;
  let sn = size - 1;
  let r = leaf;
  for (const p of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      r = nodeHash(p, r);
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else {
      r = nodeHash(r, p);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && r === root;
}

/** RFC 9162 section 2.1.4.2, step by step; the empty tree begins every tree. */
export function verifyConsistency(
  first: number,
  firstHash: Hash,
  second: number,
  secondHash: Hash,
  proof: Hash[],
): boolean {
  if (first > second) return false;
  if (first === second) return proof.length === 0 && firstHash === secondHash;
  if (first === 0) return proof.length === 0 && firstHash === emptyRoot;
  if (proof.length === 0) return false;
  const path = Number.isInteger(Math.log2(first)) ? [firstHash, ...proof] : proof;
  let fn = first - 1;
  let sn = second - 1;
  while (fn % 2 === 1) {
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  let [fr] = path;
  let sr = fr;
  for (const c of path.slice(1)) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(c, fr);
      sr = nodeHash(c, sr);
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else {
      sr = nodeHash(sr, c);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && fr === firstHash && sr === secondHash;
}
