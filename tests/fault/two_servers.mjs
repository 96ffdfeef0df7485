// Two servers on one database step the same matters at once: each step is taken exactly once, and
// whoever came second is told clearly.
//   node tests/fault/two_servers.mjs [--matters N] [--at-once N]
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster } from './cluster.mjs';
import { Trial, experiment, options } from './common.mjs';

const { matters, 'at-once': atOnce } = options({ matters: 200, 'at-once': 8 });

await experiment(async () => {
  const cluster = await Cluster.make();
  const one = new Trial({ db: 'postgres', on: cluster }), two = new Trial({ db: 'postgres', on: cluster });
  const steps = { done: 0, refused: 0 }, told = new Set();
  await one.makeCity();
  mkdirSync(two.folder, { recursive: true });
  copyFileSync(join(one.folder, 'node.key'), join(two.folder, 'node.key'));
  await Promise.all([one.start(), two.start()]);
  const workers = [await one.signIn('worker1'), await two.signIn('worker1')];

  /** The same step from both sides at once, each with a key of its own. */
  async function race(number, action, seq) {
    const answers = await Promise.all(Array.from({ length: atOnce }, (_, i) => {
      const [server, staff] = i % 2 ? [two, workers[1]] : [one, workers[0]];
      const key = one.newKey(action), body = JSON.stringify({ action, seq });
      return server.call(undefined, 'POST', `/api/matters/${number}/step`,
        { ...staff, 'Idempotency-Key': key }, body, 30_000);
    }));
    const done = answers.filter(({ status }) => status === 200);
    steps.done += done.length;
    if (done.length !== 1) one.wrong.push(`${action} of ${number} was taken ${done.length} times`);
    for (const { status, text } of answers) {
      if (status === 200) continue;
      steps.refused++;
      const { code, message } = JSON.parse(text);
      told.add(`${status} ${code}`);
      if (status !== 409 || message.length < 10) one.wrong.push(`${action}: ${status} ${text}`);
    }
  }

  for (let i = 0; i < matters; i++) {
    const { number } = await (i % 2 ? two : one).report(undefined, i % 2 ? 'two' : 'one');
    const asked = await one.call(undefined, 'GET', `/api/matters/${number}`, workers[0]);
    await race(number, 'take', JSON.parse(asked.text).seq);
    one.takes.add(number);
  }
  for (const [key, report] of two.reports) one.reports.set(key, report);
  one.wrong.push(...two.wrong);
  await two.stop();
  two.database.remove = () => {};
  await two.remove();
  return one.end(`two servers, ${matters} matters stepped ${atOnce} times at once`,
    `${steps.done} steps taken, ${steps.refused} refused (${[...told].join(', ')})`);
});
