// PostgreSQL falls silent: its processes are stopped, so that connections open and nothing is ever
// answered, as when its machine hangs. Pages and /healthz must still be served, all else be refused
// at once and honestly, and everything come back by itself.
// Two rounds of half a minute, with city and reckoning: two minutes, on a busy machine three.
//   node tests/fault/silent.mjs [--rounds N] [--clients N] [--seconds N]
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from './cluster.mjs';
import { Trial, experiment, options, percentile, spread } from './common.mjs';

const { rounds, clients, seconds } = options({ rounds: 2, clients: 16, seconds: 30 });
const noticedMs = 15_000; // by then, nobody waits for it any more
const boundMs = 1000; // what anybody waits from then on

/** What somebody meets who comes by again and again. */
async function visitor(trial, until, seen) {
  while (performance.now() < until) {
    for (const [path, expected] of [['/m/', 200], ['/healthz', 200], ['/readyz', 503],
      ['/api/checkpoint', 503]]) {
      const began = performance.now();
      const answer = await trial.call(undefined, 'GET', path, {}, undefined, 30_000);
      const ms = performance.now() - began;
      if (answer.status !== expected) trial.wrong.push(`${path} while silent: ${answer.status}`);
      else if (answer.status === 503) trial.isHonest(answer);
      (path === '/m/' || path === '/healthz' ? seen.pages : seen.refusals).push(ms);
    }
    await sleep(50);
  }
}

await experiment(async () => {
  const cluster = await Cluster.make();
  const trial = new Trial({ db: 'postgres', on: cluster, callMs: 60_000 });
  const back = [], seen = { pages: [], refusals: [] };
  await trial.makeCity();
  await trial.start();
  await trial.run(clients);
  for (let round = 0; round < rounds; round++) {
    await sleep(1000);
    cluster.signalAll('SIGSTOP');
    await sleep(noticedMs);
    await visitor(trial, performance.now() + seconds * 1000 - noticedMs, seen);
    cluster.signalAll('SIGCONT');
    back.push(await trial.acknowledgement());
  }
  const worst = Math.max(...seen.pages, ...seen.refusals);
  return (await trial.end(`PostgreSQL silent for ${seconds} s x ${rounds}`,
    `pages after p99 ${Math.round(percentile(seen.pages, 0.99))} ms, `
    + `refusals after p99 ${Math.round(percentile(seen.refusals, 0.99))} ms, `
    + `serving again after ${spread(back)}`)) && worst < boundMs && Math.max(...back) < 10_000;
});
