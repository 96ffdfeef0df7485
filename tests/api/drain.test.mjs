// drain.test.mjs: what a proxy and those behind it rely on when a server is told to stop: it says at
// once that others should be asked, goes on serving meanwhile, and at the end cuts nobody off.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { grids, newKey, run, startCity } from './city.mjs';

let city;
before(async () => { city = await startCity('--no-limits'); });
after(() => city?.stop());

/** One report; {code} of the receipt, or {error}. */
function report(agent) {
  const body = JSON.stringify({ text: '路灯不亮', grid: grids.ours });
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Idempotency-Key': newKey(),
  };
  return new Promise((done) => {
    const given = { method: 'POST', agent, headers };
    const call = request(`${city.base}/api/reports`, given, async (answer) => {
      let said = '';
      try {
        for await (const part of answer) said += part;
        const { statusCode } = answer;
        done(statusCode === 200 ? { code: JSON.parse(said).code } : { error: statusCode });
      } catch (error) {
        done({ error: error.code });
      }
    });
    call.on('error', (error) => done({ error: error.code }));
    call.end(body);
  });
}

async function told(signal) {
  city.child.kill(signal);
  for (let i = 0; i < 100; i++) {
    const { status } = await city.anybody().get('/readyz');
    if (status !== 200) return status;
    await sleep(20);
  }
  return 200;
}

test('told to stop, it says so, sends nobody away, and ends lines so that they come again elsewhere', async () => {
  await city.restart('--no-limits', '--drain', '60');
  const dispatcher = await city.signIn('dispatcher1');
  const stream = await fetch(`${city.base}/api/events`, { headers: dispatcher.headers });
  assert.notEqual((await city.anybody().get('/readyz')).headers.get('connection'), 'close');
  assert.equal(await told('SIGTERM'), 503);
  assert.equal(await Promise.race([stream.text().then(() => 'ended'), sleep(5000, 'open', { ref: false })]), 'ended');
  const anybody = city.anybody();
  const sent = await anybody.post('/api/reports', { text: '楼道堆满杂物', grid: grids.ours });
  for (const answer of [sent, await anybody.get('/healthz'), await anybody.get('/m/'), await dispatcher.get('/api/me')]) {
    assert.deepEqual([answer.status, answer.headers.get('connection')], [200, 'close'], answer.path);
  }
  const events = await dispatcher.get('/api/events');
  assert.deepEqual([events.status, events.headers.get('retry-after')], [503, '1']);

  const before = Date.now();
  city.child.kill('SIGTERM');
  assert.equal(await city.ended, 0);
  assert.ok(Date.now() - before < 10_000, 'a second signal ends the waiting');
  await city.restart('--no-limits', '--drain', '1');
  assert.equal((await city.reporter(sent.body.code).read('/api/receipt')).number, sent.body.number);
});

test('at the end of its time it closes the door without cutting anybody off', async () => {
  await city.restart('--no-limits', '--drain', '1');
  const codes = [];
  const faults = [];
  const worker = async () => {
    for (;;) {
      const agent = new Agent({ keepAlive: false });
      const { code, error } = await report(agent);
      agent.destroy();
      if (code) codes.push(code);
      else if (error === 'ECONNREFUSED') return; // a proxy asks another server then, and loses nothing
      else faults.push(error);
      if (faults.length > 100) return;
    }
  };
  const workers = Array.from({ length: 16 }, worker);
  await sleep(300);
  city.child.kill('SIGTERM');
  assert.equal((await once(city.child, 'exit'))[0], 0);
  await Promise.all(workers);
  assert.deepEqual(faults, []);
  assert.ok(codes.length > 50, `only ${codes.length} reports`);
  await city.restart();
  for (const code of codes.slice(-40)) assert.ok((await city.reporter(code).read('/api/receipt')).number);
});

test('a time that is none is wrong usage', () => {
  const wrong = run('serve', ...city.database.options, '--drain', 'soon');
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /--drain/);
});
