// No message to people is lost, and each counts once: the server is killed when a gateway has got a
// message and before it is marked as sent, again and again, while people report and are answered,
// and the gateway answers late, with errors, or cuts the connection. Whatever was answered has been
// delivered in the end, under one id. With two servers and no kills each is sent once.
//   node tests/fault/outbox.mjs [--db sqlite|postgres] [--kills N] [--servers 1|2] [--answers N]
import { copyFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from './cluster.mjs';
import { Trial, experiment, must, options, program, spread } from './common.mjs';
import { Sink } from './sink.mjs';

const { db, kills, servers, answers, clients } = options(
  { db: 'sqlite', kills: 500, servers: 1, answers: 300, clients: 4 });
const patienceMs = 180_000;

const sink = await new Sink().start();
const answered = new Map(); // number: how often

function makeTrial(on) {
  const trial = new Trial({ db, on });
  const key = sink.keyFile(join(trial.folder, 'webhook.key'));
  trial.serve.push('--webhook', sink.url, '--webhook-key-file', key);
  trial.reportBody = (text) => JSON.stringify({ text: `演练上报 ${text} 楼道堆物`, category: '0101',
    grid: '320508018023001', phone: '13800001111' });
  return trial;
}

/** Reports, and answers what was reported, until all is over. */
async function answerer(trial, name, enough) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  while (!trial.over && !enough()) {
    const receipt = await trial.report(agent, name);
    if (!receipt) break;
    const step = (body) => trial.settle(agent, 'POST', `/api/matters/${receipt.number}/step`,
      { ...trial.staff, 'Idempotency-Key': trial.newKey(name) }, JSON.stringify(body));
    if (!await step({ action: 'take' })) continue;
    trial.takes.add(receipt.number);
    if (await step({ action: 'reply', reply: '已经清走，请看看' })) answered.set(receipt.number, 1);
    await sleep(20);
  }
  agent.destroy();
}

/** Kills the server each time a message has arrived, before its answer leaves. */
async function killAgain(trial) {
  const back = [];
  for (let round = 0; round < kills; round++) {
    await new Promise((killed) => {
      sink.taken = () => {
        sink.taken = undefined;
        trial.server.child.kill('SIGKILL');
        killed();
      };
    });
    await trial.server.ended;
    const began = performance.now();
    await trial.start();
    back.push(performance.now() - began);
  }
  return back;
}

/** Waits until nothing waits any more, and reckons. */
async function reckon(trial) {
  const left = () => Number(trial.database.rows('SELECT count(*) AS n FROM outbox')[0].n);
  const until = performance.now() + patienceMs;
  while (left() > 0 && performance.now() < until) await sleep(200);
  const ids = new Map(); // number: its replies' message ids
  for (const [id, { kind, number }] of sink.messages)
    if (kind === 'reply') ids.set(number, [...(ids.get(number) ?? []), id]);
  const twice = [...ids.values()].filter((all) => all.length > 1).length;
  const lost = [...answered.keys()].filter((number) => !ids.has(number)).length;
  const deliveries = [...sink.times.values()].reduce((sum, n) => sum + n, 0);
  trial.wrong.push(...sink.faults);
  if (left()) trial.wrong.push(`${left()} messages still wait`);
  if (lost || twice) trial.wrong.push(`${lost} answers never told, ${twice} told under two ids`);
  return { deliveries, text: `${answered.size} answers: ${lost} never told, ${twice} under two ids;`
    + ` ${sink.messages.size} messages came ${deliveries} times` };
}

/** The gateway at its worst. */
function misbehave() {
  const chance = Math.random();
  return chance < 0.05 ? 'error' : chance < 0.08 ? 'cut' : chance < 0.2 ? 'late' : 'ok';
}

async function killed(trial) {
  await trial.makeCity();
  must(program, 'setting', 'quiet_hours', 'none', ...trial.database.options.slice(0, 2));
  await trial.start();
  trial.staff = await trial.signIn('worker1');
  sink.behave = misbehave;
  trial.running = Array.from({ length: clients }, (_, i) => answerer(trial, i, () => false));
  const back = await killAgain(trial);
  trial.over = true;
  await Promise.all(trial.running);
  sink.behave = () => 'ok';
  const { text } = await reckon(trial);
  return trial.end(`outbox on ${db}, killed between sending and marking x ${kills}`,
    `${text}, ready after ${spread(back)}`);
}

async function sharedByTwo(one, cluster) {
  const two = makeTrial(cluster);
  await one.makeCity();
  must(program, 'setting', 'quiet_hours', 'none', ...one.database.options.slice(0, 2));
  copyFileSync(join(one.folder, 'node.key'), join(two.folder, 'node.key'));
  await Promise.all([one.start(), two.start()]);
  sink.behave = () => (Math.random() < 0.3 ? 'late' : 'ok');
  for (const trial of [one, two]) trial.staff = await trial.signIn('worker1');
  await Promise.all([one, two].flatMap((trial, side) => Array.from({ length: clients }, (_, i) =>
    answerer(trial, `${side}-${i}`, () => answered.size >= answers))));
  const { text, deliveries } = await reckon(one);
  const shares = await Promise.all([one, two].map(async (trial) => {
    const figures = await trial.call(undefined, 'GET', '/metrics', {});
    return Number(/^fengqiao_outbox_sent_total (\d+)/m.exec(figures.text)?.[1]);
  }));
  if (deliveries !== sink.messages.size) one.wrong.push('a message was sent twice without a kill');
  if (!shares.every((n) => n > 0)) one.wrong.push(`they did not share: ${shares.join(' and ')}`);
  for (const [key, report] of two.reports) one.reports.set(key, report);
  for (const number of two.takes) one.takes.add(number);
  one.wrong.push(...two.wrong);
  await two.stop();
  two.database.remove = () => {};
  await two.remove();
  return one.end('outbox of two servers', `${text}, sent by one ${shares[0]}, by the other ${shares[1]}`);
}

await experiment(async () => {
  const cluster = db === 'postgres' ? await Cluster.make() : undefined;
  const trial = makeTrial(cluster);
  const good = servers === 2 ? await sharedByTwo(trial, cluster) : await killed(trial);
  await sink.stop();
  return good;
});
