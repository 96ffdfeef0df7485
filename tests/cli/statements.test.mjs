// statements.test.mjs: every named statement the program has is accepted by SQLite and by
// PostgreSQL 15 over the same schema, and none that should use an index reads a whole table.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { isInstalled, startPostgres } from '../tools/postgres.mjs';

const program = process.env.FENGQIAO ?? 'build/fengqiao';
const folder = mkdtempSync(join(tmpdir(), 'fengqiao-sql-'));

const files = readdirSync('sql').filter((name) => name.endsWith('.sql')).sort()
  .map((name) => ({ name, text: readFileSync(join('sql', name), 'utf8') }));
const schema = files.map(({ text }) => text).join('\n');
const described = spawnSync(program, ['describe', 'sql'], { encoding: 'utf8' });
assert.equal(described.status, 0, described.stderr);
const everything = described.stdout.split('\n').filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line.replace(/,$/, '')));
const remarks = (text) => text.replace(/\/\*sqlite:(.*?)\*\//g, '$1');
// The search file is SQLite's own and not part of the schema; test_search runs its statements.
const statements = everything.filter(({ room }) => room !== 'search_file');

test('agreements that were mediated anew before there were rows for them are taken over', () => {
  const db = new DatabaseSync(':memory:');
  const made = (of) => files.filter(of).forEach(({ text }) => db.exec(remarks(text)));
  made(({ name }) => name < '0016');
  db.exec(`INSERT INTO dispute (area, matter, unit, type, kind, source, came_from, status, class,
    docket, open_door, written, form, amount_fen, confirm, studio)
    VALUES (1, 2, 9, 'wages', '', 'apply', '', 0, '', 'n', 0, 0, 'written', 5, '', 4)`);
  const entries = [['agree_written', 'signing'], ['not_signed', 'mediating'],
    ['agree_written', 'signing'], ['sign', 'signing'], ['seal', 'performing'],
    ['broken', 'performing'], ['mediate_again', 'registered'], ['agree_oral', 'performing'],
    ['kept', 'performing'], ['mediate_again', 'registered'], ['agree_oral', 'performed']];
  const entry = db.prepare(`INSERT INTO entry (area, matter, seq, id, at_ms, actor, account, unit,
    action, from_state, to_state, owner_unit, holder, data, prev, hash)
    VALUES (1, 2, ?, ?, ?, 'staff', 0, 0, ?, '', ?, 9, 0, '', x'', x'')`);
  entries.forEach(([action, to], i) => entry.run(i + 1, i + 1, (i + 1) * 10, action, to));
  for (const [no, round, fen] of [[1, 0, 7], [101, 1, 300], [102, 1, 20], [201, 2, 0]])
    db.exec(`INSERT INTO promise (area, matter, no, round, party, what, amount_fen, due_ms, way,
      place) VALUES (1, 2, ${no}, ${round}, 1, '', ${fen}, 0, '', '')`);
  made(({ name }) => name >= '0016');
  const rows = db.prepare(`SELECT round, unit, studio, form, amount_fen, effective_ms, ended_ms
    FROM agreement ORDER BY round`).all().map((row) => Object.values(row));
  db.close();
  assert.deepEqual(rows, [[1, 9, 4, 'written', 320, 50, 70], [2, 9, 4, 'oral', 0, 80, 100]]);
});

test('names are unique and there are many', () => {
  assert.ok(statements.length > 100);
  assert.equal(new Set(everything.map(({ name }) => name)).size, everything.length);
});

test('SQLite reads whole tables only where a statement says so', () => {
  const db = new DatabaseSync(':memory:');
  db.exec(remarks(schema));
  const wrong = [];
  for (const { name, scans, text } of statements) {
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${remarks(text)}`).all().map((row) => row.detail);
    // A subquery was limited by the statement it stands in; the first rows in key order are few.
    const whole = plan.filter((step) => /^SCAN (?!CONSTANT|\(?subquery|counted\b)/i.test(step));
    const firstInOrder = plan.length === 1 && /ORDER BY .* LIMIT \d+$/.test(text);
    if (!scans && !firstInOrder && whole.length) wrong.push(`${name}: ${whole.join('; ')}`);
  }
  db.close();
  assert.deepEqual(wrong, []);
});

test('lists come out of an index in their order: no page is sorted', () => {
  const db = new DatabaseSync(':memory:');
  db.exec(remarks(schema));
  const lists = statements.filter(({ name, text }) => /^(desk|log|search)\./.test(name) && /LIMIT/.test(text));
  const sorted = lists.filter(({ text }) => db.prepare(`EXPLAIN QUERY PLAN ${remarks(text)}`).all()
    .some(({ detail }) => /TEMP B-TREE/.test(detail)));
  db.close();
  assert.ok(lists.length > 10);
  assert.deepEqual(sorted.map(({ name }) => name), []);
});

// What people look at all day, and the index that leads to it.
const paths = {
  'desk.of_grid': 'matter_grid', 'desk.all_of_grid': 'matter_grid', 'desk.of_town': 'matter_town',
  'desk.count_town': 'matter_town', 'desk.of_area': 'matter_area', 'desk.of_unit': 'matter_owner',
  'desk.of_holder': 'matter_holder', 'desk.look_end_of_unit': 'matter_owner_new', 'timer.rung': 'matter_alarm',
  'map.points_by_cell': 'matter_cell', 'map.points_ended_here': 'matter_cell_ended',
  'map.points_ended_last': 'matter_cell_ended', 'map.tally_ended_here': 'matter_cell_ended',
};
const pathText = (name) => statements.find((statement) => statement.name === name).text;

test('SQLite takes the index made for a list, as far as its order goes', () => {
  const db = new DatabaseSync(':memory:');
  db.exec(remarks(schema));
  for (const [name, index] of Object.entries(paths)) {
    const [{ detail }] = db.prepare(`EXPLAIN QUERY PLAN ${remarks(pathText(name))}`).all()
      .filter((step) => /matter/.test(step.detail));
    assert.ok(detail.includes(` ${index} (`), `${name}: ${detail}`);
    // Whose, and from where in the order.
    assert.match(detail, /(_ms|cell|id)[<>),]/, `${name}: ${detail}`);
  }
  db.close();
});

let server;
after(() => {
  server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('PostgreSQL prepares every statement over the same schema',
  { skip: !isInstalled && 'PostgreSQL 15 is not installed' }, () => {
    server = startPostgres();
    const psql = (...more) => spawnSync('psql', ['-X', '-q', ...more],
      { encoding: 'utf8', env: { ...process.env, ...server.env } });
    writeFileSync(join(folder, 'schema.sql'), `CREATE DOMAIN blob AS bytea;\n${schema}`);
    const made = psql('-v', 'ON_ERROR_STOP=1', '-f', join(folder, 'schema.sql'));
    assert.equal(made.status, 0, made.stderr);
    writeFileSync(join(folder, 'prepare.sql'), statements.map(({ name, text }, i) =>
      `\\warn ${name}\nPREPARE s${i} AS ${text};`).join('\n'));
    const prepared = psql('-f', join(folder, 'prepare.sql'));
    const lines = prepared.stderr.split('\n');
    const wrong = lines.flatMap((line, i) => (/ERROR:/.test(line)
      ? [`${lines.slice(0, i).findLast((before) => /^[\w.]+$/.test(before))}: ${line.replace(/.*ERROR: */, '')}`] : []));
    assert.deepEqual(wrong, []);
    assert.equal(lines.filter((line) => /^[\w.]+$/.test(line)).length, statements.length);
  });

// Plans are as the program has them made, without looking at values.
test('PostgreSQL takes it too among many open matters of two counties',
  { skip: !isInstalled && 'PostgreSQL 15 is not installed' }, () => {
    const psql = (text) => {
      const done = spawnSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1'],
        { encoding: 'utf8', env: { ...process.env, ...server.env }, input: text });
      assert.equal(done.status, 0, done.stderr);
      return done.stdout;
    };
    const given = { area: '1 + i % 2', id: 'i', number: 'i', town: 'i % 40', grid: 'i % 800', owner_unit: 'i % 90',
      holder: 'i % 300', due_ms: 'i * 7919 % 100000', alarm_ms: 'i * 7919 % 100000', open: '1' };
    const columns = psql("SELECT attname FROM pg_attribute WHERE attrelid = 'matter'::regclass AND attnum > 0")
      .trim().split('\n');
    const types = Object.fromEntries(psql(`SELECT attname || ' ' || format_type(atttypid, NULL)
      FROM pg_attribute WHERE attrelid = 'matter'::regclass AND attnum > 0`).trim().split('\n')
      .map((line) => line.split(/ (.*)/)));
    const value = (column) => given[column] ?? (/text|blob/.test(types[column]) ? "''" : '0');
    psql(`INSERT INTO matter (${columns}) SELECT ${columns.map((c) => `CAST(${value(c)} AS ${types[c]})`)}
      FROM generate_series(1, 40000) AS i; ANALYZE matter;`);
    for (const [name, index] of Object.entries(paths)) {
      const text = pathText(name);
      const n = Math.max(...Array.from(text.matchAll(/\$(\d+)/g), (m) => Number(m[1])));
      const plan = psql(`SET plan_cache_mode = force_generic_plan; PREPARE p AS ${text};
        EXPLAIN EXECUTE p (${Array(n).fill('NULL')});`);
      assert.match(plan, new RegExp(`Index (Only )?Scan (Backward )?(using|on) ${index} `), `${name}: ${plan}`);
    }
  });

test('whatever lies under the sealing key is sealed anew when that is turned', () => {
  const db = new DatabaseSync(':memory:');
  db.exec(remarks(schema));
  const sealed = db.prepare(`SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c
    WHERE m.type = 'table' AND c.name = 'data_key'`).all().map(({ name }) => name);
  db.close();
  const turned = statements.filter(({ name }) => name.startsWith('rotate.'))
    .map(({ text }) => /^UPDATE (\w+) SET data_key = /.exec(text)?.[1]).filter(Boolean);
  assert.ok(sealed.length >= 5);
  assert.deepEqual(turned.sort(), sealed.sort());
});
