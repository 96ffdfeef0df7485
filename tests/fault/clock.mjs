// The clock of the machine is set ahead by days, and back by an hour, while people work: what is
// under way is not cut off, sessions, limits, deadlines and the log go on.
//   node tests/fault/clock.mjs [--db sqlite|postgres] [--rounds N] [--clients N]
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from './cluster.mjs';
import { Trial, experiment, options, spread } from './common.mjs';
import { FailIo } from './fail_io.mjs';

const { db, rounds, clients } = options({ db: 'sqlite', rounds: 3, clients: 8 });
const hour = 3600, day = 24 * hour;

/** A report whose body arrives in two parts, with something in between. */
async function sentSlowly(trial, meanwhile) {
  // about a grid of its own: limits that others share have gone on with the clock meanwhile
  const body = JSON.stringify({ text: '演练上报 分两次发送', category: '0101', grid: '320508018024001' });
  const socket = connect(trial.server.port, '127.0.0.1');
  let said = '';
  socket.on('data', (text) => {
    said += text;
  });
  const ended = new Promise((done) => socket.on('close', done).on('error', done));
  socket.write('POST /api/reports HTTP/1.1\r\nHost: x\r\nConnection: close\r\n'
    + `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`);
  socket.write(body.slice(0, 20));
  await sleep(200);
  await meanwhile();
  await sleep(1500); // the ticker has looked at it
  socket.write(body.slice(20));
  await ended;
  if (!said.startsWith('HTTP/1.1 200')) trial.wrong.push(`sent slowly: ${said.slice(0, 100)}`);
}

/** What the system has done by itself, and whether it would now do more. */
function systemSteps(trial, aheadS) {
  const now = Date.now() + aheadS * 1000;
  const [row] = trial.database.rows("SELECT (SELECT count(*) FROM entry WHERE actor = 'system') AS done,"
    + ` (SELECT count(*) FROM matter WHERE alarm_ms <= ${now}) AS due`);
  return { done: Number(row.done), due: Number(row.due) };
}

async function untilNothingIsDue(trial, aheadS) {
  for (let waited = 0; waited < 300; waited++) {
    const steps = systemSteps(trial, aheadS);
    if (steps.due === 0) return steps.done;
    await sleep(100);
  }
  throw new Error('deadlines are not kept');
}

/** Uses a limit up, and says how long it takes until one more report is taken. */
async function limitAfter(trial, step) {
  const send = () => trial.call(undefined, 'POST', '/api/reports',
    { 'X-Forwarded-For': '192.0.2.7' }, trial.reportBody(trial.newKey('limit')));
  let answer = await send();
  for (let sent = 1; answer.status === 200 && sent < 100; sent++) answer = await send();
  if (answer.status !== 429) trial.wrong.push(`no limit: ${answer.status}`);
  step();
  const began = performance.now();
  while ((answer = await send()).status === 429 && performance.now() < began + 60_000)
    await sleep(Math.min(5000, 1000 * Number(answer.headers['retry-after'])));
  if (answer.status !== 200) trial.wrong.push(`after the limit: ${answer.status}`);
  return performance.now() - began;
}

await experiment(async () => {
  const trial = new Trial({ db, on: db === 'postgres' ? await Cluster.make() : undefined,
    limits: true, serve: ['--proxies', '127.0.0.1'] });
  const fail = new FailIo(trial.folder, 'nothing');
  const back = [], limited = [];
  let ahead = 0, rung = 0;
  const setClock = (s) => {
    ahead = s;
    fail.setClock(s);
  };
  await trial.makeCity(200);
  await trial.start(fail.env);
  for (let round = 0; round < rounds; round++) {
    trial.staff = await trial.signIn('worker1');
    await trial.run(clients);
    await sentSlowly(trial, () => setClock(ahead + hour));
    back.push(await trial.acknowledgement());
    limited.push(await limitAfter(trial, () => setClock(ahead - hour)));
    back.push(await trial.acknowledgement());
    await trial.rest();
    setClock(ahead + 3 * day); // sessions end, deadlines pass
    const before = systemSteps(trial, 0).done;
    const done = await untilNothingIsDue(trial, ahead);
    rung += done - before;
    setClock(ahead - hour);
    await sleep(2500);
    const later = systemSteps(trial, ahead).done;
    if (later !== done) trial.wrong.push(`${later - done} steps taken twice after the clock went back`);
  }
  const good = await trial.end(`clock ahead by 3 days and back by an hour x ${rounds} on ${db}`,
    `${rung} deadlines kept, a used-up limit gave way after ${spread(limited)}, `
    + `serving again after ${spread(back)}`);
  fail.close();
  return good && rung > 0 && Math.max(...limited) < 20_000 && Math.max(...back) < 5000;
});
