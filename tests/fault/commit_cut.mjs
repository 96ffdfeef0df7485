// The connection to PostgreSQL is cut when it has committed and before the answer is there: nobody
// knows then what became of the group, clients are told so and repeat with their key.
//   node tests/fault/commit_cut.mjs [--rounds N] [--clients N]
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from './cluster.mjs';
import { Trial, experiment, options, spread } from './common.mjs';
import { Proxy } from './proxy.mjs';

const { rounds, clients } = options({ rounds: 100, clients: 16 });

await experiment(async () => {
  const cluster = await Cluster.make();
  const proxy = await new Proxy(cluster.port).listen();
  const trial = new Trial({ db: 'postgres', on: cluster, url: proxy.url('postgres') });
  await trial.makeCity();
  await trial.start();
  await trial.run(clients);
  const back = [];
  for (let round = 0; round < rounds; round++) {
    await sleep(50 + Math.random() * 100);
    proxy.cutNext = 1;
    while (proxy.cutNext) await sleep(1);
    back.push(await trial.acknowledgement());
  }
  const good = await trial.end(`${proxy.cuts} commits cut off before their answer`,
    `${trial.refusals} refusals, serving again after ${spread(back)}`);
  proxy.close();
  return good && trial.refusals > 0 && Math.max(...back) < 5000;
});
