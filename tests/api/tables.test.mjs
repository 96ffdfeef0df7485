// tables.test.mjs: the deployer's tables are changed at the city's desk: checked by row, put in force
// at once or from a day on, never over somebody else's change, and taken back before their day.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { en } from '../../web/desk/tables/i18n/en.ts';
import { zh } from '../../web/desk/tables/i18n/zh.ts';
import { newKey, refused, startCity, until } from './city.mjs';

let city, admin, county;
before(async () => {
  city = await startCity('--no-limits');
  admin = await city.signIn('admin1', 'en');
  county = await city.signIn('supervisor1', 'en');
});
after(() => city?.stop());
const table = (name) => admin.read(`/api/tables/${name}`);
const change = (name, csv, moves, more = {}) =>
  admin.post(`/api/tables/${name}`, { csv, moves, ...more });
const DAY_MS = 86_400_000;

test('each table is shown with its columns; who is not of the city\'s desk only reads', async () => {
  for (const name of ['category', 'limit', 'calendar', 'template', 'deputy', 'subsidy', 'units']) {
    const one = await table(name);
    assert.ok(one.may_change);
    const heads = one.csv.split('\n')[0].split(',');
    assert.deepEqual(heads.filter((h) => !one.columns.some((c) => c.name === h)), [], name);
  }
  const seen = await county.read('/api/tables/limit');
  assert.equal(seen.may_change, false);
  refused(await county.post('/api/tables/limit', { csv: seen.csv, moves: seen.moves }), 403, 'denied', undefined);
  refused(await (await city.signIn('worker1')).get('/api/tables/limit'), 403, 'denied', undefined);
  refused(await admin.get('/api/tables/people'), 422, 'input', 'name');
  refused(await admin.get('/api/tables/limit?version=99'), 404, 'missing', 'version');
});

test('each heading of each table, and each word that a cell may be, has words in both languages', async () => {
  for (const name of ['category', 'limit', 'calendar', 'template', 'deputy', 'subsidy', 'keeping', 'units']) {
    const { columns } = await table(name);
    const keys = columns.flatMap((c) => [[`column.${c.name}`],
      ...(c.words ?? []).filter((w) => !/^(\d+|true|false)$/.test(w)).map((w) => [`word.${c.name}.${w}`, `word.${w}`])]);
    for (const words of [zh, en])
      assert.deepEqual(keys.filter((any) => !any.some((key) => words[key])), [], name);
  }
  assert.deepEqual((await table('units')).columns.find((c) => c.name === 'kind').words.slice(0, 2), ['committee', 'centre']);
});

test('as long as nobody has set terms for personal data, the table shows the usual ones', async () => {
  const { csv, version, moves } = await table('keeping');
  assert.equal(version, 0);
  assert.match(csv, /^what,days,basis,basis_en\ncontact,1095,,\nwords,1095,,\n/);
  const { terms } = await admin.read('/api/personal/deletions');
  assert.deepEqual(csv.trimEnd().split('\n').slice(1).map((l) => l.split(',').slice(0, 2).join()),
    terms.map((t) => `${t.what},${t.days}`));
  const checked = await change('keeping', csv.replace('sign_in,400', 'sign_in,300'), moves, { dry: true });
  assert.equal(checked.body.faults_total, 0);
});

test('a table is read and changed as JSON, an object a row', async () => {
  for (const name of ['category', 'limit', 'calendar', 'template', 'deputy', 'subsidy', 'keeping', 'units']) {
    const { rows, csv, moves, columns } = await admin.read(`/api/tables/${name}?as=json`);
    assert.ok(rows.length > 0, name);
    const names = columns.map((c) => c.name);
    assert.deepEqual(Object.keys(rows[0]).filter((key) => !names.includes(key)), [], name);
    assert.equal((await table(name)).rows, undefined);
    const { body } = await change(name, JSON.stringify(rows), moves, { dry: true });
    assert.deepEqual([body.faults_total, body.rows], [0, rows.length], `${name}: ${csv}`);
  }
  const { rows, moves, version } = await admin.read('/api/tables/limit?as=json');
  const bad = await change('limit', JSON.stringify([...rows, { ...rows[0], unit: 'XX' }]), moves);
  const [first] = bad.body.faults;
  assert.deepEqual([first.line, first.field], [rows.length + 2, 'unit']);
  assert.match((await change('limit', '{}', moves)).body.faults[0].message, /array of objects/);
  assert.equal((await table('limit')).version, version);
  refused(await admin.get('/api/tables/limit?as=xml'), 422, 'input', 'as');
});

