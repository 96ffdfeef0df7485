// proof.test.mjs: each reporter gets the proof of the very report they made: promised at once, in
// the log within seconds, and the same after joining and after a merger; a stranger and the
// program's own offline check agree on it, and on what was tampered with.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { grids, refused, run, startCity } from './city.mjs';
import { checkReceipt, openNote, parseCheckpoint, parseKey } from './receipt.mjs';
import { verifyConsistency } from './rfc6962.ts';

let city, anybody;
before(async () => {
  city = await startCity('--no-limits');
  anybody = city.anybody();
});
after(() => city?.stop());

const report = (text, more = {}) => anybody.write('/api/reports',
  { text, grid: grids.ours, place_text: '大儒巷', ...more });
const proofOf = (receipt) => city.reporter(receipt.code).read('/api/receipt/proof');
async function loggedProof(receipt) {
  for (let waited = 0; waited < 5000; waited += 100) {
    const proof = await proofOf(receipt);
    if (proof.checkpoint) return proof;
    await sleep(100);
  }
  throw new Error('the log did not take the entry');
}
const verified = (proof, ...more) => {
  const file = join(city.folder, 'receipt.json');
  writeFileSync(file, JSON.stringify(proof));
  const done = run('verify', '--receipt', file, '--json', ...more);
  return { status: done.status, ...JSON.parse(done.stdout) };
};

test('a report is promised at once and logged soon, and both can be checked offline', async () => {
  const receipt = await report('路灯不亮，夜里看不清');
  const early = checkReceipt(await proofOf(receipt));
  assert.equal(early.number, receipt.number);
  const proof = await loggedProof(receipt);
  const checked = checkReceipt(proof, proof.key);
  assert.equal(checked.number, receipt.number);
  assert.equal(checked.entry.action, 'report');
  assert.equal(proof.hash, receipt.entry_hash);
  assert.equal(proof.text, '路灯不亮，夜里看不清', 'the proof holds the words it vouches for');
  assert.equal(proof.promise, receipt.promise, 'the promise made again is the same');
  const said = verified(proof, '--key', proof.key);
  assert.deepEqual([said.status, said.ok, said.number, said.logged],
    [0, true, receipt.number, true]);
});

test('a receipt somebody changed is refused, with the reason', async () => {
  const proof = await loggedProof(await report('井盖破损'));
  const other = await loggedProof(await report('垃圾未清'));
  const cases = [
    [{ ...proof, entry: other.entry }, 'hash'], [{ ...proof, number: other.number }, 'promise'],
    [{ ...proof, index: proof.index + 1 }, 'path'], [{ ...proof, text: '一切都好' }, 'text'],
    [{ ...proof, salt: other.salt }, 'text'], [{ ...proof, text: undefined }, 'format'],
    [{ ...proof, path: proof.path.slice(1) }, 'path'],
    [{ ...proof, checkpoint: proof.checkpoint.replace(/^\d+$/m, '5') }, 'checkpoint'],
    [{ ...proof, more: 1 }, 'format'], [{}, 'format'],
  ];
  for (const [changed, code] of cases) {
    const said = verified(changed);
    assert.deepEqual([said.status, said.ok, said.code], [1, false, code]);
  }
  assert.equal(verified(proof, '--key', proof.key.replace('demo', 'memo')).code, 'key');
});

test('who joins is proved by the entry in which they joined', async () => {
  const first = await report('楼道堆物，影响通行');
  const joined = await report('我也看到楼道堆物', { join: first.number });
  const again = await report('第三个人也看到', { join: first.number });
  assert.equal(joined.number, first.number);
  for (const [receipt, action, hash] of [[first, 'report'], [joined, 'join'], [again, 'join']]) {
    const { entry } = checkReceipt(await loggedProof(receipt));
    assert.equal(entry.action, action, hash);
  }
  assert.equal((await proofOf(joined)).hash, joined.entry_hash);
  assert.equal((await proofOf(again)).hash, again.entry_hash);
});

