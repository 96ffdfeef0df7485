// together.test.mjs: what happens when things are sent twice, at once, or too many at a time; and
// what colleagues hear of it while it happens.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { grids, listen, newKey, refused, startCity } from './city.mjs';

let city, anybody, worker, worker2, dispatcher, clerk;

before(async () => {
  city = await startCity('--no-limits');
  anybody = city.anybody();
  [worker, worker2, dispatcher, clerk] = await Promise.all(
    ['worker1', 'worker2', 'dispatcher1', 'clerk1'].map((name) => city.signIn(name)),
  );
});
after(() => city?.stop());

const report = (text = '楼道堆满杂物', grid = grids.ours) =>
  anybody.write('/api/reports', { text, category: '0101', grid });
const entries = async (number) => (await dispatcher.read(`/api/matters/${number}`)).timeline.length;

test('a report sent again with its key gets the same receipt, byte for byte, and one matter', async () => {
  const key = { 'Idempotency-Key': newKey() };
  const body = { text: '路灯坏了一个月', grid: grids.ours, name: '沈阿姨', phone: '13800001111' };
  const first = await anybody.post('/api/reports', body, key);
  assert.equal(first.status, 200);
  for (let i = 0; i < 3; i++)
    assert.deepEqual((await anybody.post('/api/reports', body, key)).bytes, first.bytes);
  assert.equal(await entries(first.body.number), 1);
  refused(
    await anybody.post('/api/reports', { ...body, text: '路灯坏了两个月' }, key),
    409,
    'key_reused',
  );
  await city.restart();
  assert.deepEqual(
    (await anybody.post('/api/reports', body, key)).bytes,
    first.bytes,
    'also after a restart',
  );
});

test('the same report ten times at once is one matter', async () => {
  const key = { 'Idempotency-Key': newKey() };
  const body = { text: '同时点了十次', grid: grids.ours };
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => anybody.post('/api/reports', body, key)),
  );
  assert.deepEqual(new Set(answers.map((a) => a.text)).size, 1);
  assert.equal(await entries(answers[0].body.number), 1);
});

test('joining twice with one key joins once', async () => {
  const { number } = await report();
  const key = { 'Idempotency-Key': newKey() };
  const first = await anybody.post('/api/reports', { text: '我家也是', join: number }, key);
  await anybody.write('/api/reports', { text: '别家也是', join: number });
  assert.deepEqual(
    (await anybody.post('/api/reports', { text: '我家也是', join: number }, key)).bytes,
    first.bytes,
  );
  assert.equal((await dispatcher.read(`/api/matters/${number}`)).reporters.length, 3);
});

test('a step, a message, an entry and a look at contacts happen once however often they are sent', async () => {
  const { number, code } = await report();
  const key = { 'Idempotency-Key': newKey() };
  const { seq } = await worker.read(`/api/matters/${number}`);
  const take = { action: 'take', seq };
  for (let i = 0; i < 3; i++)
    assert.equal((await worker.write(`/api/matters/${number}/step`, take, key)).state, 'working');
  refused(
    await worker.post(`/api/matters/${number}/step`, { ...take, note: '另一内容' }, key),
    409,
    'key_reused',
  );
  const message = { 'Idempotency-Key': newKey() };
  for (let i = 0; i < 3; i++)
    await city.reporter(code).write('/api/receipt/message', { text: '在吗' }, message);
  assert.equal(await entries(number), 3);
  const found = { 'Idempotency-Key': newKey() };
  const entry = {
    text: '巡查发现楼道杂物',
    category: '0101',
    grid: grids.ours,
    origin: 'patrol',
    solved: true,
    reply: '已当场清理完毕',
  };
  const [one, two] = [
    await worker.write('/api/matters', entry, found),
    await worker.write('/api/matters', entry, found),
  ];
  assert.equal(one.number, two.number);
  assert.deepEqual(
    (await worker.read(`/api/matters/${one.number}`)).timeline.map((t) => t.action),
    ['report', 'solve'],
  );
});

