// backup.test.mjs: a node is backed up while people report, and restored elsewhere. What was
// acknowledged before the backup began is all there, what came later is there whole or not at all,
// and nothing that only looks like a backup is ever left behind or restored.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync,
  rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { FailIo, WRITES, errors } from '../fault/fail_io.mjs';
import { grids, program, run, startCity } from '../api/city.mjs';
import { png } from '../api/picture.mjs';

const english = { ...process.env, LANG: 'en', LC_ALL: 'en' };
let city, folder, kept, count = 0;
const acknowledged = []; // {code, number}, in order

const fresh = (what = 'place') => join(folder, `${what}-${(count += 1)}`);
const keyFile = () => join(kept, 'node.key');
/** What the options of serve say, for a place. */
const at = (dir) => ['--db', join(dir, 'town.db'), '--data', dir];
const backup = (to, ...more) => run('backup', ...city.database.options, '--to', to, ...more);
const restore = (from, dir, ...more) => run('restore', '--from', from, ...at(dir), ...more);
const manifestOf = (dir) => JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8'));
const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

function done(result) {
  assert.equal(result.status, 0, `${result.stdout}${result.stderr}`);
  return result.stdout;
}
function refused(result, words) {
  assert.equal(result.status, 1, `${result.stdout}${result.stderr}`);
  assert.match(result.stderr, words);
}
/** Refused, and the place holds nothing. */
function notRestored(from, words, ...more) {
  const dir = fresh();
  refused(restore(from, dir, ...(more.length ? more : ['--key', keyFile()])), words);
  assert.deepEqual(existsSync(dir) ? readdirSync(dir) : [], []);
}
/** A copy of the kept backup, changed, with sums that fit again if wanted. */
function changed(change, { sums = false } = {}) {
  const dir = fresh('changed');
  cpSync(join(kept, 'backup'), dir, { recursive: true });
  change(dir);
  if (sums) {
    const lines = readFileSync(join(dir, 'SHA256SUMS'), 'utf8').trim().split('\n');
    writeFileSync(join(dir, 'SHA256SUMS'), lines.map((line) => line.slice(66)).map((name) =>
      `${sha256(join(dir, name))}  ${name}\n`).join(''));
    const manifest = manifestOf(dir);
    manifest.sums = sha256(join(dir, 'SHA256SUMS'));
    writeFileSync(join(dir, 'manifest.json'), JSON.stringify(manifest));
  }
  return dir;
}
function alter(file, text) {
  const db = new DatabaseSync(file);
  db.exec(text);
  db.close();
}

