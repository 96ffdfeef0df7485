// kill -9 of PostgreSQL, postmaster and all, which is then started again.
//   node tests/fault/postgres_kill.mjs [--rounds N] [--clients N]
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from './cluster.mjs';
import { Trial, experiment, options, spread } from './common.mjs';

const { rounds, clients } = options({ rounds: 20, clients: 16 });

await experiment(async () => {
  const cluster = await Cluster.make();
  const trial = new Trial({ db: 'postgres', on: cluster });
  await trial.makeCity();
  await trial.start();
  await trial.run(clients);
  const back = [];
  for (let round = 0; round < rounds; round++) {
    await sleep(300 + Math.random() * 700);
    await cluster.kill();
    await sleep(Math.random() * 1500);
    await cluster.start();
    back.push(await trial.acknowledgement());
  }
  const good = await trial.end(`kill -9 of PostgreSQL x ${rounds}`,
    `serving again ${spread(back)} after it was started`);
  return good && Math.max(...back) < 5000;
});