test('one key for two matters is a mistake that is told, not a step that is lost', async () => {
  const [one, two] = await Promise.all([report(), report()]);
  const key = { 'Idempotency-Key': newKey() };
  await worker.write(`/api/matters/${one.number}/step`, { action: 'take' }, key);
  refused(
    await worker.post(`/api/matters/${two.number}/step`, { action: 'take' }, key),
    409,
    'key_reused',
  );
  const reporter = city.reporter(two.code);
  await reporter.write('/api/receipt/message', { text: '不用了' }, key);
  refused(await reporter.post('/api/receipt/withdraw', { text: '不用了' }, key), 409, 'key_reused');
});

test('keys are private: two people may use the same', async () => {
  const { number } = await report();
  const key = { 'Idempotency-Key': newKey() };
  const note = { action: 'note', note: '各记一笔' };
  await worker.write(`/api/matters/${number}/step`, note, key);
  await dispatcher.write(`/api/matters/${number}/step`, note, key);
  assert.equal(await entries(number), 3);
});

test('a bulk that is sent again does only what was left undone', async () => {
  const made = await Promise.all([report(), report()]);
  const numbers = made.map((m) => m.number);
  const key = { 'Idempotency-Key': newKey() };
  const bulk = { numbers, action: 'supervise', note: '今天务必处理' };
  const first = await dispatcher.write('/api/matters/bulk', bulk, key);
  assert.ok(
    first.results.every((r) => r.ok),
    JSON.stringify(first),
  );
  assert.deepEqual(await dispatcher.write('/api/matters/bulk', bulk, key), first);
  for (const number of numbers)
    assert.equal((await dispatcher.read(`/api/matters/${number}`)).supervised, 1);
});

test('of two who take the same version exactly one wins, every time', async () => {
  for (let i = 0; i < 10; i++) {
    const { number } = await report();
    const { seq } = await worker.read(`/api/matters/${number}`);
    const answers = await Promise.all(
      [worker, worker2].map((who) =>
        who.post(`/api/matters/${number}/step`, { action: 'take', seq }),
      ),
    );
    assert.deepEqual(answers.map((a) => a.status).sort(), [200, 409]);
    refused(
      answers.find((a) => a.status === 409),
      409,
      'conflict',
    );
    const winner = answers[0].status === 200 ? '陆晓棠' : '顾喆';
    assert.equal((await worker.read(`/api/matters/${number}`)).holder_name, winner);
    assert.equal(await entries(number), 2);
  }
});

test('many different steps at once on one matter leave one unbroken line', async () => {
  const { number } = await report();
  const people = [worker, worker2, dispatcher];
  await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      people[i % 3].write(`/api/matters/${number}/step`, { action: 'note', note: `第${i}条` }),
    ),
  );
  const { timeline } = await dispatcher.read(`/api/matters/${number}`);
  assert.deepEqual(
    timeline.map((t) => t.seq),
    Array.from({ length: 31 }, (_, i) => i + 1),
  );
});

test('colleagues hear at once of what is in their scope, and of nothing else', async () => {
  const streams = await Promise.all([worker, dispatcher, clerk].map(listen));
  const [ours, elsewhere] = [await report(), await report('楼道杂物', grids.far)];
  await worker.step(ours.number, 'take');
  for (let waited = 0; streams[1].heard.length < 2 && waited < 15_000; waited += 50)
    await sleep(50);
  await sleep(200);
  const [byWorker, byDispatcher, byClerk] = streams.map(({ heard }) => heard);
  assert.deepEqual(
    byWorker.map((e) => [e.number, e.state]),
    [
      [ours.number, 'assigned'],
      [ours.number, 'working'],
    ],
  );
  assert.deepEqual(byDispatcher, byWorker);
  assert.equal(typeof byWorker[0].due_ms, 'number');
  assert.equal(byWorker[0].owner_unit, worker.me.memberships[0].unit);
  assert.deepEqual(byClerk, []);
  assert.ok(![...byWorker, ...byDispatcher].some((e) => e.number === elsewhere.number));
  assert.deepEqual(
    Object.keys(byWorker[0]).sort(),
    ['due_ms', 'number', 'owner_unit', 'state'],
    'nothing about people',
  );
  await Promise.all(streams.map((s) => s.stop()));
});