before(async () => {
  city = await startCity('--no-limits');
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-backup-'));
  kept = join(folder, 'kept');
  mkdirSync(kept);
  const anybody = city.anybody();
  const photo = await anybody.call('POST', '/api/uploads', png(), { 'Content-Type': 'image/png' });
  const sent = await anybody.write('/api/reports',
    { text: '楼道堆满杂物', grid: grids.ours, name: '沈阿姨', uploads: [photo.body.upload] });
  acknowledged.push(sent);
  cpSync(join(city.folder, 'city.db.key'), keyFile());
});
after(async () => {
  await city.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('while people report: all that was acknowledged before is restored, and nothing by halves', async () => {
  let reporting = true;
  const people = [1, 2, 3, 4].map(async () => {
    const person = city.anybody();
    while (reporting)
      acknowledged.push(await person.write('/api/reports', { text: '路灯不亮了', grid: grids.ours }));
  });
  while (acknowledged.length < 20) await new Promise((next) => setTimeout(next, 20));
  const certain = acknowledged.length, to = join(kept, 'backup');
  const child = spawn(program, ['backup', ...city.database.options, '--to', to], { env: english });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { said += text; });
  const status = await new Promise((ended) => child.once('close', ended));
  reporting = false;
  await Promise.all(people);
  assert.equal(status, 0, said);
  assert.match(said, /copying the database .*[\s\S]*Backed up to .* 2 photos/);
  assert.match(said, /The key file .*city\.db\.key is not in it/);
  assert.ok(acknowledged.length > certain, 'nobody reported meanwhile');

  assert.deepEqual(readdirSync(kept).sort(), ['backup', 'node.key']);
  assert.deepEqual(readdirSync(to).sort(), ['SHA256SUMS', 'manifest.json', 'photos', 'town.db']);
  const manifest = manifestOf(to);
  assert.equal(manifest.files, 3);
  assert.equal(manifest.sums, sha256(join(to, 'SHA256SUMS')));
  assert.match(said, new RegExp(`manifest.json: ${sha256(join(to, 'manifest.json'))}`));
  assert.equal(spawnSync('sha256sum', ['--strict', '-c', 'SHA256SUMS'], { cwd: to }).status, 0);
  assert.equal(statSync(to).mode & 0o777, 0o700);
  for (const name of ['SHA256SUMS', 'manifest.json', 'town.db'])
    assert.equal(statSync(join(to, name)).mode & 0o077, 0, name);

  const dir = fresh();
  const restored = done(restore(to, dir, '--key', keyFile()));
  assert.match(restored, /Everything fits/);
  assert.match(restored, new RegExp(`Restored ${manifest.matters} matters and 2 photos`));
  assert.deepEqual(readdirSync(dir).sort(), ['node.key', 'node.photos', 'town.db']);
  const own = city.database;
  city.database = { ...own, options: at(dir) };
  await city.restart();
  let later = 0;
  for (const [i, { code, number }] of acknowledged.entries()) {
    const answer = await city.reporter(code).get('/api/receipt');
    if (i < certain) assert.deepEqual([answer.status, answer.body.number], [200, number], `report ${i}`);
    else if (answer.status === 200) later += 1;
    else assert.equal(answer.status, 404, `report ${i}: there or not`);
  }
  const { photos } = await city.reporter(acknowledged[0].code).read('/api/receipt');
  assert.equal((await city.reporter(acknowledged[0].code).get(`/api/receipt/photos/${photos[0].id}`)).status, 200);
  done(run('verify', ...at(dir)));
  city.database = own;
  await city.restart();
});

test('what was given out after the backup never opens what somebody else reports later', async () => {
  const own = city.database, to = fresh('backup'), dir = fresh();
  done(backup(to));
  await city.restart(); // and the next numbers are from a block that the backup does not know
  const lost = [];
  for (let i = 0; i < 5; i++)
    lost.push(await city.anybody().write('/api/reports', { text: '水管漏水', grid: grids.ours }));
  const [{ last }] = own.rows('SELECT max(id) AS last FROM entry');
  done(restore(to, dir, '--key', keyFile()));
  city.database = { ...own, options: at(dir) };
  await city.restart();
  for (let i = 0; i < 5; i++)
    await city.anybody().write('/api/reports', { text: '树倒了', grid: grids.ours });
  const db = new DatabaseSync(join(dir, 'town.db'), { readOnly: true });
  const [{ first }] = db.prepare("SELECT min(id) AS first FROM matter WHERE text = '树倒了'").all();
  db.close();
  assert.ok(first > last, `${first} was given out before: up to ${last}`);
  for (const { code } of lost)
    assert.equal((await city.reporter(code).get('/api/receipt')).status, 404);
  city.database = own;
  await city.restart();
  done(run('verify', ...at(dir)));
});

test('the key: only when asked for, and no other will do', () => {
  const to = fresh('with-key'), dir = fresh(), other = fresh('other');
  assert.match(done(backup(to, '--with-key')), /holds a copy of the key file/);
  assert.equal(statSync(join(to, 'node.key')).mode & 0o077, 0);
  done(restore(to, dir));
  assert.deepEqual(readFileSync(join(dir, 'node.key')), readFileSync(keyFile()));
  rmSync(join(dir, 'node.photos'), { recursive: true });
  const without = fresh('without');
  assert.match(done(run('backup', ...at(dir), '--to', without, '--with-key')), / 0 photos \(1 missing\)/);
  assert.match(restore(without, fresh()).stderr, /Note: Of 1 photos of matters 1 are not there/);
  notRestored(join(kept, 'backup'), /give the copy kept elsewhere with --key/, '--lang', 'en');
  mkdirSync(other);
  done(run('demo', ...at(other), '--matters', '0', '--only-make'));
  notRestored(join(kept, 'backup'), /of another node than this backup/, '--key', join(other, 'node.key'));
  const ready = fresh();
  mkdirSync(ready);
  cpSync(keyFile(), join(ready, 'node.key'));
  done(restore(join(kept, 'backup'), ready));
});

test('a broken, missing or foreign file is refused, and nothing is restored', () => {
  const photo = readFileSync(join(kept, 'backup', 'SHA256SUMS'), 'utf8').match(/photos\/.*/)[0];
  const flip = (name, where) => (dir) => {
    const bytes = readFileSync(join(dir, name));
    bytes[where < 0 ? bytes.length + where : where] ^= 1;
    writeFileSync(join(dir, name), bytes);
  };
  notRestored(changed(flip('town.db', 300_000)), /does not match its digest: town\.db/);
  notRestored(changed(flip(photo, -9)), /does not match its digest: photos/);
  notRestored(changed(flip('SHA256SUMS', 3)), /does not match its digest: SHA256SUMS/);
  notRestored(changed((dir) => rmSync(join(dir, photo))), /missing or cannot be read: photos/);
  notRestored(changed((dir) => rmSync(join(dir, 'town.db'))), /missing or cannot be read: town\.db/);
  notRestored(changed((dir) => rmSync(join(dir, 'manifest.json'))), /is not a backup/);
  notRestored(changed(flip('manifest.json', 2)), /damaged, or of a newer version/);
  notRestored(changed((dir) => {
    writeFileSync(join(dir, 'manifest.json'), JSON.stringify({ ...manifestOf(dir), format: 2 }));
  }), /damaged, or of a newer version/);
  notRestored(folder, /is not a backup/);
  const outside = changed(() => {});
  const line = `${sha256(keyFile())}  ../node.key\n`;
  appendFileSync(join(outside, 'SHA256SUMS'), line);
  writeFileSync(join(outside, 'manifest.json'), JSON.stringify({ ...manifestOf(outside),
    files: 4, sums: sha256(join(outside, 'SHA256SUMS')) }));
  notRestored(outside, /does not match its digest: SHA256SUMS/);
});

test('a record that was changed before its digests were made is found', () => {
  const forged = changed((dir) => alter(join(dir, 'town.db'),
    "UPDATE matter SET text = 'something else' WHERE id = (SELECT min(id) FROM matter)"), { sums: true });
  notRestored(forged, /The record in the backup has these faults/);
});

test('a newer schema is refused, an older one is brought up to date', () => {
  const newer = changed((dir) => writeFileSync(join(dir, 'manifest.json'),
    JSON.stringify({ ...manifestOf(dir), schema: 9999 })));
  notRestored(newer, /made by a newer version; upgrade the program/);
  notRestored(changed((dir) => alter(join(dir, 'town.db'), 'PRAGMA user_version = 9999'),
    { sums: true }), /made by a newer version; upgrade the program/);

  const old = fresh('old'), to = fresh('of-old'), dir = fresh();
  mkdirSync(old);
  cpSync(keyFile(), join(old, 'node.key'));
  const scripts = readdirSync('sql').filter((name) => name.endsWith('.sql')).sort();
  const earlier = scripts.slice(0, -1).map((name) => readFileSync(join('sql', name), 'utf8')
    .replace(/\/\*sqlite:([\s\S]*?)\*\//g, '$1')).join('\n');
  alter(join(old, 'town.db'), `${earlier}; PRAGMA user_version = ${scripts.length};
    INSERT INTO setting (name, value) VALUES ('left', 'from before')`);
  done(run('backup', ...at(old), '--to', to));
  assert.equal(manifestOf(to).schema, scripts.length);
  done(restore(to, dir, '--key', keyFile()));
  const db = new DatabaseSync(join(dir, 'town.db'), { readOnly: true });
  assert.equal(db.prepare('PRAGMA user_version').get().user_version, scripts.length + 1);
  assert.equal(db.prepare("SELECT value FROM setting WHERE name = 'left'").get().value, 'from before');
  db.close();
  alter(join(old, 'town.db'), 'PRAGMA user_version = 9999');
  refused(run('backup', ...at(old), '--to', fresh()), /made by a newer version/);
});

test('only a place that is empty is restored to, only a new name is backed up to', () => {
  const dir = fresh(), from = join(kept, 'backup');
  done(restore(from, dir, '--key', keyFile()));
  const before = sha256(join(dir, 'town.db'));
  refused(restore(from, dir, '--key', keyFile()), /town\.db is there already/);
  assert.equal(sha256(join(dir, 'town.db')), before);
  for (const [name, words] of [['town.db-wal', /town\.db-wal is there/], ['node.search', /node\.search is there/],
    ['node.photos/ab', /node\.photos is there/]]) {
    const place = fresh();
    mkdirSync(join(place, 'node.photos'), { recursive: true });
    writeFileSync(join(place, name), '');
    refused(restore(from, place, '--key', keyFile()), words);
  }
  refused(backup(from), /is there already; give another name/);
  refused(backup('/proc/x'), /Cannot write in the folder \/proc/);
  refused(backup('/nowhere/x'), /There is no folder \/nowhere; make it first/);
  const none = fresh();
  refused(run('restore', '--from', from, '--db', join(none, 'r1.db'), '--key', keyFile()), /There is no folder/);
  const foreign = fresh();
  mkdirSync(`${foreign}.part`);
  writeFileSync(join(`${foreign}.part`, 'diary.txt'), 'mine');
  writeFileSync(join(`${foreign}.part`, 'town.db'), 'left over');
  refused(backup(foreign), /holds files that are not of a backup/);
  assert.deepEqual(readdirSync(`${foreign}.part`).sort(), ['diary.txt', 'town.db']);
});

test('a full disk is told, and leaves no backup and nothing restored', () => {
  const faults = new FailIo(folder, 'disk-full');
  const env = { ...english, ...faults.env };
  const full = (n, args) => {
    faults.arm(n, WRITES, errors.ENOSPC, true);
    const result = spawnSync(program, args, { encoding: 'utf8', env });
    assert.ok(faults.fired > 0, 'the disk was never full');
    faults.disarm();
    return result;
  };
  for (const n of [1, 2, 100]) {
    const to = fresh('disk-full');
    refused(full(n, ['backup', ...city.database.options, '--to', to]), /There is no space left for/);
    assert.deepEqual([existsSync(to), existsSync(`${to}.part`)], [false, false]);
    const dir = fresh('disk-full');
    const late = n === 100 ? 3 : n;
    refused(full(late, ['restore', '--from', join(kept, 'backup'), ...at(dir), '--key', keyFile()]),
      late === 1 ? /Cannot write the key file|no space left/ : /There is no space left for/);
    assert.deepEqual(readdirSync(dir), []);
  }
  faults.close();
});

test('broken off or killed, it leaves nothing that looks whole, and the next one goes through', async () => {
  const to = fresh('broken');
  const begun = async () => {
    const child = spawn(program, ['backup', ...city.database.options, '--to', to], { env: english });
    const ended = new Promise((gone) => child.once('close', (status) => gone(status)));
    let said = '';
    await new Promise((seen) => child.stderr.on('data', (text) => {
      said += text;
      if (said.includes('copying the database')) seen();
    }));
    return { child, ended, said: () => said };
  };
  const polite = await begun();
  polite.child.kill('SIGTERM');
  assert.equal(await polite.ended, 1, polite.said());
  assert.match(polite.said(), /Broken off; nothing was left behind/);
  assert.deepEqual([existsSync(to), existsSync(`${to}.part`)], [false, false]);

  const killed = await begun();
  killed.child.kill('SIGKILL');
  await killed.ended;
  assert.deepEqual([existsSync(to), existsSync(`${to}.part`)], [false, true]);
  refused(restore(`${to}.part`, fresh(), '--key', keyFile()), /is not a backup/);
  done(backup(to));
  assert.equal(existsSync(`${to}.part`), false);
  done(restore(to, fresh(), '--key', keyFile()));
});

test('what a restore that was killed has left does not stand in the way', () => {
  const dir = fresh();
  mkdirSync(join(dir, 'node.restoring', 'photos', 'ab'), { recursive: true });
  writeFileSync(join(dir, 'town.db.restored'), 'half');
  cpSync(keyFile(), join(dir, 'node.key'));
  done(restore(join(kept, 'backup'), dir));
  assert.deepEqual(readdirSync(dir).sort(), ['node.key', 'node.photos', 'town.db']);
});

test('wrong usage is told', () => {
  assert.equal(run('backup').status, 2);
  assert.equal(run('restore', '--from', 'x').status, 2);
  refused(run('backup', '--db', join(folder, 'nowhere.db'), '--to', fresh()), /Cannot open the database/);
});

test('a backup from before the sealing key was turned wants the key file of its time', () => {
  const from = join(kept, 'backup'), dir = fresh(), both = join(folder, 'both.key');
  done(restore(from, dir, '--key', keyFile()));
  refused(run('rotate-key', ...at(dir), '--keep', join(dir, 'node.key')), /is the key file in use itself/);
  writeFileSync(both, 'mine');
  refused(run('rotate-key', ...at(dir), '--keep', both), /There is a .*left alone; nothing was turned/);
  refused(run('rotate-key', ...at(dir), '--keep', join(dir, 'none', 'k')), /The folder .* is not there/);
  assert.deepEqual(readFileSync(join(dir, 'node.key')), readFileSync(keyFile()));
  rmSync(both);
  assert.match(done(run('rotate-key', ...at(dir), '--keep', both)), /[1-9]\d* sealed anew/);
  const turned = fresh('turned');
  done(run('backup', ...at(dir), '--to', turned, '--with-key'));
  notRestored(from, /the sealing key has been turned/, '--key', join(dir, 'node.key'));
  done(restore(from, fresh(), '--key', both));
  done(restore(turned, fresh()));
  notRestored(turned, /the sealing key has been turned/, '--key', keyFile());
});
