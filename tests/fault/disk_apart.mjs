// What lies beside the database runs out of room: the photos are on a disk of their own, which is
// filled, and has no names for files left, while people report with and without a photo. Needs root.
//   node tests/fault/disk_apart.mjs [--rounds N] [--clients N]
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { png } from '../api/picture.mjs';
import { Trial, experiment, must, options, spread } from './common.mjs';

const { rounds, clients } = options({ rounds: 20, clients: 8 });

/** Takes all there is, of bytes or of names; gives back what takes it away again. */
const taking = {
  bytes: (path) => must('sh', '-c', `cat /dev/zero > '${path}/filler' 2>/dev/null || true`),
  names: (path) => must('sh', '-c', `cd '${path}'; i=0; while touch filler.$i 2>/dev/null; do i=$((i+1)); done`),
};

/** Photos are stored by their content, so each is another one. */
async function photo(trial) {
  const body = png(320, 240, [0, 0, 0].map(() => Math.floor(Math.random() * 256)));
  const answer = await trial.call(undefined, 'POST', '/api/uploads', { 'Content-Type': 'image/png' }, body);
  if (answer.status !== 200) return trial.isHonest(answer) ? undefined : 'wrong';
  return JSON.parse(answer.text).upload;
}

await experiment(async () => {
  const trial = new Trial({ db: 'sqlite' });
  await trial.makeCity();
  const path = join(trial.folder, 'x.db.photos');
  mkdirSync(path, { recursive: true, mode: 0o700 });
  must('mount', '-t', 'tmpfs', '-o', 'size=2m,nr_inodes=900,mode=700', 'none', path);
  const leave = () => must('umount', '-l', path);
  process.once('exit', leave);
  trial.database.remove = () => {
    leave();
    process.off('exit', leave);
  };
  await trial.start();
  await trial.run(clients);
  const back = [];
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    if (!await photo(trial)) trial.wrong.push('no photo is taken with room for it');
    taking[round % 2 ? 'names' : 'bytes'](path);
    for (let i = 0; i < 3; i++) refused += await photo(trial) === undefined;
    const read = await trial.call(undefined, 'GET', '/readyz');
    if (read.status !== 200) trial.wrong.push(`/readyz while photos have no room: ${read.status}`);
    await trial.acknowledgement(); // reports without a photo go on
    must('sh', '-c', `rm -f '${path}/filler'*`);
    const from = performance.now();
    while (!await photo(trial) && performance.now() - from < 10_000) await sleep(20);
    back.push(performance.now() - from);
  }
  if (refused !== rounds * 3) trial.wrong.push(`${refused} of ${rounds * 3} photos refused`);
  const good = await trial.end(`photos without room x ${rounds}`,
    `${refused} photos refused, taken again after ${spread(back)}`);
  return good && Math.max(...back) < 2000;
});
