// server.test.mjs: what people rely on when much happens at once: live updates, a full writing
// queue, repeated sending, stopping under load; and the headers of every kind of answer.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertProtected, emptyDatabase, grids, newKey, password, run, startCity, until } from './city.mjs';
import { png } from './picture.mjs';

let city;
before(async () => { city = await startCity('--no-limits', '--queue', '2'); });
after(() => city?.stop());

const text = (n) => JSON.stringify({ text: `路灯不亮 ${n}`, grid: grids.ours });

/** One call with node:http, which shows a broken connection as what it is. */
function send(agent, body, key) {
  return new Promise((done) => {
    const headers = {
      'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), 'Idempotency-Key': key,
    };
    const call = request(`${city.base}/api/reports`, { method: 'POST', agent, headers }, async (answer) => {
      let said = '';
      try {
        for await (const part of answer) said += part;
      } catch (error) {
        done({ status: 0, error });
        return;
      }
      done({ status: answer.statusCode, headers: answer.headers, body: JSON.parse(said) });
    });
    call.on('error', (error) => done({ status: 0, error }));
    call.end(body);
  });
}

/** Reads server-sent events until told. */
async function listen(person) {
  const stop = new AbortController();
  const answer = await fetch(`${city.base}/api/events`, { headers: person.headers, signal: stop.signal });
  const heard = { status: answer.status, events: [], stop: () => stop.abort() };
  heard.done = (async () => {
    let rest = '';
    try {
      for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
        rest += part;
        for (let at; (at = rest.indexOf('\n\n')) >= 0; rest = rest.slice(at + 2)) {
          const data = rest.slice(0, at).match(/^event: matter\ndata: (.*)$/)?.[1];
          if (data) heard.events.push(JSON.parse(data));
        }
      }
    } catch (error) {
      if (error.name !== 'AbortError') throw error;
    }
  })();
  return heard;
}

test('live updates reach the territory of the place and nobody else', async () => {
  const names = ['dispatcher1', 'dispatcher3'];
  const people = await Promise.all(names.map((name) => city.signIn(name)));
  const [here, whole] = await Promise.all(people.map(listen));
  assert.deepEqual([here.status, whole.status], [200, 200]);
  const anybody = city.anybody();
  const near = await anybody.write('/api/reports', { text: '楼道堆满杂物', grid: grids.ours });
  const far = await anybody.write('/api/reports', { text: '楼道堆满杂物', grid: grids.far });
  await until(() => whole.events.length >= 2);
  assert.deepEqual(here.events.map((e) => e.number), [near.number]);
  assert.deepEqual(whole.events.map((e) => e.number).sort(), [near.number, far.number].sort());
  assert.ok(Object.keys(here.events[0]).every((k) => ['number', 'owner_unit', 'state', 'due_ms'].includes(k)));
  here.stop();
  whole.stop();
  await Promise.all([here.done, whole.done]);
  assert.equal((await anybody.get('/api/events')).status, 401);
});

test('signing out ends the live updates of that session and of no other', async () => {
  const [leaves, stays] = await Promise.all(['dispatcher1', 'dispatcher1'].map((name) => city.signIn(name)));
  const [left, kept] = await Promise.all([leaves, stays].map(listen));
  await leaves.write('/api/logout');
  assert.equal(await Promise.race([left.done.then(() => 'ended'), sleep(5000, 'open')]), 'ended');
  const { number } = await city.anybody().write('/api/reports', { text: '楼道堆满杂物', grid: grids.ours });
  await until(() => kept.events.length);
  assert.deepEqual([left.events, kept.events.map((e) => e.number)], [[], [number]]);
  kept.stop();
  await kept.done;
});

