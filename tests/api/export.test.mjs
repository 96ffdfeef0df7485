// export.test.mjs: a list leaves as a file: masked for whoever reads the list, unmasked only after
// somebody else approved, once, marked with whom it is for, and every reading noted. The rules one by
// one stand in tests/unit/test_export.c; here is the way of it over the wire.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { grids, newKey, refused, run, startCity } from './city.mjs';

const reader = new URL('../tools/xlsx.py', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'fengqiao-export-'));
const list = { list: 'matters', view: 'region', grid: grids.ours };
const wanted = { ...list, format: 'xlsx', open: ['name', 'phone', 'text'], reason: 'call_back',
  why: '集中回访，需要逐一打电话', purpose: '国庆前回访' };
let city, staff, chief, other, auditor, made;
before(async () => {
  city = await startCity('--no-limits');
  [staff, chief, other, auditor] = await Promise.all(
    ['dispatcher1', 'chief5', 'clerk1', 'auditor1'].map((name) => city.signIn(name)));
  made = await city.anybody().write('/api/reports', { text: '=1+1 王阿姨家门口灯不亮', grid: grids.ours,
    category: '0101', name: '古丽娜尔·买买提', phone: '13912345678', place_text: '大儒巷12号3幢502室' });
});
after(async () => {
  await city?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function book(bytes) {
  const path = join(folder, 'list.xlsx');
  writeFileSync(path, bytes);
  const read = spawnSync('/usr/bin/python3', [reader, path], { encoding: 'utf8', maxBuffer: 64 << 20 });
  assert.equal(read.status, 0, read.stderr);
  return JSON.parse(read.stdout);
}
const query = (q) => new URLSearchParams(q).toString();

test('what leaves without asking is masked', async () => {
  const csv = await staff.read(`/api/exports/masked?${query({ ...list, format: 'csv' })}`);
  const line = csv.split('\r\n').find((l) => l.startsWith(made.number));
  assert.match(line, /古\*\*,139\*{4}5678/);
  assert.match(line, /大儒巷12号3幢\*{3},（略去 \d+ 字）/);
  assert.doesNotMatch(csv, /买买提|13912345678|502室|门口/);
  const { cells, locked } = book((await staff.get(`/api/exports/masked?${query({ ...list, format: 'xlsx' })}`)).bytes);
  assert.match(cells[1][0], /^已脱敏 · .*dispatcher1/);
  assert.equal(locked, false);
  refused(await staff.get(`/api/exports/masked?${query({ ...list, state: 'merged', format: 'csv' })}`), 422, 'input', 'list');
  refused(await other.get(`/api/exports/masked?${query({ ...list, format: 'csv' })}`), 403, 'denied', 'view');
});

test('unmasked: asked, approved by somebody else, fetched once, and found again', async () => {
  const key = { 'Idempotency-Key': newKey() };
  const { id, rows, may_decide } = await staff.write('/api/exports', wanted, key);
  assert.equal((await staff.write('/api/exports', wanted, key)).id, id);
  assert.ok(rows >= 1 && !may_decide);
  const file = `/api/exports/${id}/file`;
  const yes = { approve: true, why: '确有必要' };
  refused(await staff.post(file), 409, 'step');
  refused(await staff.post(`/api/exports/${id}/decide`, yes), 403, 'denied');
  refused(await staff.post('/api/exports', { ...wanted, open: ['number'] }), 422, 'input', 'open');
  const [waiting] = (await chief.read('/api/exports?whose=decide')).items;
  assert.deepEqual([waiting.id, waiting.may_decide, waiting.purpose], [id, true, wanted.purpose]);
  assert.ok(waiting.numbers.includes(made.number) || waiting.rows > waiting.numbers.length);
  await chief.write(`/api/exports/${id}/decide`, yes);
  refused(await other.post(file), 404, 'missing');
  refused(await staff.post(file, { ...list, grid: grids.next }), 422, 'input', 'list');
  const later = await city.anybody().write('/api/reports', { text: '又一件事情', grid: grids.ours,
    category: '0101', name: '后来人', phone: '13700000000' });
  const again = { 'Idempotency-Key': newKey() };
  const answer = await staff.post(file, {}, again);
  assert.equal(answer.status, 200, answer.text.slice(0, 300));
  const { cells, formulas, locked, header, properties } = book(answer.bytes);
  const mark = new RegExp(`^未脱敏 内部资料 · E${id} · .+ · dispatcher1 · 20\\d\\d-`);
  assert.match(cells[1][0], mark);
  assert.match(header, mark);
  assert.deepEqual([properties['fengqiao-export'], properties['fengqiao-account']], [`E${id}`, 'dispatcher1']);
  assert.equal(locked, true);
  assert.equal(formulas, 0);
  const row = cells.find(([number]) => number === made.number);
  assert.deepEqual(row.slice(5, 9), ['大儒巷12号3幢***', '=1+1 王阿姨家门口灯不亮', '古丽娜尔·买买提', '13912345678']);
  assert.equal(cells.find(([number]) => number === later.number), undefined);
  // Who did not get the answer sends the same call again; anything else is a second file.
  assert.equal((await staff.post(file, {}, again)).status, 200);
  refused(await staff.post(file), 409, 'step');
  const reads = (await auditor.read(`/api/personal-reads?number=${made.number}`)).items;
  assert.deepEqual(reads.map(({ fields, purpose }) => [fields, purpose]),
    [['name,phone,text,exported', `导出 E${id}：${wanted.purpose}`]]);
  const [seen] = (await auditor.read('/api/exports?whose=all')).items;
  assert.deepEqual([seen.id, seen.state, seen.decided_by], [id, 'fetched', '方怀远']);
});

test('a line that somebody changed is found, or cannot be changed', () => {
  const { options, change, rows } = city.database;
  const [{ why, export: id }] = rows('SELECT why, export FROM export_step WHERE no = 2');
  const set = (text) => change(`UPDATE export_step SET why = '${text}' WHERE no = 2`);
  if (process.env.DB === 'postgres') {
    assert.throws(() => set('x'), /append.only|only added/i);
    return;
  }
  set('x');
  const verified = run('verify', ...options);
  set(why);
  assert.equal(verified.status, 1);
  assert.match(`${verified.stdout}${verified.stderr}`, new RegExp(`E${id} entry 2 \\[export\\]`));
});
