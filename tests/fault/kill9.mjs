// Kills the server again and again under full load.
//   node tests/fault/kill9.mjs [--db sqlite|postgres] [--rounds N] [--clients N] [--power yes]
// With "--power yes" the disk loses its current too: the database lies on an XFS of its own in a
// file, which is shut down without writing anything more (what the kernel still held is gone), and
// is then mounted anew. Needs root, a loop device and xfsprogs.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from './cluster.mjs';
import { Trial, experiment, must, options, spread } from './common.mjs';

const { db, rounds, clients, power } = options({ db: 'sqlite', rounds: 50, clients: 32, power: 'no' });
const isPower = power === 'yes';

function diskOfItsOwn() {
  const folder = mkdtempSync(join(process.env.TMPDIR ?? tmpdir(), 'fengqiao-disk-'));
  const image = join(folder, 'image'), path = join(folder, 'disk');
  mkdirSync(path);
  must('truncate', '-s', '2G', image);
  must('mkfs.xfs', '-q', image);
  const mount = () => must('mount', '-o', 'loop', image, path);
  mount();
  return {
    path,
    mount,
    cut: () => must('xfs_io', '-x', '-c', 'shutdown', path),
    leave: () => must('umount', path),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

await experiment(async () => {
  const disk = isPower ? diskOfItsOwn() : undefined;
  const trial = new Trial({ db, on: disk?.path ?? (db === 'postgres' ? await Cluster.make() : undefined) });
  await trial.makeCity();
  await trial.start();
  await trial.run(clients);
  const back = [];
  for (let round = 0; round < rounds; round++) {
    await sleep(200 + Math.random() * 800);
    if (disk) {
      // Without current nothing leaves the machine either. What the server says between this and its
      // end does not count: the file system may tell it of a sync that the shutdown has called off.
      trial.deaf = true;
      disk.cut();
    }
    await trial.kill();
    const killed = performance.now();
    disk?.leave();
    disk?.mount();
    await trial.start();
    await trial.acknowledgement();
    back.push(performance.now() - killed);
  }
  await sleep(500);
  const good = await trial.end(`${isPower ? 'power cut' : 'kill -9'} x ${rounds} on ${db}`,
    `ready after ${spread(trial.readyMs.slice(1))}, serving again after ${spread(back)}`);
  disk?.leave();
  disk?.remove();
  return good && Math.max(...back) < 5000;
});
