// replica.test.mjs: reading from a server that follows the database (--read-db): what comes from
// there and how old it may be, that nobody misses what they wrote themselves, and that nobody notices
// when that server is late, silent or gone. Needs PostgreSQL (tests/tools/postgres.mjs).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startReplica } from '../tools/postgres.mjs';
import { grids, run, startCity } from './city.mjs';

const skip = process.env.DB === 'postgres' ? false : 'only on a PostgreSQL server';
let city;
let replica;

function ask(text) {
  const args = ['-X', '-q', '-A', '-t', '-h', replica.folder, '-U', 'postgres', '-d', 'postgres',
    '-c', text];
  const done = spawnSync('psql', args, { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout.trim();
}
const pause = () => ask('SELECT pg_wal_replay_pause()');
const resume = () => ask('SELECT pg_wal_replay_resume()');

/** The options that name the replica's copy of the city's database. */
function follow(lag) {
  const name = city.database.where[1].replace('postgres:///', '');
  const url = `postgres:///${name}?host=${replica.folder}`;
  return ['--no-limits', '--read-db', url, '--read-lag', `${lag}`];
}

async function figure(name) {
  const text = await city.anybody().read('/metrics');
  return Number(text.match(new RegExp(`^fengqiao_replica_${name} (\\d+)$`, 'm'))[1]);
}

/** It may have to replay what the other tests write to the same server. */
async function until(what, isSo) {
  for (let waited = 0; waited < 90_000; waited += 50) {
    if (await isSo()) return;
    await sleep(50);
  }
  const [ready, metrics] = await Promise.all(['/readyz', '/metrics'].map((path) =>
    city.anybody().read(path).catch(String)));
  assert.fail(`never: ${what}\n${ready}${metrics.match(/^fengqiao_replica.*$/gm)?.join('\n')}\n`
    + city.log.slice(-1500));
}

/** Until what this person reads comes from the replica. */
async function settled(person, path) {
  await until('read from the replica', async () => {
    const before = await figure('reads_total');
    await person.read(path);
    return (await figure('reads_total')) > before;
  });
}

const reported = (person) =>
  person.write('/api/reports', { text: '楼道堆满杂物', grid: grids.ours });

before(async () => {
  if (skip) return;
  city = await startCity('--no-limits');
  replica = startReplica(process.env.PGHOST);
});
after(async () => {
  try {
    await city?.stop();
  } finally {
    replica?.stop();
  }
});

test('others read the replica, as it is; who wrote reads what they wrote', { skip }, async () => {
  await city.restart(...follow(60));
  const [writer, other] = [await city.signIn('dispatcher1'), await city.signIn('dispatcher1')];
  const { number } = await reported(city.anybody());
  const path = `/api/matters/${number}`;
  await settled(other, path);
  await settled(writer, path);
  const { seq } = await other.read(path);
  pause();
  await writer.step(number, 'note', { note: '已联系物业' });
  assert.equal((await writer.read(path)).seq, seq + 1);
  assert.equal((await other.read(path)).seq, seq, 'the other one reads the replica');
  const token = writer.headers.Cookie.match(/fq_session=([^;]*)/)[1];
  const bearer = await fetch(city.base + path, { headers: { Authorization: `Bearer ${token}` } });
  assert.equal((await bearer.json()).seq, seq + 1, 'a token without a mark reads the database');
  const forged = { Cookie: writer.headers.Cookie.replace(/fq_mark=[^;]*/, 'fq_mark=AAAAAA') };
  assert.equal((await writer.get(path, forged)).body.seq, seq + 1, 'nor does a mark that is none help');
  resume();
  await until('the other one reads it', async () => (await other.read(path)).seq === seq + 1);
  await settled(writer, path);
});

test('what somebody wrote at one server they read at the other', { skip }, async () => {
  const other = await city.another('--no-limits');
  const here = await city.signIn('dispatcher1');
  const { number } = await reported(city.anybody());
  const path = `/api/matters/${number}`;
  await settled(here, path);
  pause();
  const there = here.at(other);
  await there.step(number, 'note', { note: '已联系物业' });
  const { seq } = await there.read(path);
  assert.equal((await here.read(path)).seq, seq - 1, 'without the mark it is the replica');
  assert.equal((await there.at(city).read(path)).seq, seq);
  resume();
  await other.stop();
});

test('who reports and gets a receipt opens it at once, on any device', { skip }, async () => {
  pause();
  const resident = city.anybody();
  await settled(city.anybody(), '/api/config');
  const { code, number } = await reported(resident);
  resident.headers.Authorization = `Receipt ${code}`;
  assert.equal((await resident.read('/api/receipt')).number, number);
  assert.equal((await city.reporter(code).read('/api/receipt')).number, number);
  await resident.write('/api/receipt/message', { text: '三楼也有' });
  assert.equal((await resident.read('/api/receipt')).messages.length, 1);
  assert.equal((await city.reporter(code).read('/api/receipt')).messages.length, 1);
  resume();
  await settled(resident, '/api/receipt');
});

test('what the replica does not have yet is found, not missing', { skip }, async () => {
  const other = await city.signIn('dispatcher1');
  await settled(other, '/api/counts');
  pause();
  const { number } = await reported(city.anybody());
  const before = await figure('repeated_total');
  assert.equal((await other.read(`/api/matters/${number}`)).number, number);
  assert.equal(await figure('repeated_total'), before + 1);
  assert.equal((await other.read(`/api/search?q=${number}`)).items[0].number, number);
  assert.equal((await other.get('/api/matters/320508-0000-0000')).status, 404);
  resume();
});

test('a session is valid at once and its end is, however late the replica is', { skip }, async () => {
  pause();
  const person = await city.signIn('clerk1');
  await person.read('/api/counts');
  const cookie = person.headers.Cookie;
  await person.write('/api/logout');
  assert.equal((await person.get('/api/counts', { Cookie: cookie })).status, 401);
  resume();
});

test('live updates come when what they tell of can be read', { skip }, async () => {
  const watcher = await city.signIn('dispatcher1');
  await settled(watcher, '/api/counts');
  const stop = new AbortController();
  const { signal } = stop;
  const stream = await fetch(`${city.base}/api/events`, { headers: watcher.headers, signal });
  let heard = '';
  const listening = (async () => {
    for await (const part of stream.body.pipeThrough(new TextDecoderStream())) heard += part;
  })().catch((error) => assert.equal(error.name, 'AbortError'));
  pause();
  const { number } = await reported(city.anybody());
  await sleep(2500);
  assert.ok(!heard.includes(number), 'told before it could be read');
  resume();
  await until('it is told', () => heard.includes(number));
  const list = await watcher.read(`/api/matters?view=region&grid=${grids.ours}&order=new`);
  assert.ok(list.items.some((row) => row.number === number));
  stop.abort();
  await listening;
});

test('later than it may be, it is left alone until it has caught up', { skip }, async () => {
  await city.restart(...follow(2));
  const other = await city.signIn('dispatcher1');
  const { number } = await reported(city.anybody());
  const path = `/api/matters/${number}`;
  await settled(other, path);
  const { seq } = await other.read(path);
  pause();
  await (await city.signIn('dispatcher1')).step(number, 'note', { note: '已联系物业' });
  await until('nobody reads there', async () => (await figure('used')) === 0);
  assert.equal((await other.read(path)).seq, seq + 1);
  assert.equal(await other.read('/readyz'), 'ready\nreplica: behind, not used\n');
  await sleep(2500);
  assert.equal(city.log.split('replica.late').length, 2, 'it is told once');
  resume();
  await settled(other, path);
  assert.equal((await other.read(path)).seq, seq + 1);
});

const severalReaders = () =>
  Promise.all(['dispatcher1', 'dispatcher2', 'dispatcher3'].map((name) => city.signIn(name)));

/** Reads without pause while something happens; how long the slowest answer took. */
async function readingDuring(people, happens) {
  let running = true;
  let slowestMs = 0;
  let answered = 0;
  const faults = [];
  const readers = people.map(async (person) => {
    while (running && faults.length === 0) {
      const began = Date.now();
      for (const path of ['/api/counts', '/api/matters?view=region&order=new']) {
        const answer = await person.get(path).catch((error) => error);
        if (answer.status !== 200) faults.push(answer.text ?? answer.message);
      }
      slowestMs = Math.max(slowestMs, Date.now() - began);
      answered++;
    }
  });
  await happens();
  running = false;
  await Promise.all(readers);
  assert.deepEqual(faults, []);
  assert.ok(answered > 20, `only ${answered} answers`);
  return slowestMs;
}

test('nobody notices that it dies, is away and comes back', { skip }, async () => {
  const people = await severalReaders();
  await settled(people[0], '/api/counts');
  await readingDuring(people, async () => {
    replica.kill();
    await until('nobody reads there', async () => (await figure('used')) === 0);
    await sleep(1000);
    replica.start();
    await until('it serves again', async () => (await figure('used')) === 1);
  });
  await settled(people[0], '/api/counts');
});

test('when it goes silent, who waits for it hears from the database', { skip }, async () => {
  const people = await severalReaders();
  await settled(people[0], '/api/counts');
  const signal = (name) => {
    for (const pid of replica.pids()) process.kill(pid, name);
  };
  const slowestMs = await readingDuring(people, async () => {
    signal('SIGSTOP');
    try {
      await until('nobody reads there', async () => (await figure('used')) === 0);
      await sleep(3000);
    } finally {
      signal('SIGCONT');
    }
    await until('it serves again', async () => (await figure('used')) === 1);
  });
  assert.ok(slowestMs < 10_000, `somebody waited ${slowestMs} ms`);
});

test('what is no replica of ours is told at the start, and not read from', { skip }, async () => {
  const away = 'postgres:///town?host=/nowhere';
  const other = `postgres:///postgres?host=${replica.folder}`;
  for (const [url, told, state] of [
    [city.database.where[1], /Note: it names no replica but the database itself/, 'of another database or none'],
    [other, /Note: it names another database than --db/, 'of another database or none'],
    [away, /Note: the replica cannot be reached/, 'away'],
  ]) {
    await city.restart('--no-limits', '--lang', 'en', '--read-db', url);
    assert.match(city.log, told);
    await city.anybody().read('/api/config');
    const said = new Set();
    await until('it is known', async () => {
      said.add(await city.anybody().read('/readyz'));
      return said.has(`ready\nreplica: ${state}, not used\n`);
    });
    said.delete('ready\nreplica: not looked at yet, not used\n');     // before that, nothing else is said
    assert.equal(said.size, 1, [...said].join());
    assert.equal(city.log.includes('replica.other'), url !== away);
    assert.deepEqual([await figure('used'), await figure('reads_total')], [0, 0]);
  }
});

test('wrong usage is told with the name of the option', () => {
  const ours = ['--read-db', 'postgres:///other', '--db'];
  for (const [args, option] of [
    [[...ours, '/nowhere/town.db'], /--read-db/],
    [['--read-db', 'town.db', '--db', 'postgres:///nowhere'], /--read-db/],
    [[...ours, 'postgres:///nowhere', '--read-lag', '0'], /--read-lag/],
  ]) {
    const wrong = run('serve', '--listen', '127.0.0.1:0', ...args);
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, option);
  }
});
