// A slow database: each round trip takes 200 ms more, and far more is sent than can be done. The
// queue stays bounded; what is refused is refused honestly and is not in the database; the staff do
// not wait behind the reports; nobody waits longer than a stated bound.
//   node tests/fault/slow.mjs [--seconds N] [--clients N] [--delay MS]
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from './cluster.mjs';
import { Trial, experiment, options, percentile, spread } from './common.mjs';
import { Proxy } from './proxy.mjs';

const { seconds, clients, delay } = options({ seconds: 60, clients: 400, delay: 200 });
const queue = 256;
const boundMs = 30_000;

await experiment(async () => {
  const cluster = await Cluster.make();
  const proxy = await new Proxy(cluster.port).listen();
  const trial = new Trial({ db: 'postgres', on: cluster, url: proxy.url('postgres'),
    serve: ['--queue', String(queue)], callMs: 120_000 });
  const waits = [], refusals = [], staffWaits = [], refused = [];
  let waiting = 0;
  await trial.makeCity();
  await trial.start();
  const staff = await trial.signIn('worker1');
  const first = await trial.report(undefined, 'first');
  proxy.delayMs = delay;
  const until = performance.now() + seconds * 1000;

  /** Sends each report once; what is refused is not sent again. */
  async function reporter(name) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    while (performance.now() < until) {
      const key = trial.newKey(name), body = trial.reportBody(key), began = performance.now();
      const answer = await trial.call(agent, 'POST', '/api/reports', { 'Idempotency-Key': key },
        body);
      const ms = performance.now() - began;
      if (answer.status === 200) {
        trial.reportKnown(key, body, answer.text);
        waits.push(ms);
      } else if (trial.isHonest(answer)) {
        refusals.push(ms);
        if (JSON.parse(answer.text).code === 'unknown') trial.unsettled.push({ key, body });
        else refused.push(key);
        await sleep(1000 * Number(answer.headers['retry-after']));
      }
    }
    agent.destroy();
  }

  async function officer() {
    const path = `/api/matters/${first.number}/step`;
    while (performance.now() < until) {
      const key = trial.newKey('staff'), began = performance.now();
      const body = JSON.stringify({ action: 'note', note: `演练记录 ${key}` });
      const answer = await trial.call(undefined, 'POST', path,
        { ...staff, 'Idempotency-Key': key }, body);
      if (answer.status === 200) trial.notes.set(key, first.number);
      else trial.wrong.push(`staff: ${answer.status} ${answer.text.slice(0, 100)}`);
      staffWaits.push(performance.now() - began);
    }
  }

  async function watcher() {
    while (performance.now() < until) {
      const { text } = await trial.call(undefined, 'GET', '/metrics');
      waiting = Math.max(waiting, Number(/waiting\S* (\d+)/.exec(text)?.[1] ?? 0));
      await sleep(200);
    }
  }

  const reporters = Array.from({ length: clients }, (_, i) => reporter(i));
  await Promise.all([...reporters, officer(), watcher()]);
  proxy.delayMs = 0;
  await trial.rest();
  const stored = new Set(trial.database.rows("SELECT text FROM matter WHERE text LIKE '演练上报%'")
    .map(({ text }) => text.split(' ')[1]));
  const taken = refused.filter((key) => stored.has(key));
  if (taken.length) trial.wrong.push(`${taken.length} were refused and done`);
  const worst = Math.max(...waits, ...refusals, ...staffWaits);
  const good = await trial.end(`database slower by ${delay} ms a round trip, ${clients} clients`,
    `${waits.length} done, ${refused.length} refused, at most ${waiting} queued, `
    + `reports ${spread(waits)}, staff p99 ${Math.round(percentile(staffWaits, 0.99))} ms, `
    + `nobody waited over ${Math.round(worst)} ms`);
  proxy.close();
  return good && worst < boundMs && waiting <= 2 * queue && refused.length > 0
    && percentile(staffWaits, 0.99) < percentile(waits, 0.5);
});