test('a full write queue says so with 503 and when to come back; nothing half-done, nothing lost', async () => {
  const small = await startCity('--no-limits', '--queue', '1');
  try {
    const key = Array.from({ length: 60 }, newKey);
    const send = (i) =>
      small
        .anybody()
        .post(
          '/api/reports',
          { text: `第${i}件`, grid: grids.ours },
          { 'Idempotency-Key': key[i] },
        );
    let answers = [];
    for (let rounds = 0; rounds < 20 && !answers.some((a) => a.status === 503); rounds++) {
      answers = await Promise.all(key.map((_, i) => send(i)));
    }
    const busy = answers.filter((a) => a.status === 503);
    assert.ok(busy.length > 0, 'it was never full');
    for (const answer of busy) {
      refused(answer, 503, 'busy');
      assert.match(answer.headers.get('retry-after'), /^[1-9]\d*$/);
    }
    const numbers = new Set();
    for (let i = 0; i < key.length; i++) {
      let answer = answers[i];
      while (answer.status === 503) answer = await send(i);
      assert.equal(answer.status, 200);
      numbers.add(answer.body.number);
    }
    assert.equal(numbers.size, key.length);
    const desk = await small.signIn('dispatcher1');
    for (const number of [...numbers].slice(0, 10))
      assert.equal((await desk.read(`/api/matters/${number}`)).timeline.length, 1);
  } finally {
    await small.stop();
  }
});

test('too many tries in a minute are turned away, by name and by address', async () => {
  const strict = await startCity();
  try {
    // Tokens come back with time, so a slow machine may see a few more go through.
    const fair = (passed, limit) => assert.ok(passed >= limit && passed < limit * 1.5, `${passed}`);
    const until429 = async (send) => {
      for (let i = 0; i < 60; i++) {
        const answer = await send(i);
        if (answer.status === 429) return [answer, i];
      }
      throw new Error('it was never enough');
    };
    const signIn = (username, word) =>
      strict.anybody().post('/api/login', { username, password: word });
    const [refusal, tries] = await until429(() => signIn('worker1', 'wrong'));
    fair(tries, 10);
    refused(refusal, 429, 'limit');
    assert.match(refusal.headers.get('retry-after'), /^[1-9]\d*$/);
    await strict.signIn('worker2');
    const sent = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        strict.anybody().post('/api/reports', { text: `第${i}件`, grid: grids.ours }),
      ),
    );
    fair(sent.filter((s) => s.status === 200).length, 30);
    assert.ok(sent.every((s) => s.status === 200 || s.status === 429));
    const guess = () => strict.reporter('AAAAAA-AAAAAA-AAAAAA').get('/api/receipt');
    fair((await until429(guess))[1], 30);
  } finally {
    await strict.stop();
  }
});

test('half a request changes nothing and holds nobody up', async () => {
  const body = JSON.stringify({ text: '只发了一半', grid: grids.ours });
  const socket = connect(city.port, '127.0.0.1');
  await new Promise((done) => {
    socket.on('connect', done);
  });
  socket.write(
    `POST /api/reports HTTP/1.1\r\nHost: 127.0.0.1:${city.port}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, 10)}`,
  );
  const { number } = await report('别人照常');
  socket.destroy();
  assert.equal((await dispatcher.read(`/api/matters/${number}`)).title, '别人照常');
  const { items } = await dispatcher.read('/api/matters?view=region&order=new&limit=100');
  assert.ok(items.every((m) => !m.title.includes('只发了一半')));
});