test('a full queue says so at once, and sending again with the same key makes one matter', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const keys = Array.from({ length: 400 }, newKey);
  const answers = await Promise.all(keys.map((key, i) => send(agent, text(i), key)));
  for (const { status, headers, body } of answers.filter((a) => a.status !== 200)) {
    assert.equal(status, 503);
    assert.equal(body.code, 'busy');
    assert.match(headers['retry-after'], /^[1-9]\d*$/);
  }
  assert.ok(answers.some((a) => a.status === 503), 'the queue of two never was full');
  const codes = answers.map((a) => (a.status === 200 ? a.body.code : undefined));
  const receipts = new Map(codes.map((code, i) => [keys[i], code]));
  for (const [i, key] of keys.entries()) {
    let again;
    do again = await send(agent, text(i), key); while (again.status === 503);
    assert.equal(again.status, 200);
    assert.equal(again.body.code, receipts.get(key) ?? again.body.code);
    receipts.set(key, again.body.code);
  }
  assert.equal(new Set(receipts.values()).size, keys.length);
  const other = await send(agent, text('another'), keys[0]);
  assert.deepEqual([other.status, other.body.code], [409, 'key_reused']);
  agent.destroy();
});

test('told to stop under load, it finishes what it accepted and loses nothing', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const accepted = [];
  const faults = [];
  let running = true;
  const worker = async () => {
    while (running) {
      const { status, body, error } = await send(agent, text('stop'), newKey());
      if (status === 200) accepted.push(body.code);
      else if (status !== 503) faults.push(error?.code ?? status);
      if (error?.code === 'ECONNREFUSED') return;
    }
  };
  const workers = Array.from({ length: 16 }, worker);
  await sleep(500);
  const told = Date.now();
  city.child.kill('SIGTERM');
  assert.equal(await city.ended, 0);
  const tookMs = Date.now() - told;
  running = false;
  await Promise.all(workers);
  assert.ok(tookMs < 5000, `it took ${tookMs} ms`);
  assert.ok(accepted.length > 20, `only ${accepted.length} reports`);
  assert.deepEqual(faults.filter((f) => !['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(f)), []);
  await city.restart();
  for (const code of accepted.slice(-40)) {
    assert.ok((await city.reporter(code).read('/api/receipt')).number);
  }
  agent.destroy();
});

test('every kind of answer carries the headers that protect its reader', async () => {
  const clerk = await city.signIn('clerk1');
  const paths = ['/', '/m/', '/desk/', '/healthz', '/readyz', '/metrics', '/nothing', '/api/config', '/api/nothing',
    '/api/receipt', '/api/matters', '/api/me', '/api/counts', '/api/%zz', '/api/matters?x=1&x=2', '/%2e%2e/x'];
  for (const path of paths) {
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS', 'DELETE']) {
      const sent = { ...clerk.headers, Accept: 'text/html' };
      const answer = await fetch(city.base + path, { method, headers: sent, redirect: 'manual' });
      const { headers } = answer;
      const what = `${method} ${path} ${answer.status}`;
      assertProtected(headers, what);
      if (path.startsWith('/api/')) assert.equal(headers.get('cache-control'), 'no-store', what);
      const type = headers.get('content-type') ?? '';
      if (answer.status >= 400) assert.ok(type === 'application/json' || type === '', `${what}: ${type}`);
      await answer.arrayBuffer();
    }
  }
  const { files } = JSON.parse(readFileSync('build/web/manifest.json', 'utf8'));
  assert.ok(files.length > 20);
  for (const { path } of files) {
    const answer = await fetch(city.base + path, { method: 'HEAD' });
    assert.equal(answer.status, 200, path);
    assertProtected(answer.headers, path);
    assert.match(answer.headers.get('content-type'), /^(text|image|font|application)\/[\w.+-]+(; charset=utf-8)?$/, path);
    for (const folder of [path.replace(/[^/]+$/, ''), path.replace(/\/[^/]*$/, '')])
      assert.doesNotMatch(await (await fetch(city.base + folder)).text(), /Index of|\.js\.gz/, folder);
  }
});

test('no address debugs, lists folders or serves what lies on the disk, and no file is for others', async () => {
  const clerk = await city.signIn('admin1');
  const anybody = city.anybody();
  const stored = readdirSync(city.folder, { recursive: true }).map(String);
  const usual = ['debug', 'debug/pprof/', 'debug/vars', 'server-status', 'status', 'info', 'env', 'actuator/env', 'trace',
    'console', 'admin', 'test', 'api', 'api/', 'api/debug', 'api/internal', 'api/openapi.json', 'swagger', 'graphql',
    '.git/HEAD', '.env', 'config.json', 'm/assets/', 'desk/assets', 'data', 'photos', 'backup', 'manifest.json',
    'm/manifest.json', 'etc/passwd', 'm/../../etc/passwd', 'm/%2e%2e/%2e%2e/etc/passwd', 'desk//etc/passwd'];
  for (const path of [...usual, ...stored, ...stored.map((name) => `m/${name}`)]) {
    for (const person of [anybody, clerk]) {
      const answer = await fetch(`${city.base}/${path}`, { headers: person.headers, redirect: 'manual' });
      assert.ok([400, 404].includes(answer.status), `/${path}: ${answer.status}`);
      assert.match((await answer.json()).code, /^(missing|syntax|input)$/, path);
    }
  }
  const upload = await anybody.call('POST', '/api/uploads', png(), { 'Content-Type': 'image/png' });
  assert.equal(upload.status, 200);
  const made = readdirSync(city.folder, { recursive: true })
    .filter((name) => name !== 'made'); // the tests' own
  assert.ok(made.length > stored.length);
  for (const name of made) assert.equal(statSync(join(city.folder, name)).mode & 0o077, 0, name);
});

test('behind a proxy that speaks HTTPS, for one name, with limits by visitor', async () => {
  await city.restart('--behind-tls', '--hosts', 'city.example', '--proxies', '127.0.0.1');
  const call = (path, headers, body) => new Promise((done, failed) => {
    const sent = { Host: 'city.example', 'Content-Type': 'application/json', ...headers };
    const asked = request(city.base + path, { method: body ? 'POST' : 'GET', headers: sent }, (answer) => {
      answer.resume();
      answer.on('end', () => done(answer));
    });
    asked.on('error', failed);
    asked.end(body);
  });
  const foreign = await call('/healthz', { Host: 'other.example' });
  assert.equal(foreign.statusCode, 421);
  const login = JSON.stringify({ username: 'clerk1', password });
  const signed = await call('/api/login', {}, login);
  assert.match(signed.headers['set-cookie'][0], /; Secure$/);
  assert.match(signed.headers['strict-transport-security'], /^max-age=\d{8}/);
  const from = async (address) => (await call('/api/reports', { 'X-Forwarded-For': address }, text(1))).statusCode;
  for (let i = 0; i < 30; i++) assert.equal(await from('192.0.2.1'), 200);
  assert.equal(await from('192.0.2.1'), 429);
  assert.equal(await from('203.0.113.9, 192.0.2.1'), 429);
  assert.equal(await from('192.0.2.2'), 200);
  const many = Array.from({ length: 260 }, (_, i) => from(`198.51.100.${i}`));
  const answers = await Promise.all(many);
  const taken = answers.filter((status) => status === 200).length;
  assert.ok(taken >= 240 - 31, `one grid takes 240 reports at once: ${taken}`);
  assert.ok(answers.includes(429), 'and no more, from wherever they come');
  const next = JSON.stringify({ text: '路灯不亮', grid: grids.next });
  const elsewhere = await call('/api/reports', { 'X-Forwarded-For': '192.0.2.7' }, next);
  assert.equal(elsewhere.statusCode, 200, 'other grids take theirs');
  const other = emptyDatabase(mkdtempSync(join(city.folder, 'other-')));
  const wrong = run('serve', ...other.options, '--proxies', 'nonsense', '--listen', '127.0.0.1:0');
  other.drop();
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /nonsense.*\(proxies\)/);
});
