// What the server asks behind its COMMIT, in the same breath, is cancelled by an administrator: the
// group is committed, and nobody may take the failure for one that can be tried again.
//   node tests/fault/commit_cancel.mjs [--rounds N] [--clients N]
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from './cluster.mjs';
import { Trial, experiment, options, spread } from './common.mjs';
import { Proxy, endless } from './proxy.mjs';

const { rounds, clients } = options({ rounds: 30, clients: 16 });

await experiment(async () => {
  const cluster = await Cluster.make();
  const proxy = await new Proxy(cluster.port).listen();
  const trial = new Trial({ db: 'postgres', on: cluster, url: proxy.url('postgres') });
  const asleep = `FROM pg_stat_activity WHERE state = 'active' AND starts_with(query, '${endless}')`;
  const back = [];
  let cancelled = 0;
  await trial.makeCity();
  await trial.start();
  await trial.run(clients);
  for (let round = 0; round < rounds; round++) {
    await sleep(50 + Math.random() * 100);
    proxy.sleepNext = 1;
    while (!cluster.psql(`SELECT pg_cancel_backend(pid) ${asleep}`).includes('t')) await sleep(5);
    cancelled++;
    back.push(await trial.acknowledgement());
  }
  const good = await trial.end(`${cancelled} cancels between a COMMIT and what is asked behind it`,
    `${trial.refusals} refusals, serving again after ${spread(back)}`);
  proxy.close();
  return good && trial.refusals > 0 && Math.max(...back) < 5000;
});
