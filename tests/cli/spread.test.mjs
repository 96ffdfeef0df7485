// spread.test.mjs: the schema for one PostgreSQL server and for a cluster: what `fengqiao schema`
// prints makes the tables that the program itself makes, every table has its place in a cluster, and
// every statement that should go to one machine does: it names the county. Citus itself is not here.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { isInstalled, startPostgres } from '../tools/postgres.mjs';
import { untied } from '../api/spread.mjs';

const program = process.env.FENGQIAO ?? 'build/fengqiao';
const folder = mkdtempSync(join(tmpdir(), 'fengqiao-schema-'));
let server;
after(() => {
  server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function said(...args) {
  const env = { ...process.env, ...server?.env, LC_ALL: 'C' };
  const done = spawnSync(program, args, { encoding: 'utf8', env, maxBuffer: 64 << 20 });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout;
}

const citus = said('schema', '--citus');
const spread = new Set([...citus.matchAll(/create_distributed_table\('(\w+)', 'area'/g)].map((m) => m[1]));
const copied = [...citus.matchAll(/create_reference_table\('(\w+)'/g)].map((m) => m[1]);
const staying = [...citus.matchAll(/^-- {3}(\w+): /gm)].map((m) => m[1]);

function tablesOf(db) {
  return db.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all().map((row) => ({ ...row }));
}

test('what is printed for SQLite makes the database that the program makes', () => {
  const made = join(folder, 'made.db');
  said('migrate', '--db', made);
  const db = new DatabaseSync(':memory:');
  db.exec(said('schema', '--sqlite'));
  const own = new DatabaseSync(made, { readOnly: true });
  assert.deepEqual(tablesOf(db), tablesOf(own));
  assert.deepEqual(db.prepare('PRAGMA user_version').get(), own.prepare('PRAGMA user_version').get());
  own.close();
  db.close();
});

test('what is printed for PostgreSQL makes the database that the program makes',
  { skip: !isInstalled && 'PostgreSQL 15 is not installed' }, () => {
    server = startPostgres();
    const env = { ...process.env, ...server.env };
    const tool = (name, args, input) => {
      const done = spawnSync(name, args, { encoding: 'utf8', env, input, maxBuffer: 64 << 20 });
      assert.equal(done.status, 0, done.stderr);
      return done.stdout;
    };
    for (const name of ['printed', 'made']) tool('createdb', [name]);
    tool('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', 'printed'], said('schema', '--postgres'));
    said('migrate', '--db', 'postgres:///made');
    const dump = (name) => tool('pg_dump', ['-U', 'postgres', name]).replace(/^\\(un)?restrict .*$/gm, '');
    assert.equal(dump('printed'), dump('made'));
    assert.match(said('migrate', '--db', 'postgres:///printed'), /up to date/);
    const again = spawnSync('psql', ['-X', '-q', '-d', 'printed'],
      { encoding: 'utf8', env, input: said('schema', '--postgres') });
    assert.equal(again.status, 3);
    assert.match(again.stderr, /^ERROR: .*already.* fengqiao migrate --db/m);
    assert.equal(again.stderr.match(/ERROR/g).length, 1);
    assert.equal(dump('printed'), dump('made'));
  });

test('every table has one place in a cluster', () => {
  const db = new DatabaseSync(join(folder, 'made.db'), { readOnly: true });
  const tables = tablesOf(db).filter(({ sql }) => /^CREATE TABLE/.test(sql ?? ''));
  const placed = [...spread, ...copied, ...staying].sort();
  assert.deepEqual(placed, tables.map(({ name }) => name));
  for (const { name } of tables) {
    const columns = db.prepare(`PRAGMA table_info(${name})`).all().map((column) => column.name);
    assert.equal(columns.includes('area'), spread.has(name), name);
  }
  db.close();
});

// Statements that ask every machine, and why that is right or bearable.
const audit = 'the audit reads the whole record';
const list = 'a list of one unit, whose matters may lie in several counties; at most a page from each';
const count = 'a figure on one unit, at most a thousand rows from each machine';
const place = 'neighbours in a cell, which a border may cut';
const alarm = 'timers look for what is due, wherever; each is then locked in its county';
const everywhere = {
  'audit.count': audit, 'audit.entries': audit, 'audit.no_entry': audit, 'audit.no_owner': audit,
  'backup.entries': 'a backup counts the whole record', 'backup.matters': 'a backup counts the whole record',
  'audit.no_answer': audit, 'audit.reporters': audit, 'audit.leaves': audit,
  'health.last_entry': 'the doctor holds the clock against the last entry of all counties',
  'lost.count': 'the doctor and a backup look for the photos of all counties',
  'lost.photos': 'the doctor and a backup look for the photos of all counties',
  'log.next': 'the log takes in the entries of all counties', 'search.feed': 'the search file is fed from the log',
  'desk.last_entry': 'whether anything changed anywhere; asked only where one server writes',
  'desk.of_holder': list, 'desk.of_unit': list, 'desk.of_ask': list, 'desk.of_cohandler': list,
  'desk.new_of_unit': list, 'desk.look_end_of_unit': list, 'mediation.of_committee': list, 'mediation.handed_up': list, 'tally.facts': list,
  'tally.how_many': list, 'tally.agreed': list, 'mediation.transfers_of': list,
  'mediation.transfers_between': list, 'mediation.room_taken': list, 'subsidy.settled': list, 'subsidy.handed_up': list,
  'tally.studio_agreed': count, 'tally.studios_agreed': count,
  'desk.count_holder': count, 'desk.count_unit': count,
  'desk.count_pool': count, 'desk.count_cohandle': count, 'desk.count_ask': count,
  'duty.waiting': list, 'duty.in_hand_of': list, 'duty.in_hand': count,
  'duty.left': 'work of people who are not there, wherever it lies',
  'report.near': place, 'desk.similar': place,
  'map.points_by_cell': place, 'map.tally_by_cell': place,
  'map.points_ended_here': place, 'map.points_ended_last': place, 'map.tally_ended_here': place,
  'map.points_by_unit': list, 'map.tally_by_unit': count,
  'past.known': 'an import asks once which numbers of the other system are here already',
  'timer.rung': alarm, 'timer.any': alarm,
  'outbox.due': 'the courier looks for what is due, wherever; each is then taken in its county',
  'outbox.count': 'figures for operators, bounded, every few seconds',
  'outbox.failed': 'what was given up, for operators; at most a page from each',
  'request.of_unit': list, 'request.of_account': list, 'request.of_accounts': list, 'request.late': alarm,
  'rotate.persons': 'turning the sealing key goes through all that is sealed', 'rotate.guests': 'the same',
  'rotate.requests': 'the same',
  'rotate.statements': 'the same', 'rotate.all': 'the same',
  'due.area': 'the night goes from county to county', 'due.file_used': 'a file may be of any county',
};

test('a statement goes to one machine, or stands among those that ask all, with its reason', () => {
  const statements = said('describe', 'sql').trim().split('\n').map((line) => JSON.parse(line))
    .filter(({ room }) => room !== 'search_file');
  const asking = statements.filter(({ text }) => untied(text, spread).length)
    .map(({ name }) => name);
  assert.deepEqual(asking.sort(), Object.keys(everywhere).sort());
  const writing = statements.filter(({ kind, name }) => kind === 'write' && name in everywhere);
  assert.deepEqual(writing, []);
  // Rows are locked on one machine only; a cluster refuses the rest.
  const locking = statements.filter(({ text }) => /FOR UPDATE/.test(text));
  assert.ok(locking.length >= 2);
  assert.deepEqual(locking.filter(({ name }) => name in everywhere), []);
  assert.ok(statements.filter(({ text }) => [...spread].some((t) => text.includes(` ${t} `))).length
    > asking.length + 40);
});

test('the page on scaling counts what there is', () => {
  const page = readFileSync('docs/scaling.md', 'utf8').replace(/\s+/g, ' ');
  assert.ok(page.includes(`The ${spread.size} tables of a matter are spread by \`area\``));
  assert.ok(page.includes(`the list of the ${Object.keys(everywhere).length} that do not`));
});

test('the look at statements sees what is not tied', () => {
  const tables = new Set(['matter', 'entry']);
  const cases = [
    ['SELECT id FROM matter WHERE area = $1 AND id = $2', []],
    ['SELECT id FROM matter WHERE id = $2', ['matter']],
    ['SELECT 1 FROM matter m JOIN entry e ON e.area = m.area WHERE m.area = $1', []],
    ['SELECT 1 FROM matter m JOIN entry e ON e.matter = m.id WHERE m.area = $1', ['entry']],
    ['SELECT (SELECT max(e.id) FROM entry e WHERE e.area = m.area) FROM matter m WHERE m.area = $1', []],
    ['SELECT (SELECT max(id) FROM entry) FROM matter m WHERE (m.area = $1)', ['entry']],
    ["SELECT 1 FROM matter WHERE text = 'area = $1'", ['matter']],
    ['INSERT INTO entry (area, id) VALUES ($1, $2)', []],
    ['INSERT INTO entry (id) VALUES ($2)', ['entry']],
    ['UPDATE matter SET state = $1 WHERE id = $2', ['matter']],
    ['DELETE FROM matter WHERE area = $1', []],
  ];
  for (const [text, wanted] of cases) assert.deepEqual(untied(text, tables), wanted, text);
});
