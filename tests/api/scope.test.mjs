// scope.test.mjs: the second lock on scope, asked in plain SQL by the role that owns the tables:
// under a person's scope there is exactly what the program shows them, a statement that asks nobody
// for leave finds nothing foreign, and without a scope there is nothing at all.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { described, grids, run, startCity } from './city.mjs';
import { png } from './picture.mjs';

const skip = process.env.DB !== 'postgres' && 'a file has no second lock';
const accounts = readFileSync(join(import.meta.dirname, '../../data/demo/account.csv'), 'utf8')
  .trim().split('\n').slice(1).map((line) => line.split(',')[0]);
let city, people, matters, tables, receipt;

/** What the statement finds in a transaction with these settings, a line for each row. */
function found(scope, text, role = process.env.PGUSER) {
  const settings = Object.entries(scope).map(([name, value]) => `SET LOCAL fengqiao.${name} = '${value}';`);
  const done = spawnSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-U', role,
    '-d', city.database.options[1].replace('postgres:///', '')],
  { encoding: 'utf8', input: `BEGIN;${settings.join('')}\n${text};\nROLLBACK;`, maxBuffer: 64 << 20 });
  assert.equal(done.status, 0, `${text}: ${done.stderr}`);
  return done.stdout.split('\n').filter((line) => line);
}
const everything = { sees: 'all' };
const countAll = () => tables.map((name) => `SELECT count(*) FROM ${name}`).join(';');
const nothing = () => tables.map(() => '0');

/** The scope of a person, worked out a second time from what /api/me says of them. */
const coversTerritory = ['grid_worker', 'grid_lead', 'dispatcher', 'supervisor', 'auditor'];
const digits = { 2: 4, 3: 6, 4: 9, 5: 12 };
function scopeOf({ me }) {
  const seeing = me.memberships.filter(({ role }) => role !== 'wall');
  const covering = seeing.filter(({ role }) => coversTerritory.includes(role));
  const regions = covering.map(({ unit, level }) => {
    const head = unit.slice(0, digits[level]);
    return `[${head.padEnd(12, '0')},${head.padEnd(12, '9')}]`;
  });
  return { sees: 'staff', account: `{${me.account}}`, units: `{${seeing.map(({ unit }) => unit)}}`,
    regions: `{${regions}}` };
}

before(async () => {
  if (skip) return;
  city = await startCity('--no-limits');
  people = await Promise.all(accounts.map((name) => city.signIn(name)));
  const anybody = city.anybody();
  const photo = await anybody.call('POST', '/api/uploads', png(), { 'Content-Type': 'image/png' });
  const reports = await Promise.all(Object.values(grids).map((grid, i) => anybody.write('/api/reports', {
    text: `楼道堆满杂物 ${i}`, grid, category: '0101', name: '沈阿姨', phone: '13912345678',
    uploads: i ? [] : [photo.body.upload] })));
  [receipt] = reports;
  matters = city.database.rows('SELECT area, id, number FROM matter ORDER BY id');
  tables = city.database.rows("SELECT table_name AS name FROM information_schema.columns JOIN pg_class c"
    + " ON c.relname = table_name WHERE column_name = 'area' AND table_schema = 'public'"
    + ' AND NOT c.relispartition ORDER BY 1').map(({ name }) => name);
});
after(() => city?.stop());

test('every person finds in the tables the matters that the program shows them, and no others', { skip }, async () => {
  const sizes = [];
  for (const person of people) {
    const inTables = found(scopeOf(person), 'SELECT number FROM matter ORDER BY id');
    const answers = await Promise.all(matters.map(({ number }) => person.get(`/api/matters/${number}`)));
    if (answers.every(({ status }) => status === 403)) continue; // their role reads no matters
    const shown = matters.filter((_, i) => answers[i].status === 200).map(({ number }) => number);
    assert.ok(answers.every(({ status }) => status === 200 || status === 404));
    assert.deepEqual(inTables, shown, person.me.username);
    sizes.push(shown.length);
  }
  assert.ok(sizes.length >= 10 && Math.min(...sizes) < 20 && Math.max(...sizes) === matters.length);
  const wall = people.find(({ me }) => me.memberships.every(({ role }) => role === 'wall'));
  assert.deepEqual(found(scopeOf(wall), countAll()), nothing());
});

