// backup.test.mjs: a backup of either kind of database, restored: with a file all of it; of a server
// the key and the photos, to the database that its own tools have restored.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { grids, run, startCity } from './city.mjs';
import { png } from './picture.mjs';

const onServer = process.env.DB === 'postgres';
let city, folder, sent;

before(async () => {
  city = await startCity('--no-limits');
  folder = mkdtempSync(join(tmpdir(), 'fengqiao-backup-'));
  const anybody = city.anybody();
  const photo = await anybody.call('POST', '/api/uploads', png(), { 'Content-Type': 'image/png' });
  sent = await anybody.write('/api/reports',
    { text: '楼道堆满杂物', grid: grids.ours, uploads: [photo.body.upload] });
});
after(async () => {
  await city.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('what is restored serves receipts, photos and the record as before', async () => {
  const to = join(folder, 'backup'), data = join(folder, 'place'), file = join(data, 'town.db');
  const made = run('backup', ...city.database.options, '--to', to, '--with-key');
  assert.equal(made.status, 0, made.stderr);
  if (onServer) assert.match(made.stdout, /take them with pg_dump -Fc, before this/);
  assert.deepEqual(readdirSync(to).sort(),
    ['SHA256SUMS', 'manifest.json', 'node.key', 'photos', ...(onServer ? [] : ['town.db'])]);
  const manifest = JSON.parse(readFileSync(join(to, 'manifest.json'), 'utf8'));
  assert.deepEqual([manifest.server, manifest.photos, manifest.key], [onServer, 2, true]);
  const [{ n }] = city.database.rows('SELECT count(*) AS n FROM matter');
  assert.equal(manifest.matters, n);

  const foreign = run('restore', '--from', to, '--db', onServer ? file : 'postgres:///nowhere', '--data', data);
  assert.equal(foreign.status, 1);
  assert.match(foreign.stderr, onServer ? /restore that with pg_restore first/ : /give a file as --db/);

  const db = onServer ? city.database.options[1] : file;
  const restored = run('restore', '--from', to, '--db', db, '--data', data);
  assert.equal(restored.status, 0, `${restored.stdout}${restored.stderr}`);
  assert.match(restored.stdout, /Everything fits\nRestored \d+ matters and 2 photos/);
  const own = city.database;
  city.database = { ...own, options: ['--db', db, '--data', data] };
  await city.restart();
  const reporter = city.reporter(sent.code);
  const receipt = await reporter.read('/api/receipt');
  assert.equal(receipt.number, sent.number);
  const photo = await reporter.get(`/api/receipt/photos/${receipt.photos[0].id}`);
  assert.equal(photo.status, 200);
  city.database = own;
  await city.restart();
});
