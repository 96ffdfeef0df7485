// The n-th write or sync of the database's files fails, with EIO or ENOSPC, for n = 1, 2, ...; then
// all of them for a while. After some failed syncs the power is cut as well: what the failed sync
// should have written is then not on the disk, whatever later syncs said.
//   node tests/fault/eio.mjs [--calls N] [--cuts N] [--clients N]
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Trial, experiment, options, spread } from './common.mjs';
import { FailIo, SYNCS, WRITES, errors } from './fail_io.mjs';

const { calls, cuts, clients } = options({ calls: 50, cuts: 20, clients: 8 });
const files = ['x.db', 'x.db-wal'];

/** From a folder that has them to one that gets them. */
function copy(from, to) {
  for (const name of files) {
    rmSync(join(to, name), { force: true });
    if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name));
  }
}

async function struck(fail) {
  for (let waited = 0; fail.fired === 0; waited++) {
    if (waited > 20_000) throw new Error('no call failed');
    await sleep(1);
  }
}

await experiment(async () => {
  const trial = new Trial();
  const shadow = join(trial.folder, 'shadow');
  mkdirSync(shadow);
  const fail = new FailIo(trial.folder, join(trial.folder, 'x.db'), shadow);
  const back = [], kept = [];
  await trial.makeCity();
  copy(trial.folder, shadow);
  await trial.start(fail.env);
  await trial.run(clients);
  for (const error of Object.values(errors))
    for (const kind of [WRITES, SYNCS]) {
      for (let n = 1; n <= calls; n++) {
        fail.arm(n, kind, error);
        await struck(fail);
        back.push(await trial.acknowledgement());
      }
      fail.arm(1, kind, error, true);
      await struck(fail);
      await sleep(1000);
      fail.disarm();
      kept.push(await trial.acknowledgement());
    }
  for (let round = 0; round < cuts; round++) {
    fail.arm(1 + (round % 7), SYNCS, errors.EIO, round % 2 === 1);
    await struck(fail);
    if (round % 2) {
      await sleep(Math.random() * 30);
      await trial.kill();
      fail.disarm();
      await trial.start(fail.env); // finds what the failed sync has left, and may build on it
    }
    await trial.acknowledgement();
    await sleep(Math.random() * 100);
    await trial.kill();
    copy(shadow, trial.folder);
    rmSync(join(trial.folder, 'x.db-shm'), { force: true });
    await trial.start(fail.env);
    await trial.acknowledgement();
  }
  const good = await trial.end(`${4 * calls} failed writes and syncs, ${cuts} power cuts after them`,
    `${trial.refusals} refusals, serving again after ${spread(back)}, `
    + `after a second of failures ${spread(kept)}`);
  fail.close();
  return good && trial.refusals > 0 && Math.max(...back, ...kept) < 5000;
});
