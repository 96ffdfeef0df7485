// log.test.mjs: what the server says of itself on stderr: one JSON object a line, with time, level,
// event and detail, and nothing of what people sent, whatever goes wrong with it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { grids, password, startCity, until } from './city.mjs';
import { png } from './picture.mjs';

let city;
before(async () => {
  city = await startCity('--no-limits');
});
after(async () => {
  await city.restart();
  await city.stop();
});

const helpers = () => spawnSync('pgrep', ['-P', String(city.child.pid), '-x', 'fengqiao-media'], { encoding: 'utf8' })
  .stdout.trim().split('\n').filter(Boolean);
const photoFolder = () =>
  join(city.folder, readdirSync(city.folder).find((name) => name.endsWith('.photos')));

test('each line is one record, and holds nothing that anybody sent', async () => {
  const secret = { text: '秘密的话：三楼的王某', name: '王不留名', phone: '13912345678', word: 'geheim-4711' };
  const anybody = city.anybody();
  const photo = await anybody.call('POST', '/api/uploads', png(), { 'Content-Type': 'image/png' });
  const sent = await anybody.write('/api/reports', { text: secret.text, grid: grids.ours, name: secret.name,
    phone: secret.phone, uploads: [photo.body.upload] });
  const worker = await city.signIn('worker1');

  // Wrong of every kind: what is asked, what is sent, who asks, what lies on the disk.
  await anybody.call('POST', '/api/reports', `{"text":"${secret.text}`);
  await anybody.call('POST', '/api/reports', { text: secret.text, phone: secret.phone, grid: '1', [secret.word]: 1 });
  await anybody.call('POST', '/api/login', { username: secret.name, password: secret.word });
  await anybody.get(`/api/matters/${secret.word}?q=${encodeURIComponent(secret.name)}`);
  await city.reporter(secret.word).get('/api/receipt');
  await worker.call('POST', '/api/uploads', `${secret.word}${'x'.repeat(5000)}`, { 'Content-Type': 'image/png' });
  const id = (await city.reporter(sent.code).read('/api/receipt')).photos[0].id;
  const folder = photoFolder();
  for (const name of readdirSync(folder, { recursive: true }).filter((n) => /[0-9a-f]{64}$/.test(n)))
    writeFileSync(join(folder, name), secret.word);
  assert.equal((await city.reporter(sent.code).get(`/api/receipt/photos/${id}`)).status, 503);
  const [helper] = helpers();
  process.kill(Number(helper), 'SIGKILL');
  await anybody.call('POST', '/api/uploads', png(), { 'Content-Type': 'image/png' });
  rmSync(folder, { recursive: true });
  await anybody.call('POST', '/api/uploads', png(), { 'Content-Type': 'image/png' });
  await until(() => city.log.includes('store.io'));
  city.child.kill('SIGTERM');
  await city.ended;

  const lines = city.log.trim().split('\n');
  for (const line of lines) {
    const record = JSON.parse(line);
    assert.deepEqual(Object.keys(record), ['at', 'level', 'event', 'detail'], line);
    assert.ok(!Number.isNaN(Date.parse(record.at)), line);
    assert.match(record.level, /^(info|warn|error)$/);
    assert.match(record.event, /^[a-z_]+(\.[a-z_]+)+$/);
  }
  for (const event of ['store.damaged', 'photo.helper', 'store.io', 'serve.stop'])
    assert.ok(lines.some((line) => JSON.parse(line).event === event), `${event} was provoked`);
  const cookie = worker.headers.Cookie.match(/fq_session=([^;]+)/)[1];
  for (const word of [...Object.values(secret), sent.code, sent.number, cookie,
    worker.headers['X-CSRF'], password, 'worker1', '127.0.0.1'])
    assert.ok(!city.log.includes(word), word);
});
