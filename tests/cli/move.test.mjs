// move.test.mjs: a city moves house: from a file to a PostgreSQL server and back (with DB=postgres
// the other way round). Served at the new place, receipts, proofs, photos and repeated submissions
// are what they were; what comes back is the same to the last value; a move that was killed is taken
// up again; and a move that would end in two halves is refused.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isInstalled, startPostgres } from '../tools/postgres.mjs';
import { png } from '../api/picture.mjs';
import { checkReceipt } from '../api/receipt.mjs';

const onServer = process.env.DB === 'postgres';
const skip = !isInstalled && 'PostgreSQL 15 is not installed';
const server = isInstalled && !onServer ? startPostgres() : undefined;
Object.assign(process.env, server?.env);
const { grids, newKey, program, run, startCity } = await import('../api/city.mjs');

let city, receipt, proof, checkpoint, original;
const body = { text: '楼道堆满杂物，走不过去', grid: grids.ours, name: '沈阿姨', phone: '13800001111' };
const key = { 'Idempotency-Key': newKey() };

function psql(database, text) {
  const done = spawnSync('psql', ['-X', '-q', '-A', '-t', '-d', database, '-c', text], {
    encoding: 'utf8',
    maxBuffer: 256 << 20,
    env: { ...process.env, PGOPTIONS: '-c fengqiao.sees=all' },
  });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout;
}

/** A new, empty place of either kind: its address, its directory, the options of serve. */
function place(kind) {
  const name = `moved_${randomBytes(6).toString('hex')}`;
  const data = join(city.folder, name);
  if (kind === 'postgres') psql('postgres', `CREATE DATABASE ${name}`);
  const url = kind === 'postgres' ? `postgres:///${name}` : join(city.folder, `${name}.db`);
  return { url, data, options: ['--db', url, '--data', data] };
}
const other = onServer ? 'sqlite' : 'postgres';
const same = onServer ? 'postgres' : 'sqlite';
const home = () => ({ url: city.database.options[1], data: city.database.options[3] });

const move = (from, to) => ['migrate', '--from', from.url, '--to', to.url, '--data', to.data,
  ...(from.data ? ['--from-data', from.data] : [])];
function moved(from, to) {
  const done = run(...move(from, to));
  assert.equal(done.status, 0, done.stderr);
  assert.match(done.stdout, /Everything fits\nMoved \d+ rows and \d+ photos/);
  return done;
}
function refused(from, to, words) {
  const done = run(...move(from, to));
  assert.equal(done.status, 1, `${done.stdout}${done.stderr}`);
  assert.match(done.stderr, words);
  assert.doesNotMatch(done.stdout, /Moved/);
}

/** Every table with all its rows as texts, in an order of their own. */
function contents({ url }) {
  const database = url.match(/^postgres:\/\/\/(.*)/)?.[1];
  if (database) {
    const tables = psql(database, `SELECT table_name FROM information_schema.tables
      WHERE table_schema = 'public' AND table_name <> 'schema_version' ORDER BY 1`).trim().split('\n');
    return Object.fromEntries(tables.map((table) => [table,
      psql(database, `SELECT t::text FROM ${table} t`).split('\n').sort()]));
  }
  const db = new DatabaseSync(url, { readOnly: true });
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1").all();
  const all = tables.map(({ name }) => {
    const rows = db.prepare(`SELECT * FROM ${name}`);
    rows.setReadBigInts(true);
    return [name, rows.all().map((row) => Object.values(row).map((v) =>
      (v instanceof Uint8Array ? Buffer.from(v).toString('hex') : `${typeof v} ${v}`)).join('|')).sort()];
  });
  db.close();
  return Object.fromEntries(all);
}

const stop = async () => {
  city.child.kill('SIGTERM');
  assert.equal(await city.ended, 0);
};
const serveAt = async ({ options }) => {
  city.database = { ...city.database, options };
  await city.restart();
};