test('after a merger, and another, everybody still has the proof of what they sent', async () => {
  const one = await report('水管漏水一');
  const oneToo = await report('水管漏水一，我也是', { join: one.number });
  const two = await report('水管漏水二');
  const three = await report('水管漏水三');
  const desk = await city.signIn('dispatcher1');
  const merge = async (from, into) => {
    const { actions } = await desk.read(`/api/matters/${from.number}`);
    assert.ok(actions.some((a) => a.action === 'merge'), JSON.stringify(actions.map((a) => a.action)));
    return desk.step(from.number, 'merge', { number2: into.number });
  };
  await merge(one, two);
  await merge(two, three);
  for (const receipt of [one, oneToo, two, three]) {
    const proof = await loggedProof(receipt);
    assert.equal(proof.number, receipt.number);
    assert.equal(proof.hash, receipt.entry_hash);
    checkReceipt(proof);
  }
});

test('the log only grows: an old checkpoint is the beginning of a new one', async () => {
  const { key } = await loggedProof(await report('占道经营'));
  const parsed = parseKey(key);
  const head = async () => parseCheckpoint(
    openNote(await anybody.read('/api/checkpoint'), parsed), parsed.name);
  const old = await head();
  await loggedProof(await report('占道经营又来了'));
  const now = await head();
  assert.ok(now.size > old.size);
  const { path } = await anybody.read(`/api/consistency?from=${old.size}&to=${now.size}`);
  const hex = path.map((h) => Buffer.from(h, 'base64').toString('hex'));
  assert.ok(verifyConsistency(old.size, old.root, now.size, now.root, hex));
  assert.deepEqual((await anybody.read(`/api/consistency?from=0&to=${now.size}`)).path, []);
  refused(await anybody.get(`/api/consistency?from=5&to=${now.size + 1000}`), 422, 'input', 'to');
  refused(await anybody.get('/api/consistency?from=5&to=4'), 422, 'input', 'from');
  refused(await anybody.get('/api/consistency?from=-1&to=4'), 422, 'input', 'from');
  refused(await anybody.get('/api/receipt/proof'), 401, 'login');
});

test('the database checks out while it is served, and a change to it is found', async () => {
  const receipt = await report('噪声扰民');
  await loggedProof(receipt);
  const checkpoint = join(city.folder, 'checkpoint.txt');
  writeFileSync(checkpoint, await anybody.read('/api/checkpoint'));
  const { options, rows, change } = city.database;
  const clean = run('verify', ...options, '--checkpoint', checkpoint, '--json');
  assert.equal(clean.status, 0, clean.stdout);
  const figures = JSON.parse(clean.stdout);
  assert.ok(figures.ok && figures.signatures && figures.matters > 200);
  assert.equal(figures.entries, figures.leaves);
  const [{ text }] = rows(`SELECT text FROM matter WHERE number = '${receipt.number}'`);
  assert.equal(text, '噪声扰民');
  const write = (words) =>
    change(`UPDATE matter SET text = '${words}' WHERE number = '${receipt.number}'`);
  write('一切都好');
  const found = run('verify', ...options, '--json');
  write(text);
  assert.equal(found.status, 1);
  assert.deepEqual(JSON.parse(found.stdout).findings,
    [{ code: 'text', number: receipt.number, seq: 1, position: -1 }]);
  assert.match(run('verify', ...options).stdout, /Everything fits/);
});

test('wrong usage is told apart from something wrong', () => {
  assert.equal(run('verify').status, 2);
  assert.equal(run('verify', '--db', 'x', '--receipt', 'y').status, 2);
  assert.equal(run('verify', ...city.database.options, '--key', 'nonsense').status, 2);
  assert.equal(run('verify', '--db', join(city.folder, 'none.db')).status, 1);
  assert.equal(run('verify', '--receipt', join(city.folder, 'none.json')).status, 1);
});