test('a statement that asks nobody for leave finds nothing of a foreign matter', { skip }, () => {
  const worker = people.find(({ me }) => me.username === 'worker1');
  const scope = scopeOf(worker);
  const own = matters.find(({ number }) => number === receipt.number);
  const mine = new Set(found(scope, 'SELECT number FROM matter'));
  assert.ok(mine.has(own.number));
  const statements = described('sql').trim().split('\n').map((line) => JSON.parse(line))
    .filter(({ kind, room, text }) => kind === 'read' && room !== 'search_file'
      && /area = \$1 AND (\w+\.)?(id|matter) = \$2/.test(text) && !/\$[3-9]|FOR UPDATE/.test(text));
  assert.ok(statements.length >= 8);
  const ask = (of, { area, id }) => found(of, statements.map(({ text }, i) =>
    `PREPARE s${i} AS ${text}; EXECUTE s${i}(${area}, ${id}); SELECT '= ${i}'`).join(';')).join('\n')
    .split(/^= \d+$/m).map((rows) => rows.trim());
  const absent = ask(everything, { area: own.area, id: 0 });
  for (const foreign of matters.filter(({ number }) => !mine.has(number)).slice(-3)) {
    assert.deepEqual(ask(scope, foreign), absent);
    assert.notDeepEqual(ask(everything, foreign), absent);
  }
  assert.deepEqual(ask(scope, own), ask(everything, own));
  const full = ask(scope, own).filter((rows, i) => rows !== absent[i]);
  assert.ok(full.length >= 4, 'it has entries, a reporter, a photo');
});

test('contact details are found with their matter only', { skip }, () => {
  const person = 'SELECT r.matter FROM person p JOIN reporter r ON r.area = p.area AND r.person = p.id ORDER BY 1';
  const [near, far] = ['worker1', 'clerk1'].map((name) => people.find(({ me }) => me.username === name));
  const ours = matters.find(({ number }) => number === receipt.number).id;
  assert.ok(found(scopeOf(near), person).includes(`${ours}`));
  assert.ok(!found(scopeOf(far), person).includes(`${ours}`));
  assert.equal(found(scopeOf(far), 'SELECT count(*) FROM person')[0], `${found(scopeOf(far), person).length}`);
  assert.deepEqual(found({ sees: 'matters', matters: `{${ours}}` }, 'SELECT count(*) FROM person'), ['0']);
});

test('a receipt opens its matter, the public sees what is open and not confidential', { skip }, () => {
  const { id } = matters.find(({ number }) => number === receipt.number);
  const one = { sees: 'matters', matters: `{${id}}` };
  assert.deepEqual(found(one, 'SELECT id FROM matter; SELECT DISTINCT matter FROM entry'), [`${id}`, `${id}`]);
  const open = found(everything, 'SELECT id FROM matter WHERE open = 1 AND confidential = 0 ORDER BY id');
  assert.ok(open.length > 10 && open.length < matters.length);
  assert.deepEqual(found({ sees: 'public' }, 'SELECT id FROM matter ORDER BY id'), open);
  const others = tables.filter((name) => name !== 'matter').map((name) => `SELECT count(*) FROM ${name}`);
  assert.deepEqual(found({ sees: 'public' }, others.join(';')), others.map(() => '0'));
});

test('without a scope there is nothing, for the owner of the tables as for everybody', { skip }, () => {
  assert.ok(tables.length >= 12);
  assert.ok(found(everything, countAll()).filter((n) => n !== '0').length >= 8);
  const granted = spawnSync('psql', ['-X', '-q', '-U', 'postgres', '-d',
    city.database.options[1].replace('postgres:///', '')],
  { encoding: 'utf8', input: run('doctor', '--grants').stdout });
  assert.equal(granted.status, 0, granted.stderr);
  for (const scope of [{}, { sees: '' }, { sees: 'ALL' }, { sees: 'staff' }, { sees: 'matters' },
    { sees: 'staff', units: '{}', regions: '{}', account: '{}' }, { units: '{320508018023}' }]) {
    assert.deepEqual(found(scope, countAll()), nothing(), JSON.stringify(scope));
    for (const role of ['fengqiao_serve', 'fengqiao_read']) {
      assert.deepEqual(found(scope, 'SELECT count(*) FROM matter; SELECT count(*) FROM note', role), ['0', '0']);
    }
  }
});

test('it holds for what has been put aside', { skip }, () => {
  const texts = ['SELECT number FROM matter ORDER BY id', 'SELECT id FROM entry ORDER BY id'];
  const seen = () => people.map((person) => found(scopeOf(person), texts.join(';')));
  const before_ = seen();
  const closed = run('archive', ...city.database.where, '--close');
  assert.equal(closed.status, 0, closed.stderr);
  assert.deepEqual(seen(), before_);
  assert.deepEqual(found({}, countAll()), nothing());
});
