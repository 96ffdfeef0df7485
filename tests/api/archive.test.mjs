// archive.test.mjs: what is long done is put aside while servers go on: it is still found by number
// and receipt, can still be taken up again, and stays as safe from rewriting as before.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { grids, program, run, startCity } from './city.mjs';

const skip = process.env.DB !== 'postgres' && 'a file has no parts';
const cold = `cold_${process.pid}`;
let city, worker, dispatcher;
before(async () => {
  if (skip) return;
  city = await startCity('--no-limits');
  [worker, dispatcher] = await Promise.all(['worker1', 'dispatcher1'].map((name) => city.signIn(name)));
});
after(async () => {
  await city?.stop();
  if (!skip) spawnSync('psql', ['-X', '-q', '-U', 'postgres', '-c', `DROP TABLESPACE IF EXISTS ${cold}`]);
});

const report = (text) =>
  city.anybody().write('/api/reports', { text, category: '0101', grid: grids.ours });
const archive = (...options) => run('archive', ...city.database.where, ...options);
const partOf = (table, number) =>
  city.database.rows(`SELECT t.tableoid::regclass::text AS part FROM ${table} t
    JOIN matter m ON m.area = t.area AND m.id = t.${table === 'matter' ? 'id' : 'matter'}
    WHERE m.number = '${number}'`)[0].part;

/** The server may use up its ids of before, for ten seconds. */
async function reportInNow(text) {
  for (let tries = 0; ; tries++) {
    const made = await report(text);
    if (partOf('matter', made.number) === 'matter_now') return made;
    assert.ok(tries < 40, 'the part of now takes nothing in');
    await sleep(500);
  }
}

test('a part is closed while reports keep coming, and nothing of it is lost', { skip }, async () => {
  const old = await report('归档前的事');
  let going = true;
  const during = [];
  const clients = Array.from({ length: 4 }, async () => {
    while (going) during.push(await report('归档时的事'));
  });
  const done = archive('--close');
  going = false;
  await Promise.all(clients);
  assert.equal(done.status, 0, done.stderr);
  const late = await reportInNow('归档后的事');
  assert.match(partOf('matter', old.number), /^matter_to_\d{8}_\d{6}$/);
  for (const table of ['matter', 'entry', 'reporter']) {
    assert.equal(partOf(table, late.number), `${table}_now`);
    assert.equal(partOf(table, old.number), partOf('matter', old.number).replace('matter', table));
  }
  for (const { number, code } of [old, ...during, late]) {
    assert.equal((await city.reporter(code).read('/api/receipt')).number, number);
    assert.equal((await dispatcher.read(`/api/matters/${number}`)).number, number);
  }
  await worker.step(old.number, 'take');
  const list = async (order) =>
    (await worker.read(`/api/matters?view=region&limit=100&grid=${grids.ours}${order}`)).items.map((m) => m.number);
  assert.ok((await list('&order=new')).includes(late.number));
  assert.ok((await list('')).includes(during[0]?.number ?? old.number));
});

test('closing again begins another part, and says what there is', { skip }, () => {
  const before = city.database.rows(`SELECT count(*) AS n FROM matter`)[0].n;
  const done = archive('--close');
  assert.equal(done.status, 0, done.stderr);
  const lines = done.stdout.split('\n').filter((line) => line.startsWith('matter'));
  assert.equal(lines.length, 3);
  const counted = lines.map((line) => Number(line.match(/(\d+) matters/)[1]));
  assert.equal(counted.reduce((a, b) => a + b), before);
  assert.match(lines[2], /^matter_now +\d matters/);
});

test('no part can be rewritten behind its table', { skip }, () => {
  for (const table of city.database
    .rows(`SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'entry'::regclass`)) {
    for (const text of [`UPDATE ${table.name} SET data = ''`, `DELETE FROM ${table.name}`, `TRUNCATE ${table.name}`]) {
      assert.throws(() => city.database.change(text), /takes only INSERT/, text);
    }
  }
});