test('a table with faults is told row by row and stores nothing', async () => {
  const { csv, moves, version } = await table('limit');
  const bad = `${csv.trimEnd()}\n9999,1,handle,5,WD,,\n,7,handle,5,WD,,\n,1,handle,-2,WD,,\n`;
  const words = await table('template');
  const turned = `${words.csv.trimEnd()}\nturned,,\u202e天明,Turned,您好，我们明天上午到现场。\n`;
  const [fault] = (await change('template', turned, words.moves)).body.faults;
  assert.match(fault.message, /turn the direction of writing/);
  assert.equal(`${words.csv.trimEnd().split('\n').length + 1} title`, `${fault.line} ${fault.field}`);
  const answer = await change('limit', bad, moves);
  assert.equal(answer.status, 200);
  const lines = csv.trimEnd().split('\n').length;
  assert.deepEqual([...new Set(answer.body.faults.map(({ line, field }) => `${line - lines} ${field}`))].sort(),
    ['1 category', '2 tier', '3 amount']);
  assert.equal(answer.body.version, undefined);
  assert.equal((await table('limit')).version, version);
});

test('a change is checked dry, put in force at once, and rules what comes next', async () => {
  const { csv, moves, version } = await table('template');
  const more = `${csv.trimEnd()}\ntomorrow,,明天再来,Tomorrow,您好，我们明天上午到现场。\n`;
  assert.equal((await change('template', more, moves, { dry: true })).body.version, undefined);
  assert.equal((await table('template')).version, version);
  const key = { 'Idempotency-Key': newKey() };
  const done = await admin.call('POST', '/api/tables/template', { csv: more, moves }, key);
  assert.equal(done.body.version, version + 1);
  const again = await admin.call('POST', '/api/tables/template', { csv: more, moves }, key);
  assert.equal(again.body.version, version + 1, 'the same once more is the same');
  assert.equal((await table('template')).csv, more);
  const clerk = await city.signIn('dispatcher1');
  await until(async () => (await clerk.read('/api/templates')).items.some(({ title }) => title === '明天再来'));
  assert.ok((await clerk.read('/api/templates')).items.some(({ title }) => title === '明天再来'));
  refused(await change('template', csv, moves), 409, 'conflict', 'moves');
});

test('from a day to come it is planned, can be looked at, and is taken back before', async () => {
  const { csv, moves, version } = await table('subsidy');
  const dear = csv.replace(/\d+(?=,示例)/, '99900');
  refused(await change('subsidy', dear, moves, { valid_from: Date.now() - 3 * DAY_MS }), 422, 'input', 'valid_from');
  const { body } = await change('subsidy', dear, moves, { valid_from: Date.now() + 3 * DAY_MS });
  assert.ok(body.version > version);
  const now = await table('subsidy');
  assert.equal(now.version, version, 'the old one is in force until then');
  assert.equal((await admin.read(`/api/tables/subsidy?version=${body.version}`)).csv, dear);
  const planned = (await admin.read('/api/versions/subsidy')).items[0];
  assert.equal(planned.state, 'planned');
  assert.ok(planned.may_take_back);
  await admin.write(`/api/versions/subsidy/${body.version}/take_back`, { why: 'a slip of the pen' });
  assert.equal((await admin.read('/api/versions/subsidy')).items[0].state, 'taken_back');
});

test('units change at once: a new one is there, a known one is renamed', async () => {
  const { csv, moves } = await table('units');
  const lines = csv.trimEnd().split('\n');
  const at = lines.findIndex((l) => l.startsWith('320508018000,'));
  lines[at] = lines[at].replace(/^320508018000,[^,]*,/, '320508018000,平江街道基层治理中心,');
  lines.push('320508018-park,园林所,Parks office,department,320508018000,320508018000,false,parks');
  refused(await change('units', `${lines.join('\n')}\n`, moves, { valid_from: Date.now() + DAY_MS }), 422, 'input',
    'valid_from');
  const { body } = await change('units', `${lines.join('\n')}\n`, moves);
  assert.equal(body.faults_total, 0);
  await until(async () => /320508018-park/.test((await table('units')).csv));
  const now = (await table('units')).csv;
  assert.match(now, /^320508018-park,园林所,/m);
  assert.match(now, /^320508018000,平江街道基层治理中心,/m);
});

test('who a deputy is must be known', async () => {
  const { csv, moves } = await table('deputy');
  const { body } = await change('deputy', `${csv.trimEnd()}\n320508018000,nobody9\n`, moves);
  assert.deepEqual(body.faults.map(({ field }) => field), ['person']);
});
