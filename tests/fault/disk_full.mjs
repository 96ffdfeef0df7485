// The disk is full while people report, and has space again later: a small tmpfs is filled with a
// file, which is then taken away. Needs root.
//   node tests/fault/disk_full.mjs [--db sqlite|postgres] [--rounds N] [--clients N]
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from './cluster.mjs';
import { Trial, experiment, must, options, spread } from './common.mjs';

const { db, rounds, clients } = options({ db: 'sqlite', rounds: 10, clients: 16 });

/** Ends nowhere but where there is no space left. */
const fill = (path) => must('sh', '-c', `cat /dev/zero > '${path}' 2>/dev/null || true`);

/** Debian's unit starts PostgreSQL again when it ends; so does this. */
function supervise(cluster) {
  let over = false;
  const running = (async () => {
    while (!over) {
      if (!cluster.child) await cluster.start(5000).catch(() => cluster.kill());
      await sleep(100);
    }
  })();
  return () => {
    over = true;
    return running;
  };
}

await experiment(async () => {
  const path = mkdtempSync(join(tmpdir(), 'fengqiao-full-'));
  must('mount', '-t', 'tmpfs', '-o', `size=${db === 'sqlite' ? 128 : 384}m`, 'none', path);
  process.once('exit', () => {
    must('umount', '-l', path);
    rmSync(path, { recursive: true, force: true });
  });
  const folder = join(path, 'pg');
  mkdirSync(folder);
  chmodSync(path, 0o777);
  const cluster = db === 'postgres'
    ? await Cluster.make(['max_wal_size=64MB', 'min_wal_size=32MB', 'checkpoint_timeout=30s'], folder)
    : undefined;
  const unwatch = cluster ? supervise(cluster) : () => {};
  const trial = new Trial({ db, on: cluster ?? path });
  const back = [], filler = join(path, 'filler');
  await trial.makeCity();
  await trial.start();
  await trial.run(clients);
  for (let round = 0; round < rounds; round++) {
    await sleep(500);
    const before = trial.refusals;
    fill(filler);
    for (let waited = 0; trial.refusals === before && waited < 200; waited++) {
      await sleep(50);
      fill(`${filler}.${waited}`); // what log files leave when they are used again
    }
    if (trial.refusals === before) throw new Error('the disk was never full');
    const answer = await trial.call(undefined, 'GET', '/healthz');
    if (answer.status !== 200) trial.wrong.push(`/healthz with a full disk: ${answer.status}`);
    await sleep(500);
    must('sh', '-c', `rm -f '${filler}'*`);
    back.push(await trial.acknowledgement());
  }
  await unwatch();
  const good = await trial.end(`disk full x ${rounds} on ${db}`,
    `${trial.refusals} refusals, serving again ${spread(back)} after there was space`);
  return good && Math.max(...back) < (cluster ? 15_000 : 2000);
});