test('done parts move; one with open matters says why not, or moves if told to', { skip }, async () => {
  const place = `${process.env.PGHOST}/${cold}`;
  city.database.change(`COPY (SELECT 1) TO PROGRAM 'mkdir -p ${place}'`);
  city.database.change(`CREATE TABLESPACE ${cold} LOCATION '${place}'`);
  city.database.change(`GRANT CREATE ON TABLESPACE ${cold} TO ${process.env.PGUSER}`);
  const kept = archive('--tablespace', cold, '--years', '0');
  assert.equal(kept.status, 0, kept.stderr);
  assert.doesNotMatch(kept.stdout, /moved/); // something is open in each
  const why = kept.stdout
    .match(/^ {2}stays: (\d+) still open \(--open allows 0\), the oldest is (\S+) of \d{4}-/m);
  const first = city.database.rows(`SELECT number, (SELECT count(*) FROM matter x WHERE x.open = 1
    AND x.tableoid = m.tableoid) AS n FROM matter m WHERE open = 1
    ORDER BY created_ms, id LIMIT 1`)[0];
  assert.deepEqual([Number(why[1]), why[2]], [Number(first.n), first.number]);
  const young = archive('--tablespace', cold, '--years', '3', '--open', '99999');
  assert.match(young.stdout, /^ {2}stays: old enough after 20/m);
  const moved = archive('--tablespace', cold, '--years', '0', '--open', '99999');
  assert.equal(moved.status, 0, moved.stderr);
  const of = (relation) => city.database.rows(`SELECT coalesce(spcname, '') AS place FROM pg_class c
    LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace WHERE c.oid = '${relation}'::regclass`)[0].place;
  const part = moved.stdout.match(/^(matter_to_\w+) .*moved$/m)[1];
  assert.equal(of(part), cold);
  assert.equal(of(part.replace('matter', 'entry')), cold);
  assert.equal(of('matter_now'), '');
  const [ours] = city.database.rows("SELECT number FROM matter WHERE text = '归档前的事'");
  assert.equal(of(partOf('matter', ours.number)), cold);
  await worker.step(ours.number, 'note', { note: '仍可办理' });
});

test('one that was broken off leaves nothing behind that the next does not mend', { skip }, () => {
  city.database.change('ALTER TABLE matter_now ADD CONSTRAINT matter_bound CHECK (id < 1) NOT VALID');
  const bounds = () =>
    city.database.rows(`SELECT count(*) AS n FROM pg_constraint WHERE conname LIKE '%bound'`)[0].n;
  assert.equal(bounds(), 1);
  const done = archive();
  assert.equal(done.status, 0, done.stderr);
  assert.equal(bounds(), 0);
});

test('two at once: one does it, the other says so', { skip }, async () => {
  await reportInNow('又一件');
  const both = await Promise.all(
    [1, 2].map(() => new Promise((ended) => {
      const child = spawn(program, ['archive', ...city.database.where, '--close'],
        { env: { ...process.env, LC_ALL: 'en' } });
      let said = '';
      child.stderr.on('data', (text) => {
        said += text;
      });
      child.on('close', (status) => ended({ status, said }));
    })),
  );
  const failed = both.filter(({ status }) => status !== 0);
  assert.ok(failed.length <= 1, JSON.stringify(both));
  for (const { said } of failed) assert.match(said, /Another archive is running|nothing to close/);
});

test('what cannot be done is said', { skip }, () => {
  const named = archive('--tablespace', "x'; DROP TABLE matter; --");
  assert.equal(named.status, 1);
  assert.match(named.stderr, /small letters, digits and _ \(tablespace\)/);
  const missing = archive('--tablespace', 'nowhere');
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /There is no tablespace nowhere \(tablespace\)/);
});

test('a file has no parts', { skip: process.env.DB === 'postgres' }, () => {
  const done = run('archive', '--db', 'some.db');
  assert.equal(done.status, 1);
  assert.match(done.stderr, /A file has no parts; give a postgres:\/\/ address \(db\)/);
});
