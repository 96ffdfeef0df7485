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

const schema = readdirSync('sql').filter((name) => name.endsWith('.sql')).sort()
  .map((name) => readFileSync(join('sql', name), 'utf8')).join('\n');
const described = spawnSync(program, ['describe', 'sql'], { encoding: 'utf8' });
assert.equal(described.status, 0, described.stderr);
const everything = described.stdout.split('\n').filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line.replace(/,$/, '')));
// The search file is SQLite's own and not part of the schema; test_search runs its statements.
const statements = everything.filter(({ room }) => room !== 'search_file');

test('names are unique and there are many', () => {
  assert.ok(statements.length > 100);
  assert.equal(new Set(everything.map(({ name }) => name)).size, everything.length);
});

test('SQLite reads whole tables only where a statement says so', () => {
  const db = new DatabaseSync(':memory:');
  db.exec(schema.replace(/\/\*sqlite:(.*?)\*\//g, '$1'));
  const wrong = [];
  for (const { name, scans, text } of statements) {
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${text}`).all().map((row) => row.detail);
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
  db.exec(schema.replace(/\/\*sqlite:(.*?)\*\//g, '$1'));
  const lists = statements.filter(({ name, text }) => /^(desk|log|search)\./.test(name) && /LIMIT/.test(text));
  const sorted = lists.filter(({ text }) => db.prepare(`EXPLAIN QUERY PLAN ${text}`).all()
    .some(({ detail }) => /TEMP B-TREE/.test(detail)));
  db.close();
  assert.ok(lists.length > 10);
  assert.deepEqual(sorted.map(({ name }) => name), []);
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
