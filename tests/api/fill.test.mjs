// fill.test.mjs: the city that measuring fills in bulk is one that the product itself could have
// written: it verifies, and has the indexes it had when it was empty.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { emptyDatabase, program, run, serverOn } from './city.mjs';

const matters = 3000;
const open = 2;
let folder, database, server;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-fill-'));
  database = emptyDatabase(folder);
});
after(async () => {
  await server?.stop();
  database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

function fill() {
  const [, url] = database.where;
  const data = database.options.length > 2 ? folder : '-';
  const args = [url, data, String(matters), String(open)];
  return spawnSync(join(dirname(program), 'tests/bench/fill'), args, { encoding: 'utf8' });
}

function indexes() {
  const tables = ['matter', 'entry', 'leaf', 'tree_node', 'reporter', 'command_key', 'note'];
  const of = `(${tables.flatMap((name) => [name, `${name}_now`]).map((name) => `'${name}'`)})`;
  return database.rows(
    process.env.DB === 'postgres'
      ? `SELECT indexdef FROM pg_indexes WHERE tablename IN ${of} ORDER BY indexdef`
      : `SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ${of} ORDER BY name`,
  );
}

test('a filled city verifies, with all its indexes', () => {
  const made = run('demo', '--only-make', '--matters', '0', ...database.options);
  assert.equal(made.status, 0, made.stderr);
  const before = indexes();
  const filled = fill();
  assert.equal(filled.status, 0, filled.stderr);
  assert.equal(JSON.parse(filled.stdout).matters, matters);
  assert.deepEqual(indexes(), before);
  const verified = run('verify', '--json', ...database.options);
  assert.equal(verified.status, 0, verified.stdout);
  const found = JSON.parse(verified.stdout);
  assert.equal(found.matters, matters);
  assert.equal(found.leaves, found.entries);
  assert.ok(found.entries > 2 * matters && found.entries < 3 * matters, `${found.entries} entries`);
});

test('its open matters lie in grids, so many in each, taken up and not late', () => {
  const grids = database.rows(
    `SELECT count(*) AS n, min(due_ms) AS due FROM matter WHERE open = 1 GROUP BY grid`,
  );
  assert.equal(grids.length, (matters * 3) / 4 / open);
  const now = Date.now();
  for (const { n, due } of grids) assert.ok(Number(n) === open && Number(due) > now, `${n} ${due}`);
  const states = database.rows(
    'SELECT DISTINCT state FROM matter WHERE open = 0 ORDER BY state',
  );
  assert.deepEqual(states.map((row) => row.state), ['closed', 'rejected', 'withdrawn']);
});

// A page looks at so many of the newest; where few of them pass the filters it comes short, and the
// next one goes on from there.
test('a server lists what few matters are, page by page, and finds their words', async () => {
  server = await serverOn({ folder, database });
  const dispatcher = await server.signIn('dispatcher3');
  const seen = [];
  let short = 0;
  for (let next = '', pages = 0; next !== undefined; pages += 1) {
    assert.ok(pages < matters);
    const after = next && `&after=${next}`;
    const page = await dispatcher.read(
      `/api/matters?view=region&order=new&state=closed&limit=2${after}`);
    seen.push(...page.items.map((m) => m.number));
    short += page.items.length < 2 && page.next !== undefined ? 1 : 0;
    next = page.next;
  }
  const closed = database.rows(`SELECT number FROM matter WHERE state = 'closed' ORDER BY id DESC`);
  assert.ok(closed.length > 10 && short > 0, `${closed.length} closed, ${short} short pages`);
  assert.deepEqual(seen, closed.map((m) => m.number));
  const found = await dispatcher.read(`/api/search?q=${encodeURIComponent('楼道堆物 1234')}`);
  const numbers = database.rows(`SELECT number FROM matter WHERE text = '楼道堆物 1234'`);
  assert.deepEqual(found.items.map((m) => m.number), numbers.map((m) => m.number));
});

test('a city that has matters is not filled again', () => {
  const again = fill();
  assert.equal(again.status, 1);
  assert.match(again.stderr, /there are matters already/);
  assert.equal(Number(database.rows('SELECT count(*) AS n FROM matter')[0].n), matters);
});