before(async () => {
  if (skip) return;
  city = await startCity('--no-limits');
  const anybody = city.anybody();
  const photo = await anybody.call('POST', '/api/uploads', png(), { 'Content-Type': 'image/png' });
  const spare = await anybody.call('POST', '/api/uploads', png(64, 48), { 'Content-Type': 'image/png' });
  assert.equal(spare.status, 200);
  body.uploads = [photo.body.upload];
  receipt = await anybody.write('/api/reports', body, key);
  const worker = await city.signIn('worker1');
  await worker.step(receipt.number, 'take');
  await worker.step(receipt.number, 'tell', { text: '师傅明天上午来清' });
  const resident = city.reporter(receipt.code);
  for (let tries = 0; !proof?.checkpoint; tries++) {
    assert.ok(tries < 100, 'the entry never reached the log');
    await sleep(100);
    proof = await resident.read('/api/receipt/proof');
  }
  checkpoint = await anybody.read('/api/checkpoint');
  await stop();
  original = home();
});
after(async () => {
  if (original) {
    await serveAt({ options: ['--db', original.url, ...(original.data ? ['--data', original.data] : [])] });
    await city.stop();
  }
  server?.stop();
});

test('what is served at the new place is what was promised at the old one', { skip }, async () => {
  const to = place(other);
  const before = contents(original);
  moved(original, to);
  assert.deepEqual(contents(original), before);
  const promised = join(city.folder, 'checkpoint.txt');
  writeFileSync(promised, checkpoint);
  const holds = () => assert.equal(run('verify', ...to.options, '--checkpoint', promised).status, 0);
  holds();
  await serveAt(to);
  const resident = city.reporter(receipt.code);
  const matter = await resident.read('/api/receipt');
  assert.equal(matter.number, receipt.number);
  assert.equal(matter.state, 'working');
  const photo = await resident.get(`/api/receipt/photos/${matter.photos[0].id}`);
  assert.equal(photo.headers.get('content-type'), 'image/jpeg');
  const again = await resident.read('/api/receipt/proof');
  assert.deepEqual(again.entry, proof.entry);
  checkReceipt(again, proof.key);
  assert.deepEqual(await city.anybody().write('/api/reports', body, key), receipt);
  const worker = await city.signIn('worker1');
  await worker.step(receipt.number, 'tell', { text: '已清走两车' });
  await stop();
  holds();

  const back = place(same);
  moved(to, back);
  await serveAt(back);
  const matterBack = await city.reporter(receipt.code).read('/api/receipt');
  assert.equal(matterBack.number, receipt.number);
  assert.ok(matterBack.messages.some(({ text }) => text === '已清走两车'));
  await stop();
});

test('there and back again, every value of every table is the same', { skip }, () => {
  const there = place(other);
  const back = place(same);
  moved(original, there);
  moved(there, back);
  assert.deepEqual(contents(back), contents(original));
  const name = (beside) => readFileSync(beside, 'utf8');
  assert.equal(name(join(back.data, 'node.key')), name(join(there.data, 'node.key')));
});

/** Kills the move with SIGKILL once it has said so many lines of progress. */
function killed(from, to, lines) {
  const child = spawn(program, move(from, to), { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
    if (said.split('\n').length > lines) child.kill('SIGKILL');
  });
  return new Promise((ended) => child.on('exit', (status, signal) => ended({ signal, said })));
}

test('a move that is killed goes on where it was, and is not served before it ends', { skip }, async () => {
  const to = place(other);
  for (const lines of [1, 3, 6, 8]) {
    const { signal } = await killed(original, to, lines);
    assert.equal(signal, 'SIGKILL');
    const served = run('serve', ...to.options, '--listen', '127.0.0.1:0');
    assert.equal(served.status, 1);
    assert.match(served.stderr, /has not been moved as a whole; run fengqiao migrate/);
  }
  const { stderr } = moved(original, to);
  assert.doesNotMatch(stderr, /^moving \[\.{30}\]/m, 'it began from the beginning');
  const back = place(same);
  moved(to, back);
  assert.deepEqual(contents(back), contents(original));
});

/** A copy of the city's database of its own, as a file. */
let inFile;
function copyInFile() {
  const copy = place('sqlite');
  if (!inFile) moved(original, (inFile = place('sqlite')));
  cpSync(inFile.url, copy.url);
  cpSync(inFile.data, copy.data, { recursive: true });
  return copy;
}
function change(copy, text) {
  const db = new DatabaseSync(copy.url);
  db.exec(text);
  db.close();
}

