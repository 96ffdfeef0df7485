// Failover: a replica follows synchronously; the primary is killed, the replica promoted, and the
// server, which knows both addresses, must find it by itself.
//   node tests/fault/failover.mjs [--rounds N] [--clients N]
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from './cluster.mjs';
import { Trial, experiment, options, spread } from './common.mjs';

const { rounds, clients } = options({ rounds: 3, clients: 16 });

/** One failover. The outage begins with the death of the primary. */
async function failover(back) {
  const primary = await Cluster.make(['synchronous_commit=on', 'synchronous_standby_names=replica']);
  // Without its replica the primary would wait for ever with the commits of the set-up.
  const replica = await primary.standby('replica');
  const url = `postgres://postgres@127.0.0.1:${primary.port},127.0.0.1:${replica.port}/postgres`
    + '?target_session_attrs=read-write';
  const trial = new Trial({ db: 'postgres', on: replica, url });
  await trial.makeCity(0, trial.database.serving);
  await trial.start();
  await trial.run(clients);
  await sleep(1000 + Math.random() * 1000);
  const killed = performance.now();
  await primary.kill();
  replica.promote();
  await trial.acknowledgement();
  back.push(performance.now() - killed);
  await sleep(500);
  const good = await trial.end('failover to a synchronous replica', `serving again after ${Math.round(back.at(-1))} ms`);
  await primary.remove();
  return good;
}

await experiment(async () => {
  const back = [];
  let good = true;
  for (let round = 0; round < rounds && good; round++) good = await failover(back);
  console.log(`failover x ${back.length}: serving again after ${spread(back)}`);
  return good && Math.max(...back) < 30_000;
});
