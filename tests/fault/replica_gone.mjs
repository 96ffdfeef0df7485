// The replica that commits wait for is gone, and an operator calls the waiting off: PostgreSQL then
// says that it has committed, with a warning. Nothing may be acknowledged until the replica is back.
//   node tests/fault/replica_gone.mjs [--seconds N] [--clients N]
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from './cluster.mjs';
import { Trial, experiment, options } from './common.mjs';

const { seconds, clients } = options({ seconds: 15, clients: 16 });

await experiment(async () => {
  const primary = await Cluster.make(['synchronous_standby_names=replica']);
  const replica = await primary.standby('replica');
  const trial = new Trial({ db: 'postgres', on: primary, callMs: 60_000 });
  let cancelled = 0;
  await trial.makeCity();
  await trial.start();
  await trial.run(clients);
  await replica.kill();
  await sleep(1000); // what was on its way has arrived
  const before = trial.reports.size;
  for (let second = 0; second < seconds; second++) {
    cancelled += Number(primary.psql('SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity'
      + " WHERE wait_event = 'SyncRep'"));
    await sleep(1000);
  }
  const early = trial.reports.size - before;
  if (early) trial.wrong.push(`${early} acknowledged while only one machine had them`);
  await replica.start();
  const back = await trial.acknowledgement();
  const good = await trial.end(`replica gone for ${seconds} s`,
    `${cancelled} waits called off, ${early} acknowledged meanwhile, `
    + `serving again ${Math.round(back)} ms after it was back`);
  await replica.remove();
  return good && cancelled > 0 && back < 30_000;
});
