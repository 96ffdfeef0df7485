// Ends the server behind its supervisor again and again under full load, and lets the supervisor
// start it: the same port, nothing lost, and how long nobody was served.
//   node tests/fault/crash.mjs [--db sqlite|postgres] [--rounds N] [--clients N]
import { setTimeout as sleep } from 'node:timers/promises';
import { serverOf } from '../tools/server.mjs';
import { Cluster } from './cluster.mjs';
import { Trial, experiment, options, spread } from './common.mjs';

const { db, rounds, clients } = options({ db: 'sqlite', rounds: 20, clients: 32 });
const AT_ONCE = 5; // the supervisor gives up after more within a minute

await experiment(async () => {
  const trial = new Trial({ db, on: db === 'postgres' ? await Cluster.make() : undefined });
  const back = [];
  await trial.makeCity();
  await trial.start();
  await trial.run(clients);
  for (let round = 0; round < rounds; round++) {
    if (round && round % AT_ONCE === 0) {
      await trial.stop();
      await trial.start();
    }
    await sleep(200 + Math.random() * 800);
    const { child } = trial.server, server = serverOf(child);
    process.kill(server, 'SIGKILL');
    const killed = performance.now();
    while ([server, child.pid].includes(serverOf(child))) await sleep(5);
    await trial.acknowledgement();
    back.push(performance.now() - killed);
  }
  await sleep(500);
  const good = await trial.end(`${rounds} crashes on ${db}`, `serving again after ${spread(back)}`);
  return good && Math.max(...back) < 5000;
});
