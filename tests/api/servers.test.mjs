// servers.test.mjs: several servers on one database are one service: what one takes in, all know;
// what two do at once is done once; and when one is killed the others go on without a hand.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { grids, listen, newKey, password, startCity } from './city.mjs';

const skip = process.env.DB !== 'postgres' && 'a file has one server';
let one, two, worker, dispatcher;

before(async () => {
  if (skip) return;
  one = await startCity('--no-limits');
  two = await one.another();
  [worker, dispatcher] = await Promise.all(['worker1', 'dispatcher1'].map((name) => one.signIn(name)));
});
after(async () => {
  await two?.stop();
  await one?.stop();
});

const report = (city, text, key = newKey()) =>
  city.anybody().write('/api/reports', { text, category: '0101', grid: grids.ours }, { 'Idempotency-Key': key });

/** Asks until the answer is as wanted. */
async function until(ask, wanted, forMs = 10_000) {
  for (let waited = 0; ; waited += 50) {
    const got = await ask();
    if (wanted(got)) return got;
    assert.ok(waited < forMs, JSON.stringify(got)?.slice(0, 500));
    await sleep(50);
  }
}
const proofAt = (city, code) =>
  until(() => city.reporter(code).read('/api/receipt/proof'), (proof) => proof.checkpoint);

test('what one server takes in the other shows, serves and proves', { skip }, async () => {
  const receipt = await report(one, '两台服务器:楼道堆物');
  assert.equal((await two.reporter(receipt.code).read('/api/receipt')).number, receipt.number);
  await worker.at(two).step(receipt.number, 'take');
  assert.equal((await worker.read(`/api/matters/${receipt.number}`)).state, 'working');
  const [here, there] = [await proofAt(one, receipt.code), await proofAt(two, receipt.code)];
  assert.equal(here.hash, receipt.entry_hash);
  assert.equal(there.hash, receipt.entry_hash);
  const found = (city) => dispatcher.at(city).read(`/api/search?q=${encodeURIComponent('两台服务器')}`);
  for (const city of [one, two]) await until(() => found(city), ({ items }) => items.length === 1);
});

test('the same report sent to both at once is one matter', { skip }, async () => {
  for (let i = 0; i < 20; i++) {
    const key = newKey();
    const answers = await Promise.all([one, two, one, two].map((city) => report(city, '同时发给两台', key)));
    assert.equal(new Set(answers.map((a) => JSON.stringify(a))).size, 1);
  }
});

test('of two who take one step at once, at two servers, one does', { skip }, async () => {
  const receipts = await Promise.all(
    Array.from({ length: 24 }, (_, i) => report(i % 2 ? one : two, `同时接单 ${i}`)),
  );
  const [worker2] = await Promise.all([two.signIn('worker2')]);
  const outcomes = await Promise.all(
    receipts.flatMap(({ number }) =>
      [worker, worker2].map((person) =>
        person.post(`/api/matters/${number}/step`, { action: 'take', seq: 1 }),
      ),
    ),
  );
  for (let i = 0; i < receipts.length; i++) {
    const pair = outcomes.slice(2 * i, 2 * i + 2);
    assert.deepEqual(pair.map((a) => a.status).sort(), [200, 409], pair.map((a) => a.text).join());
    const { timeline } = await dispatcher.read(`/api/matters/${receipts[i].number}`);
    assert.deepEqual(timeline.map((t) => t.seq), [1, 2]);
  }
});

test('many at both at once: every number once, and the log takes in all', { skip }, async () => {
  const receipts = await Promise.all(
    Array.from({ length: 300 }, (_, i) => report(i % 2 ? one : two, `一起来 ${i}`)),
  );
  assert.equal(new Set(receipts.map((r) => r.number)).size, 300);
  assert.equal(new Set(receipts.map((r) => r.code)).size, 300);
  const waiting = () => one.database.rows(`SELECT count(*) AS n FROM entry e
    WHERE NOT EXISTS (SELECT 1 FROM leaf l WHERE l.entry_id = e.id)`)[0].n;
  await until(async () => waiting(), (n) => n === 0);
});

