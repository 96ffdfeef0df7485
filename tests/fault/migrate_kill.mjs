// kill -9 at the n-th write, sync or message of a server that brings an empty database up to date
// (and of one that makes a demo city in it), for n = 1, 2, ... The next start must find the old
// version or the new one, go on by itself, and serve.
//   node tests/fault/migrate_kill.mjs [--db sqlite|postgres] [--points N]
import { spawnSync } from 'node:child_process';
import { Cluster } from './cluster.mjs';
import { Trial, experiment, options, program, spread } from './common.mjs';
import { FailIo, KILL, SENDS, SYNCS, WRITES } from './fail_io.mjs';

const { db, points } = options({ db: 'sqlite', points: 200 });
const serve = ['serve', '--listen', '127.0.0.1:0'];

/** Starts until told, killed at the n-th call; true when it came so far. */
function killedAt(fail, trial, n) {
  fail.arm(n, db === 'sqlite' ? WRITES | SYNCS : SENDS, KILL);
  const done = spawnSync(program, [...serve, '--no-sandbox', ...trial.database.options],
    { encoding: 'utf8', env: { ...trial.env, ...fail.env }, timeout: 3000, killSignal: 'SIGTERM' });
  fail.disarm();
  return { wasKilled: done.signal === 'SIGKILL', said: `${done.stdout}${done.stderr}` };
}

await experiment(async () => {
  const cluster = db === 'postgres' ? await Cluster.make(['fsync=off']) : undefined;
  const ready = [];
  let kills = 0, good = true, ended = 0;
  for (let n = 1; n <= points && good && ended < 2; n++) {
    cluster?.psql('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    const trial = new Trial({ db, on: cluster });
    trial.database.remove = () => {};
    const fail = new FailIo(trial.folder, `${trial.folder}/x.db`);
    const { wasKilled, said } = killedAt(fail, trial, n);
    kills += wasKilled;
    ended = wasKilled ? 0 : ended + 1; // what comes after it listens is another experiment
    await trial.start(); // fails when there is anything in between
    ready.push(trial.readyMs[0]);
    const answer = await trial.call(undefined, 'GET', '/readyz');
    await trial.stop();
    const again = spawnSync(program, ['verify', ...trial.database.options], { encoding: 'utf8' });
    good = answer.status === 200 && again.status === 0 && trial.wrong.length === 0;
    if (!good) console.log(`killed at ${n}: ${answer.status}`, said, again.stdout, again.stderr, trial.log);
    fail.close();
    await trial.remove();
  }
  await cluster?.remove();
  console.log(`${good ? 'ok  ' : 'FAIL'} killed while migrating at ${kills} points on ${db}: `
    + `each time the next start served, ready after ${spread(ready)}`);
  return good && kills > 0 && Math.max(...ready) < 5000;
});
