// disputes.mjs: how long a list of many disputes takes to leave as a workbook and as a table, and the
// statistics of a county to be counted: node tests/bench/disputes.mjs [disputes] [port]
// Makes a demo city of its own and fills it with copies of its disputes; DB=postgres, run by
// tests/tools/postgres.mjs, fills a database there.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

const program = resolve(process.env.FENGQIAO ?? 'build/fengqiao');
const wanted = Number(process.argv[2] ?? 10_000);
const listen = `127.0.0.1:${process.argv[3] ?? 19451}`;
const folder = mkdtempSync(join(tmpdir(), 'fengqiao-disputes-'));
const onServer = process.env.DB === 'postgres';
const name = 'bench_disputes';
const where = onServer
  ? ['--db', `postgres:///${name}`, '--data', folder]
  : ['--db', join(folder, 'city.db')];
const env = { ...process.env, LANG: 'en', LC_ALL: 'en' };

function done(command, args) {
  const ran = spawnSync(command, args, { encoding: 'utf8', env, maxBuffer: 64 << 20 });
  assert.equal(ran.status, 0, ran.stderr);
  return ran;
}
function timed(what, args) {
  const began = performance.now();
  const ran = done(program, args);
  const lines = ran.stderr.trim().split('\n');
  const seconds = ((performance.now() - began) / 1000).toFixed(2);
  console.log(`${what}: ${seconds} s, ${lines.length} lines of progress`);
  assert.match(lines.at(-1), new RegExp(`of ${wanted} disputes`));
}

/** Copies of the disputes that were accepted, with their parties and sessions, until there are as
 * many as wanted. */
function fill() {
  const sql = (columns) => {
    const copy = (table, id) => {
      const changed = {
        id: `s.n * 1000 + o.${id} % 1000 + 900000000000`,
        number: "'B' || s.n || '-' || o.id",
      };
      return `INSERT INTO ${table} (${columns(table).join(', ')}) SELECT ${columns(table)
        .map((c) => changed[c === id ? 'id' : c] ?? `o.${c}`)
        .join(', ')} FROM ${table} o, (WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k
        WHERE n < ${wanted}) SELECT n FROM k) s WHERE o.${id} IN (SELECT matter FROM dispute WHERE
        accepted_ms IS NOT NULL AND matter < 900000000000)`;
    };
    return ['matter', 'party', 'sitting', 'dispute'].map((t) => copy(t, t === 'matter' ? 'id' : 'matter'));
  };
  const trim = `DELETE FROM dispute WHERE matter NOT IN (SELECT matter FROM dispute WHERE
    accepted_ms IS NOT NULL ORDER BY matter LIMIT ${wanted})`;
  if (onServer) {
    const psql = (text) =>
      done('psql', ['-X', '-q', '-A', '-t', '-U', 'postgres', '-d', name, '-c', text]).stdout;
    const columns = (t) =>
      psql(`SELECT column_name FROM information_schema.columns WHERE table_name = '${t}'`).trim().split('\n');
    for (const text of [...sql(columns), trim, 'ANALYZE']) psql(text);
    return;
  }
  const db = new DatabaseSync(join(folder, 'city.db'));
  const columns = (t) => db.prepare(`PRAGMA table_info(${t})`).all().map((c) => c.name);
  db.exec('BEGIN');
  for (const text of [...sql(columns), trim]) db.exec(text);
  db.exec('COMMIT');
  db.close();
}

async function statistics() {
  const server = spawn(program, ['serve', ...where, '--listen', listen], { env, stdio: 'ignore' });
  try {
    const base = `http://${listen}`;
    let answer;
    for (let i = 0; i < 100 && !answer; i++) {
      await sleep(100);
      answer = await fetch(`${base}/api/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `bench-${Date.now()}-0000000000` },
        body: JSON.stringify({ username: 'mediator2', password: 'fengqiao-demo-2026' }),
      }).catch(() => undefined);
    }
    assert.equal(answer.status, 200, await answer.clone().text());
    const cookie = answer.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
    const now = Date.now();
    const ask = `from_ms=${now - 360 * 86_400_000}&to_ms=${now}`;
    for (const path of ['', '/cases', '/cases/csv', '/xlsx']) {
      const took = [];
      for (let i = 0; i < 5; i++) {
        const began = performance.now();
        const got = await fetch(`${base}/api/statistics/disputes${path}?${ask}`, { headers: { cookie } });
        assert.equal(got.status, 200);
        await got.arrayBuffer();
        took.push(performance.now() - began);
      }
      took.sort((a, b) => a - b);
      console.log(`GET /api/statistics/disputes${path}: ${took[2].toFixed(0)} ms (median of 5)`);
    }
  } finally {
    server.kill('SIGTERM');
  }
}

try {
  if (onServer) done('createdb', [name]);
  done(program, ['demo', '--only-make', '--matters', '1000', '--seed', '7', ...where]);
  fill();
  const out = join(folder, 'out');
  timed(`${wanted} disputes as XLSX`, ['export', 'disputes', ...where.slice(0, 2), '--out', `${out}.xlsx`]);
  timed(`${wanted} disputes as CSV`, ['export', 'disputes', ...where.slice(0, 2), '--out', `${out}.csv`]);
  console.log(`${statSync(`${out}.xlsx`).size >> 10} KB XLSX, ${statSync(`${out}.csv`).size >> 10} KB CSV`);
  await statistics();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
