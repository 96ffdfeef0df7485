// bench.test.mjs: what an operator gets from `fengqiao bench`: each thing measured against the limit
// below it, words that say how the sum is made, nothing left behind, and nobody's database touched.
// How quick the machine is is not looked at.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { isInstalled, startPostgres } from '../tools/postgres.mjs';

const program = resolve(process.env.FENGQIAO ?? 'build/fengqiao');
const folders = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Runs it in an empty folder; when what it says fits `until`, it is told to stop. */
function bench(options, { lang = 'C', until, env = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'fengqiao-bench-test-'));
  folders.push(folder);
  const child = spawn(program, ['bench', '--in', folder, ...options], { cwd: folder,
    env: { ...process.env, ...env, LC_ALL: lang } });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'])
    child[stream].on('data', (text) => {
      said[stream] += text;
      if (until?.test(said[stream])) child.kill('SIGINT');
    });
  return new Promise((done) => child.on('close', (status) =>
    done({ status, ...said, left: readdirSync(folder) })));
}

/** What one run told as JSON holds together. */
function holds(told) {
  const at = (name) => told.parts.filter((part) => part.name === name).map((part) => part.clients);
  for (const name of ['commit', 'healthz', 'list', 'matter', 'report']) assert.deepEqual(at(name), [1, 8, 64], name);
  assert.deepEqual(at('login'), [1]);
  for (const part of told.parts) {
    assert.ok(part.calls > 0 && part.per_second > 0, part.name);
    assert.ok(part.p50_ms <= part.p99_ms, part.name);
    const limit = { report: 'commit', list: 'healthz', matter: 'healthz' }[part.name];
    assert.equal(part.limit, limit, part.name);
    if (!limit) continue;
    const raw = told.parts.find(({ name, clients }) => name === limit && clients === part.clients);
    assert.ok(Math.abs(part.ratio - part.per_second / raw.per_second) < 0.01, part.name);
  }
  const of = (name) => told.parts
    .find((part) => part.name === name && part.clients === told.carries.clients).per_second;
  const { busiest_hour: hour, kept_free: free } = told.carries;
  const day = 3600 / hour * free / (1 / of('report') + told.carries.lists_a_report / of('list')
    + told.carries.matters_a_report / of('matter'));
  assert.ok(Math.abs(told.carries.reports_a_day / day - 1) < 0.06, 'the sum as stated, in two digits');
}

test('a table and what it means, in Chinese; broken off, it leaves nothing', async () => {
  const [whole, cut] = await Promise.all([bench(['--seconds', '1'], { lang: 'zh_CN.UTF-8' }),
    bench(['--seconds', '600'], { lang: 'zh_CN.UTF-8', until: /测量/ })]);
  assert.equal(whole.status, 0, whole.stderr);
  assert.match(whole.stdout, /^ +人数 +每秒 +p50 毫秒 +p99 毫秒 +占极限$/m);
  assert.match(whole.stdout, /^提交上报 +64 +\d+ +[\d.]+ +[\d.]+ +\d+ %$/m);
  assert.match(whole.stdout, /一天大约能承载 [1-9]\d* 件上报。算法：/);
  assert.equal(cut.status, 1);
  assert.match(cut.stderr, /已中断，没有留下任何文件/);
  assert.equal(cut.stdout, '');
  assert.deepEqual([...whole.left, ...cut.left], []);
});

test('an empty database of a server is measured against its own limits; one that holds anything is left as it is',
  { skip: !isInstalled && 'PostgreSQL 15 is not installed' }, async () => {
    const server = startPostgres();
    const psql = (text) => spawnSync('psql', ['-X', '-A', '-t', '-d', 'postgres', '-c', text],
      { encoding: 'utf8', env: { ...process.env, ...server.env } }).stdout.trim();
    const on = () => bench(['--seconds', '1', '--matters', '1000', '--json', '--db', 'postgres:///postgres'], { env: server.env });
    try {
      psql('CREATE TABLE theirs (n INT)');
      const refused = await on();
      assert.equal(refused.status, 1);
      assert.match(refused.stderr, /The database postgres is not empty; give a new one/);
      assert.equal(psql("SELECT string_agg(tablename, ' ') FROM pg_tables WHERE schemaname = 'public'"), 'theirs');
      psql('DROP TABLE theirs');
      const done = await on();
      assert.equal(done.status, 0, done.stderr);
      const told = JSON.parse(done.stdout);
      assert.deepEqual([told.database, told.matters], ['postgres', 1000]);
      holds(told);
      assert.equal((await on()).status, 1, 'the city it left is somebody\'s, too');
      assert.deepEqual([...refused.left, ...done.left], []);
    } finally {
      server.stop();
    }
  });