test('colleagues at the other server hear of it at once', { skip }, async () => {
  const stream = await listen(dispatcher.at(two));
  const { number } = await report(one, '另一台也听得到');
  await worker.step(number, 'take');
  const isIt = (event) => event.number === number && event.state === 'working';
  await until(async () => stream.heard, (heard) => heard.some(isIt));
  await stream.stop();
});

test('who signs out at one server is out at the other, streams included', { skip }, async () => {
  const clerk = await one.signIn('clerk1');
  const elsewhere = clerk.at(two);
  await elsewhere.read('/api/me');
  const stream = await listen(elsewhere);
  await clerk.write('/api/logout');
  await stream.ended;
  await until(() => elsewhere.get('/api/me'), ({ status }) => status === 401, 3000);
});

test('a limit is one limit, wherever one tries', { skip }, async () => {
  const [here, there] = await Promise.all([one.another('--queue', '4096'), one.another('--queue', '4096')]);
  try {
    await sleep(1000); // they greet each other
    const wrong = (city) => city.anybody().post('/api/login', { username: 'nobody-here', password });
    const statuses = [];
    for (let i = 0; i < 14; i++) {
      statuses.push((await wrong(i % 2 ? here : there)).status);
      await sleep(250);
    }
    assert.deepEqual(statuses.slice(0, 10), Array(10).fill(401));
    assert.ok(statuses.slice(10).includes(429), statuses.join());
  } finally {
    await here.stop();
    await there.stop();
  }
});

test('when a server is killed the others go on, log included', { skip }, async () => {
  const doomed = await one.another();
  const some = (reports) => Promise.all(Array.from({ length: 30 }, (_, i) => reports(i)));
  const before = await some((i) => report(doomed, `将被关掉 ${i}`));
  doomed.child.kill('SIGKILL');
  await doomed.ended;
  const after = await some((i) => report(i % 2 ? one : two, `接着来 ${i}`));
  for (const { code, entry_hash } of [...before, ...after]) {
    assert.equal((await proofAt(two, code)).hash, entry_hash);
  }
  const blocks = () => one.database.rows('SELECT count(*) AS n FROM id_block')[0].n;
  await until(async () => blocks(), (n) => n <= 3); // its block of ids is given up
});

/** A session that keeps one matter's row to itself until it is told to end. */
function holdOf(number) {
  const name = one.database.options[1];
  const session = spawn('psql', ['-X', '-q', '-A', '-t', '-d', name], { stdio: ['pipe', 'pipe', 'inherit'] });
  const held = new Promise((done) => session.stdout.once('data', (text) => done(Number(text))));
  session.stdin.write(`BEGIN; SELECT seq FROM matter WHERE number = '${number}' FOR UPDATE;\n`);
  return {
    held,
    end: async () => {
      const ended = once(session, 'exit');
      session.stdin.end('ROLLBACK;\n');
      await ended;
    },
  };
}

test('what is due is done once, by whichever server; a matter in hand elsewhere waits and holds up none',
  { skip }, async () => {
    const receipts = await Promise.all(
      Array.from({ length: 40 }, (_, i) => report(i % 2 ? one : two, `到期 ${i}`)));
    const numbers = receipts.map(({ number }) => `'${number}'`);
    const rung = () => one.database.rows(`SELECT m.number, count(*) AS n FROM matter m JOIN entry e
      ON e.area = m.area AND e.matter = m.id WHERE e.action = 'overdue' AND m.number IN (${numbers})
      GROUP BY m.number`);
    one.database.change(`UPDATE matter SET alarm_ms = ${Date.now() + 4000} WHERE number IN (${numbers})`);
    const hold = holdOf(receipts[0].number);
    assert.equal(await hold.held, 1);
    const others = await until(async () => rung(), (rows) => rows.length >= 39, 30_000);
    assert.ok(!others.some(({ number }) => number === receipts[0].number));
    await hold.end();
    const all = await until(async () => rung(), (rows) => rows.length === 40);
    assert.deepEqual([...new Set(all.map(({ n }) => n))], [1]);
  });
