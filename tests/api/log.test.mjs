// log.test.mjs: what the server says of itself on stderr: one JSON object a line, with time, level,
// event and detail, and nothing of what people sent, whatever goes wrong with it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { grids, openapi, password, startCity, until } from './city.mjs';
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

/** Bytes as they are, on a connection of their own, until the server ends it or 2 s are over. */
function raw(text) {
  return new Promise((done) => {
    const socket = connect(city.port, '127.0.0.1', () => socket.write(Buffer.from(text, 'latin1')));
    socket.setTimeout(2000, () => socket.destroy());
    socket.on('data', () => {}).on('error', () => {}).on('close', done);
  });
}

test('no text in any place of any request makes a line of the log or acts in a terminal', async () => {
  const forged = '"}\r\n{"at":"2026-01-01T00:00:00+08:00","level":"error","event":"forged.line","detail":"x"}\n'
    + '\x1b[2J\x1b]0;x\x07\u009b31m\u0085\u2028\u202e\\%s%n';
  const inPath = encodeURIComponent(forged);
  const operations = Object.entries(openapi.paths).flatMap(([path, of]) =>
    Object.entries(of).filter(([method]) => /^(get|post)$/.test(method)).map(([method, op]) =>
      ({ path, method: method.toUpperCase(), op })));
  const everyField = (op) => {
    const schema = op.requestBody?.content['application/json']?.schema;
    const named = openapi.components.schemas[schema?.$ref?.split('/').pop()];
    const { properties = {} } = named ?? schema ?? {};
    return Object.fromEntries(Object.keys(properties).map((name) => [name, forged]));
  };
  const people = [city.anybody(), await city.signIn('supervisor1'), await city.signIn('admin1')];
  assert.ok(operations.length > 100);
  for (const person of people) {
    for (const { path, method, op } of operations.filter(({ path: p }) => !/log(in|out)$|events/.test(p))) {
      const query = (op.parameters ?? []).filter((p) => p.in === 'query').map((p) => `${p.name}=${inPath}`);
      const asked = path.replace(/\{\w+\}/g, inPath) + (query.length ? `?${query.join('&')}` : '');
      const body = method === 'POST' ? everyField(op) : undefined;
      const more = { 'User-Agent': 'x\x9b31m"}', Referer: '\x85"}{' };
      const { status } = await person.call(method, asked, body, more);
      assert.ok(status >= 200 && status < 500, `${method} ${path}: ${status}`);
    }
  }
  await city.anybody().call('POST', '/api/login', { username: forged, password: forged });
  await city.anybody().get('/api/receipt', { Authorization: 'Receipt \x9b31m"}' });
  const evil = '\x1b[2J"}{"event":"forged.line"\x9b';
  const starts = [`${evil} / HTTP/1.1\r\nHost: a`, `GET /${evil} HTTP/1.1\r\nHost: a`, `GET / ${evil}\r\nHost: a`,
    `GET / HTTP/1.1\r\nHost: ${evil}`, `GET / HTTP/1.1\r\nHost: a\r\n${evil}: ${evil}`,
    `GET / HTTP/1.1\r\nHost: a\r\nCookie: fq_session=${evil}`,
    `POST /api/reports HTTP/1.1\r\nHost: a\r\nContent-Length: ${evil}`, `${evil}\n\n${evil}`];
  await Promise.all(starts.map((start) => raw(`${start}\r\n\r\n`)));
  assert.doesNotMatch(city.log, /forged|[\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ufffd]/);
  const said = city.log.trim().split('\n');
  for (const line of said) assert.equal(Object.keys(JSON.parse(line)).length, 4, line);
});

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