test('a move that is killed while it makes the schema is run again with the same words', { skip: skip || onServer }, async () => {
  const to = place('postgres');
  const child = spawn(program, move(original, to), { stdio: 'ignore' });
  const gone = new Promise((ended) => child.on('exit', ended));
  const version = () => spawnSync('psql', ['-X', '-q', '-A', '-t', '-d', to.url.split('/').pop(), '-c',
    'SELECT version FROM schema_version'], { encoding: 'utf8' }).stdout.trim();
  // most often in the midst of its steps
  while (child.exitCode === null && !(Number(version()) > 2)) await sleep(5);
  child.kill('SIGKILL');
  await gone;
  moved(original, to);
});

test('a source that was used since the move began is noticed', { skip }, async () => {
  const from = copyInFile();
  const to = place(other);
  assert.equal((await killed(from, to, 8)).signal, 'SIGKILL');
  const changed = `${from.url}.changed.db`;
  cpSync(from.url, changed);
  change({ url: changed }, "UPDATE account SET name = '某人' WHERE username = 'worker1'");
  refused({ ...from, url: changed }, to, /Table account differs from the source/);
  await serveAt(from);
  const mine = await city.anybody().write('/api/reports', { text: '路灯不亮', grid: grids.ours });
  for (let tries = 0; !(await city.reporter(mine.code).read('/api/receipt/proof')).checkpoint; tries++) {
    assert.ok(tries < 100);
    await sleep(100);
  }
  refused(from, to, /is in use; stop its server first \(from\)/);
  await stop();
  refused(from, to, /the source was used since; give a new database \(to\)/);
  moved(from, place(other));
});

test('a target that is not empty, or is in use, is left as it is', { skip }, async () => {
  const full = copyInFile();
  const before = contents(full);
  refused(original, full, /is not empty: its table catalogue holds rows; give a new database \(a move that is done .* again\) \(to\)/);
  assert.deepEqual(contents(full), before);
  await serveAt(full);
  refused(original, full, /is in use; stop its server first \(to\)/);
  await stop();
  for (const kind of [same, other]) {         // somebody else keeps tables there
    const theirs = place(kind);
    if (kind === 'postgres') psql(theirs.url.split('/').at(-1), 'CREATE TABLE invoice (id integer)');
    else change(theirs, 'CREATE TABLE invoice (id integer)');
    refused(original, theirs, /a table that is not of this program, invoice; give (an empty database|a new file)/);
    assert.deepEqual(Object.keys(contents(theirs)), ['invoice']);
  }
  const half = place(other);
  assert.equal((await killed(original, half, 2)).signal, 'SIGKILL');
  refused(half, full, /source is the target of a move that has not ended/);
});

test('other versions, missing keys and other keys are refused', { skip }, () => {
  const copy = copyInFile();
  const to = place(other);
  refused({ ...copy, data: join(city.folder, 'nowhere') }, to, /key file is missing: .*nowhere/);
  change(copy, 'PRAGMA user_version = 99');
  refused(copy, to, /made by a newer version/);
  change(copy, 'PRAGMA user_version = 1');
  refused(copy, to, /made by a preview/);
  const empty = place('sqlite');
  mkdirSync(empty.data);
  new DatabaseSync(empty.url).close();
  cpSync(join(copy.data, 'node.key'), join(empty.data, 'node.key'));
  refused(empty, to, /no database of this program here/);
  const elsewhere = place('sqlite');
  assert.equal(run('demo', '--only-make', '--matters', '0', ...elsewhere.options).status, 0);
  refused(original, { ...to, data: elsewhere.data }, /holds other keys; give another directory/);
});

test('photos that are gone are told of; a name for both ends, or half of the options, is wrong usage', { skip }, () => {
  const copy = copyInFile();
  assert.ok(existsSync(join(copy.data, 'node.photos')));
  rmSync(join(copy.data, 'node.photos'), { recursive: true });
  const done = moved(copy, place(other));
  assert.match(done.stdout, /and 0 photos .*\nNote: [1-9]\d* photos were missing/);
  for (const wrong of [['--from', copy.url], ['--to', copy.url], [], ['--from', 'x', '--to', 'x'],
    ['--db', copy.url, '--from', 'x', '--to', 'y']]) {
    assert.equal(run('migrate', ...wrong).status, 2);
  }
});

test('a schema alone is brought up to date', { skip }, () => {
  const empty = place(other);
  for (let i = 0; i < 2; i++) {
    const done = run('migrate', '--db', empty.url);
    assert.equal(done.status, 0, done.stderr);
    assert.match(done.stdout, /up to date/);
  }
  assert.equal(contents(empty).matter.filter(Boolean).length, 0);
});
