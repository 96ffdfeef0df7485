// merkle.test.mjs: the program's Merkle log, checkpoints and proofs against an independent
// implementation, for all tree sizes from 0 to 1,025; with PROOFS=all each proof that there is.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test, { before } from 'node:test';
import {
  checkReceipt, encodeEntry, entryHash, openNote, parseCheckpoint, parseKey,
} from '../api/receipt.mjs';
import {
  emptyRoot, leafHash, Log, nodeHash, verifyConsistency, verifyInclusion,
} from '../api/rfc6962.ts';

const SIZE_MAX = 1025, SAMPLES = 8, AT_ONCE = 50_000;
const [ALL_LEAVES_TO, ALL_PAIRS_TO] = process.env.PROOFS === 'all' ? [SIZE_MAX, SIZE_MAX] : [130, 65];
const root = join(import.meta.dirname, '../..');
const dump = join(dirname(process.env.FENGQIAO ?? join(root, 'build/fengqiao')), 'tests/ledger_dump');

/** One answer for each request line, from the program's own code. */
function ask(requests) {
  const parts = [];
  for (let i = 0; i < requests.length; i += AT_ONCE)
    parts.push(askAtOnce(requests.slice(i, i + AT_ONCE)));
  return parts.flat();
}

function askAtOnce(requests) {
  assert.ok(existsSync(dump), `${dump} is missing: build the program first`);
  const run = spawnSync(dump, { input: requests.join('\n'), maxBuffer: 1 << 28 });
  assert.equal(run.status, 0, run.stderr.toString());
  const answers = run.stdout.toString().trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.equal(answers.length, requests.length);
  return answers;
}

/** The entries that tests/tools/ledger_dump.c makes up. */
function entries() {
  const made = [];
  for (let i = 0; i < SIZE_MAX; i++) {
    const canonical = encodeEntry({
      area: 320508, matterId: 1 + i % 7, seq: 1 + Math.floor(i / 7), atMs: 1700000000000 + i,
      accountId: i % 3, role: 'grid_worker', action: 'note', from: 'handling', to: 'handling',
      data: `{"text":"第${i}条"}`,
    });
    made.push({ canonical, hash: entryHash(canonical, made[i - 7]?.hash) });
  }
  return made;
}

const numbers = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
// The same "random" positions in every run, with both ends and the edges of full subtrees.
function spread(n) {
  const full = 2 ** Math.floor(Math.log2(n));
  const picked = new Set([0, n - 1, full - 1, full]);
  for (let i = 0; i < SAMPLES; i++) picked.add((n * 7919 + i * 104729) % n);
  return [...picked].filter((m) => m < n);
}

let log, leaves;
before(() => {
  leaves = entries().map(({ hash }) => leafHash(hash));
  log = new Log(leaves);
});

test('the independent implementation gives the published answers', () => {
  const data = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657',
    '606162636465666768696a6b6c6d6e6f'];
  const known = new Log(data.map((hex) => leafHash(Buffer.from(hex, 'hex'))));
  assert.equal(emptyRoot, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.equal(known.root(1), '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  assert.equal(known.root(7), 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c');
  assert.equal(known.root(8), '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
});

test('roots and signed checkpoints of every size', () => {
  const sizes = numbers(0, SIZE_MAX);
  const [{ key: keyText }] = ask(['b 0 1']);
  const key = parseKey(keyText);
  ask(sizes.map((n) => `r ${n}`)).forEach((answer, n) => {
    assert.equal(answer.root, log.root(n));
    const signed = parseCheckpoint(openNote(answer.checkpoint, key), key.name);
    assert.deepEqual(signed, { size: n, root: log.root(n) });
  });
});

test('inclusion: every leaf up to 130, a spread of leaves for every size up to 1,025', () => {
  const asked = numbers(1, SIZE_MAX).flatMap((n) =>
    (n <= ALL_LEAVES_TO ? numbers(0, n - 1) : spread(n)).map((m) => ({ m, n })));
  ask(asked.map(({ m, n }) => `i ${m} ${n}`)).forEach((path, i) => {
    const { m, n } = asked[i];
    assert.deepEqual(path, log.inclusion(m, n));
    assert.ok(verifyInclusion(leaves[m], m, n, path, log.root(n)));
  });
});

test('consistency: every pair up to 65, a spread of older sizes for every size up to 1,025', () => {
  const asked = numbers(0, SIZE_MAX).flatMap((n) =>
    (n <= ALL_PAIRS_TO ? numbers(0, n) : [...spread(n), n]).map((m) => ({ m, n })));
  ask(asked.map(({ m, n }) => `c ${m} ${n}`)).forEach((proof, i) => {
    const { m, n } = asked[i];
    assert.deepEqual(proof, log.consistency(m, n));
    assert.ok(verifyConsistency(m, log.root(m), n, log.root(n), proof));
  });
});

test('the independent verifier refuses altered proofs', () => {
  const wrong = nodeHash(emptyRoot, emptyRoot);
  for (const n of numbers(2, 33)) {
    for (const m of numbers(1, n - 1)) {
      const path = log.inclusion(m, n), proof = log.consistency(m, n);
      path.forEach((_, i) => assert.equal(
        verifyInclusion(leaves[m], m, n, path.with(i, wrong), log.root(n)), false));
      proof.forEach((_, i) => assert.equal(
        verifyConsistency(m, log.root(m), n, log.root(n), proof.with(i, wrong)), false));
      assert.equal(verifyInclusion(leaves[m], m, n, path, log.root(n - 1)), false);
      assert.equal(verifyInclusion(leaves[m], m - 1, n, path, log.root(n)), false);
      assert.equal(verifyConsistency(m, log.root(m - 1), n, log.root(n), proof), false);
    }
  }
});

test('reporters\' proofs verify without the program, and not when altered', () => {
  const asked = numbers(1, SIZE_MAX).filter((n) => n < 20 || n % 41 === 0).flatMap((n) =>
    spread(n).slice(0, 4).map((m) => ({ m, n })));
  const receipts = ask(asked.map(({ m, n }) => `b ${m} ${n}`));
  const { key } = receipts[0];
  receipts.forEach((receipt, i) => {
    const { m, n } = asked[i];
    const { entry, index, size, logged } = checkReceipt(receipt, key);
    assert.deepEqual({ index, size, logged }, { index: m, size: n, logged: true });
    assert.equal(entry.data, `{"text":"第${m}条"}`);
    const other = receipts[i === 0 ? 1 : 0];
    for (const member of ['entry', 'prev', 'hash', 'promise', 'checkpoint']) {
      if (receipt[member] === other[member]) continue;
      if (member === 'checkpoint' && n === 1) continue;
      assert.throws(() => checkReceipt({ ...receipt, [member]: other[member] }, key), member);
    }
    assert.throws(() => checkReceipt({ ...receipt, index: m + 1 }, key));
    assert.throws(() => checkReceipt({ ...receipt, number: '320508-AAAA-AAAA' }, key));
    assert.throws(() => checkReceipt(receipt, key.replace('demo', 'emod')));
  });
});
