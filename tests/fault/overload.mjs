// Ten times more reports than the server takes, whether it answers or not (open loop): what of its
// best it still does, how fast it refuses the rest, and how long staff wait meanwhile.
//   node tests/fault/overload.mjs [--times N] [--seconds N] [--connections N] [--rounds N]
//     [--sync-ms N]    each sync of the disk takes so much longer: without it the client, which
//                      shares the machine, can offer but little more than the server takes
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Trial, experiment, median, options } from './common.mjs';
import { FailIo } from './fail_io.mjs';

const { times, seconds, connections, rounds, 'sync-ms': syncMs } = options({ times: 10, seconds: 10,
  connections: 5000, rounds: 3, 'sync-ms': 50 });
const client = `${process.env.BUILD ?? 'build'}/tests/bench/overload`;
const atBest = 512; // connections; more would not do more
const run = promisify(execFile);
const ms = (us) => `${(us / 1000).toFixed(us < 10_000 ? 1 : 0)} ms`;

await experiment(async () => {
  const trial = new Trial();
  const places = join(trial.folder, 'places'), numbers = join(trial.folder, 'numbers');
  await trial.makeCity();
  const slow = new FailIo(trial.folder, join(trial.folder, 'x.db'));
  await trial.start(syncMs ? slow.env : {});
  slow.slowSyncs(syncMs);
  const { port } = trial.server;
  const staff = await trial.signIn('worker1');
  const token = /fq_session=([^;]+)/.exec(staff.Cookie)[1];
  const taken = [];
  for (let i = 0; i < 50; i++) taken.push((await trial.report(undefined, 'own')).number);
  writeFileSync(places, '320508018023001 0 0\n');
  writeFileSync(numbers, `${taken.join('\n')}\n`);
  const load = async (...args) =>
    JSON.parse((await run(client, [port, ...args].map(String))).stdout);
  const reports = (lines, rate, forS) => load('reports', lines, forS, rate, places);
  const people = (forS) => load('staff', 4, forS, 20, token, numbers);

  const found = [];
  await reports(atBest, 0, 2);
  for (let i = 0; i < rounds; i++) {
    const [peak, calm] = await Promise.all([reports(atBest, 0, seconds), people(seconds)]);
    const best = peak.done.n / peak.seconds;
    const [over, beset] = await Promise.all([reports(connections, times * best, seconds),
      people(seconds)]);
    const goodput = over.done.n / over.seconds / best;
    found.push({ goodput, over, beset });
    for (const side of [peak, calm, over, beset]) {
      if (side.wrong) trial.wrong.push(`${side.wrong} times ${side.first_wrong}`);
      if (side.broken) trial.wrong.push(`${side.broken} connections broken`);
    }
    if (beset.refused.n) trial.wrong.push(`${beset.refused.n} of staff refused`);
    console.log(`     at most ${Math.round(best)} a second (staff p99 ${ms(calm.done.p99_us)}); `
      + `offered ${Math.round(over.sent / seconds)}: ${over.done.n} done (${Math.round(goodput * 100)} %), p99 `
      + `${ms(over.done.p99_us)}; ${over.refused.n} refused, p99 ${ms(over.refused.p99_us)}; staff `
      + `p99 ${ms(beset.done.p99_us)}, ${beset.done.n} calls`);
  }
  const middle = (of) => median(found.map(of));
  const goodput = middle(({ goodput: g }) => g), staffUs = middle(({ beset }) => beset.done.p99_us);
  const refusedUs = middle(({ over }) => over.refused.p99_us);
  const good = await trial.end(`${times} times what the server takes`,
    `goodput ${Math.round(goodput * 100)} % of the best, refusals p99 ${ms(refusedUs)}, staff p99 `
    + ms(staffUs));
  slow.close();
  return good && goodput >= 0.8 && staffUs < 500_000;
});
