// storage.test.mjs: what a server does when something is wrong with where its data lies: the key file
// is missing, another server is there already, the connections to the database break.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { emptyDatabase, grids, newKey, run, startCity } from './city.mjs';

const skip = process.env.DB !== 'postgres' && 'a file has no server';
let city;
before(async () => {
  city = await startCity('--no-limits');
});
after(() => city?.stop());

test('a database with accounts is not given a new key file', () => {
  const listen = ['--listen', '127.0.0.1:0'];
  const elsewhere = join(city.folder, 'elsewhere');
  const refused = run('serve', ...city.database.where, '--data', elsewhere, ...listen);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /key file is missing: .*elsewhere/);
});

test('a key file of another database is refused, before anything is taken in with it', () => {
  const elsewhere = join(city.folder, 'other');
  const other = join(city.folder, 'other.db');
  assert.equal(run('demo', '--only-make', '--matters', '0', '--db', other, '--data', elsewhere).status, 0);
  const listen = ['--listen', '127.0.0.1:0'];
  const refused = run('serve', ...city.database.where, '--data', elsewhere, ...listen);
  assert.equal(refused.status, 1, refused.stderr);
  assert.match(refused.stderr, /key file .*other.node\.key is of another database; .* \(data\)/);
});

test('the first server to start says whose key it is; one with another is refused although nothing is signed yet', () => {
  const fresh = emptyDatabase(mkdtempSync(join(city.folder, 'fresh-')));
  const start = (data) => run('serve', ...fresh.where, '--data', join(city.folder, data), '--listen', '127.0.0.1:0', '--templates', '/nowhere');
  assert.doesNotMatch(start('first').stderr, /another database/); // there are no templates there, but it has said so
  assert.match(start('second').stderr, /key file .*second.node\.key is of another database/);
  assert.doesNotMatch(start('first').stderr, /another database/);
  fresh.drop();
});

test('a second server on the same file refuses', { skip: process.env.DB === 'postgres' }, () => {
  const second = run('serve', ...city.database.options, '--listen', '127.0.0.1:0');
  assert.equal(second.status, 1);
  assert.match(second.stderr, /Another server is running on the database .*city\.db \(db\)/);
});

test('a server that cannot be reached, or has no such database, is named without its password', { skip }, () => {
  const url = `postgres://somebody:${randomBytes(4).toString('hex')}@/nowhere`;
  const done = run('serve', '--db', url, '--data', join(city.folder, 'x'), '--listen', '127.0.0.1:0');
  assert.equal(done.status, 1);
  assert.match(done.stderr, /Cannot open the database nowhere \(db\)/);
  assert.ok(!done.stderr.includes(url.slice(20, 28)), done.stderr);
});

/** Sends until there is an answer that says what became of it, as the pages do. */
async function reported(key) {
  for (let tries = 0; tries < 50; tries++) {
    const body = { text: '楼道堆满杂物', grid: grids.ours };
    const answer = await city.anybody().post('/api/reports', body, { 'Idempotency-Key': key });
    if (answer.status === 200) return answer.body;
    assert.equal(answer.status, 503, answer.text);
  }
  throw new Error('it was never taken');
}

test('broken connections are made again, and what was acknowledged is there once', { skip }, async () => {
  const cut = `SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`;
  const before = city.database.rows('SELECT count(*) AS n FROM matter')[0].n;
  const taken = [];
  for (let round = 0; round < 5; round++) {
    const keys = Array.from({ length: 8 }, newKey);
    const sending = keys.map(reported);
    assert.ok(city.database.rows(cut)[0].n > 0);
    taken.push(...(await Promise.all(sending)));
  }
  const after = city.database.rows('SELECT count(*) AS n FROM matter')[0].n;
  assert.equal(new Set(taken.map(({ number }) => number)).size, 40);
  assert.equal(after - before, 40);
  for (const { code, number } of taken) {
    assert.equal((await city.reporter(code).read('/api/receipt')).number, number);
  }
});
