// tally.test.mjs: statistics of mediation: every figure is the number of the disputes behind it; a
// committee sees its own, the justice office those of its county, everybody else totals of quarters
// that are over; and what leaves as a workbook or a table says the same.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { run, startCity } from './city.mjs';

const reader = new URL('../tools/xlsx.py', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'fengqiao-tally-'));
let city, community, town, justice, clerk;
before(async () => {
  city = await startCity('--no-limits');
  [community, town, justice, clerk] = await Promise.all(
    ['mediator3', 'mediator1', 'mediator2', 'clerk3'].map((name) => city.signIn(name)),
  );
});
after(async () => {
  await city?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const codes = () => new Map([[community, '320508018023'], [town, '320508018'], [justice, '320508']]);
/** The committee somebody mediates for. */
const unitOf = (who) =>
  String(city.database.rows(`SELECT id FROM unit WHERE code = '${codes().get(who)}-mediation'`)[0].id);
const day = 86_400_000;
const span = () => `from_ms=${Date.now() - 300 * day}&to_ms=${Date.now() + day}`;
const table = (who, more = '') => who.read(`/api/statistics/disputes?${span()}${more}`);
const cells = (row) => Object.fromEntries(row.cells.map((c) => [c.figure, c.value]));
const sum = (v) => cells(v.rows.at(-1));

/** So many more disputes like the one that ended in a talk, that took effect at this time. */
function many(n, unit, at) {
  const db = city.database;
  const [{ area, matter }] = db.rows(
    `SELECT area, matter FROM dispute WHERE form = 'oral' AND unit = ${unit} LIMIT 1`,
  );
  const [one] = db.rows(`SELECT * FROM dispute WHERE area = ${area} AND matter = ${matter}`);
  const [row] = db.rows(
    `SELECT category, community, town, grid, round FROM matter WHERE area = ${area} AND id = ${matter}`,
  );
  assert.ok(row);
  for (let i = 0; i < n; i++) {
    const id = 900_000_000 + i;
    const copy = { ...one, matter: id, docket: `卷${i}`, effective_ms: at, amount_fen: 10_000 };
    const names = Object.keys(copy).join(', ');
    const values = Object.values(copy).map((v) => (v === null ? 'NULL' : typeof v === 'string' ? `'${v}'` : v));
    db.change(`INSERT INTO dispute (${names}) VALUES (${values.join(', ')})`);
    db.change(
      `INSERT INTO matter SELECT ${matterColumns(id)} FROM matter WHERE area = ${area} AND id = ${matter}`,
    );
  }
}
let names;
/** The columns of matter, with another id and number. */
function matterColumns(id) {
  names ??= Object.keys(
    city.database.rows('SELECT * FROM matter LIMIT 1')[0],
  );
  return names.map((c) => (c === 'id' ? id : c === 'number' ? `'X${id}'` : c)).join(', ');
}

test('each figure is the number of disputes in the list behind it', async () => {
  for (const who of [community, town, justice]) {
    const v = await table(who);
    for (const row of v.rows) {
      for (const { word, listed } of v.figures) {
        const path = `/api/statistics/disputes/cases?${span()}&row=${row.key}&figure=${word}`;
        if (!listed) {
          assert.equal((await who.get(path)).status, 422);
          continue;
        }
        const list = await who.read(path);
        assert.equal(list.value, cells(row)[word], `${row.key} ${word}`);
        assert.equal(list.items.length, list.total);
        if (!['parties', 'amount'].includes(word)) assert.equal(list.total, list.value);
      }
    }
  }
});

test('what the demo city did is what is counted', async () => {
  const own = sum(await table(community));
  assert.equal(own.all, own.agreed + own.failed + own.going_on);
  assert.equal(own.all, own.by_initiative + own.by_parties + own.handed_over);
  assert.ok(own.oral >= 1 && own.performed >= 1, JSON.stringify(own));
  const street = sum(await table(town));
  assert.ok(street.written >= 1 && street.by_police >= 1 && street.wages >= 1);
  assert.equal(street.amount, 9000);
  const county = await table(justice, '&by=committee');
  const of = (who) => county.rows.find((row) => row.key === unitOf(who));
  assert.deepEqual(cells(of(community)), own);
  assert.deepEqual(cells(of(town)), street);
});

test('who it is not for gets nothing, and lists name nobody', async () => {
  assert.equal((await clerk.get(`/api/statistics/disputes?${span()}`)).status, 403);
  assert.equal((await city.anybody().get(`/api/statistics/disputes?${span()}`)).status, 401);
  const other = await community.get(`/api/statistics/disputes?${span()}&unit=${unitOf(town)}`);
  assert.equal(other.status, 403);
  const list = await justice.get(`/api/statistics/disputes/cases?${span()}`);
  assert.equal(list.status, 200);
  assert.ok(list.body.items.length > 2);
  const county = '姑苏区';
  for (const item of list.body.items) {
    if (!item.committee_name.startsWith(county)) assert.equal(item.number, undefined);
  }
  const csv = await justice.get(`/api/statistics/disputes/cases/csv?${span()}`);
  for (const name of ['顾阿大', '沈小妹', '周阿根', '19900001001', '水表']) {
    assert.ok(!list.text.includes(name) && !csv.text.includes(name), name);
  }
});

test('what nobody can derive is entered by the committee, and only that', async () => {
  const now = new Date(Date.now() + 8 * 3600_000);
  const at = { year: now.getUTCFullYear(), quarter: Math.floor(now.getUTCMonth() / 3) + 1 };
  const enter = (who, unit, counts) =>
    who.post('/api/statistics/disputes/counts', { unit, ...at, counts });
  const month = String(at.quarter * 3 - 2).padStart(2, '0');
  const from = Date.parse(`${at.year}-${month}-01T00:00:00+08:00`);
  const to = at.quarter === 4
    ? Date.parse(`${at.year + 1}-01-01T00:00:00+08:00`)
    : Date.parse(`${at.year}-${String(at.quarter * 3 + 1).padStart(2, '0')}-01T00:00:00+08:00`);
  assert.equal((await enter(community, unitOf(community), [{ figure: 'looked_for', n: 7 }])).status, 200);
  assert.equal((await enter(community, unitOf(community), [{ figure: 'looked_for', n: 9 }])).status, 200);
  assert.equal((await enter(community, unitOf(community), [{ figure: 'all', n: 9 }])).status, 422);
  assert.equal((await enter(community, unitOf(town), [{ figure: 'looked_for', n: 9 }])).status, 403);
  const whole = await justice.read(`/api/statistics/disputes?from_ms=${from}&to_ms=${to}`);
  assert.equal(sum(whole).looked_for, 9);
  const part = await justice.read(`/api/statistics/disputes?from_ms=${from + day}&to_ms=${to}`);
  assert.equal(sum(part).looked_for, 0);
});

test('everybody sees totals of quarters that are over, from ten agreements on', async () => {
  const unit = unitOf(community);
  const at = Date.now() - 92 * day;
  const path = `/api/committees/${unit}/figures`;
  const quarters = async () => (await city.anybody().read(path)).quarters;
  assert.equal((await quarters()).length, 4);
  many(9, unit, at);
  assert.ok((await quarters()).every((q) => q.agreements === undefined && q.amount === undefined));
  city.database.change('DELETE FROM dispute WHERE matter >= 900000000');
  city.database.change('DELETE FROM matter WHERE id >= 900000000');
  many(10, unit, at);
  const shown = (await quarters()).filter((q) => q.agreements !== undefined);
  assert.equal(shown.length, 1);
  assert.equal(shown[0].agreements, 10);
  assert.equal(shown[0].amount, 1000);
  city.database.change('DELETE FROM dispute WHERE matter >= 900000000');
  city.database.change('DELETE FROM matter WHERE id >= 900000000');
});

function opened(bytes) {
  const path = join(folder, 'book.xlsx');
  writeFileSync(path, bytes);
  const done = spawnSync('/usr/bin/python3', [reader, path], { encoding: 'utf8', maxBuffer: 64 << 20 });
  assert.equal(done.status, 0, done.stderr);
  return JSON.parse(done.stdout);
}

test('the workbook, read by another program, says what the table says', async () => {
  const v = await table(justice);
  const answer = await justice.get(`/api/statistics/disputes/xlsx?${span()}`);
  const book = opened(answer.bytes);
  assert.equal(book.cells[0][0], '人民调解案件情况统计表');
  assert.match(book.cells[1][0], /^制表单位：/);
  assert.deepEqual([book.formulas, book.frozen, book.landscape], [0, 'C6', true]);
  assert.equal(book.cells.length, 5 + v.rows.length);
  v.rows.forEach((row, i) => {
    const want = row.cells.map((c) => (c.figure === 'amount' ? c.value / 10_000 : c.value));
    assert.deepEqual(book.cells[5 + i], [row.name, row.committees, ...want]);
  });
  assert.ok(book.cells[2].includes('案件来源') && book.cells[3].includes('接受委托移送'));
  const csv = (await justice.get(`/api/statistics/disputes/csv?${span()}`)).text.trimEnd().split('\r\n');
  assert.equal(csv.length, 1 + v.rows.length);
  assert.equal(csv.at(-1).split(',')[2], String(sum(v).all));
});

test('the list of disputes leaves by the command line, in both formats', () => {
  const where = city.database.where;
  const [{ n }] = city.database.rows('SELECT COUNT(*) AS n FROM dispute WHERE accepted_ms IS NOT NULL');
  for (const kind of ['xlsx', 'csv']) {
    const out = join(folder, `all.${kind}`);
    const done = run('export', 'disputes', ...where, '--out', out);
    assert.equal(done.status, 0, done.stderr);
    assert.match(done.stderr, new RegExp(`${n} of ${n} disputes`));
    if (kind === 'xlsx') {
      const book = opened(readFileSync(out));
      assert.equal(book.cells.length, Number(n) + 1);
      assert.equal(book.formulas, 0);
    } else {
      assert.equal(readFileSync(out, 'utf8').trimEnd().split('\r\n').length, Number(n) + 1);
    }
  }
  assert.equal(run('export', 'disputes', ...where).status, 2);
  assert.equal(run('export', 'disputes', ...where, '--out', 'a.pdf').status, 2);
});
