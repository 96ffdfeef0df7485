// A day of the server, again and again, and each time another call of the system fails: the n-th
// open, rename, shortening, closing, write or sync of its files, for every n, with each error that
// it may have; a start of the server too. Nothing ends it, nothing is answered falsely, and what
// comes after the failure works.
//   node tests/fault/calls.mjs [--most N]    at most N places of each kind, evenly chosen; 0: all
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { png } from '../api/picture.mjs';
import { Trial, experiment, options } from './common.mjs';
import { CLOSES, FailIo, OPENS, RENAMES, SHORT, SYNCS, TRUNCATES, WRITES, errors,
  moreErrors } from './fail_io.mjs';

const { most } = options({ most: 0 });
const { EIO, ENOSPC } = errors, { EINTR, EMFILE, EDQUOT } = moreErrors;
const never = 1_000_000_000;
const trials = [
  ['open', OPENS, { EMFILE, EINTR, ENOSPC }],
  ['rename', RENAMES, { EIO, ENOSPC, EDQUOT }],
  ['ftruncate', TRUNCATES, { EIO, EINTR }],
  ['close', CLOSES, { EIO, EINTR }],
  ['write', WRITES, { EIO, EDQUOT, EINTR, 'short write': SHORT }],
  ['sync', SYNCS, { EIO, EDQUOT, EINTR }],
];

/** Which of 1..n are tried. */
const chosen = (n) => most && n > most
  ? Array.from({ length: most }, (_, i) => 1 + Math.floor((i * n) / most))
  : Array.from({ length: n }, (_, i) => i + 1);

await experiment(async () => {
  const trial = new Trial();
  const fail = new FailIo(trial.folder, trial.folder);
  let photos = 0, points = 0, startsFailed = 0;
  await trial.makeCity();
  await trial.start(fail.env);
  trial.staff = await trial.signIn('worker1');

  /** One of everything that writes: a photo, a report, a step, a note; and what reads. */
  async function day() {
    photos++;
    const pieces = [png(40, 30, [photos & 255, (photos >> 8) & 255, 7])];
    const photo = await asked('POST', '/api/uploads', { 'Content-Type': 'image/png' }, pieces[0]);
    const key = trial.newKey('day'), body = trial.reportBody(key);
    const receipt = await asked('POST', '/api/reports', { 'Idempotency-Key': key }, body);
    if (!receipt) return trial.unsettled.push({ key, body });
    trial.reportKnown(key, body, receipt.text);
    const { number } = JSON.parse(receipt.text), path = `/api/matters/${number}`;
    const step = (action, more) => asked('POST', `${path}/step`,
      { ...trial.staff, 'Idempotency-Key': trial.newKey(action) }, JSON.stringify({ action, ...more }));
    if (await step('take')) trial.takes.add(number);
    await step('note', { note: `记录 ${photo ? createHash('sha256').update(photo.text).digest('hex') : ''}` });
    await asked('GET', path, trial.staff);
    await asked('GET', '/api/matters', trial.staff);
    await asked('GET', `/api/search?q=${encodeURIComponent('楼道')}`, trial.staff);
    return undefined;
  }

  /** One call, not repeated: done, or an honest refusal. */
  async function asked(method, path, headers, body) {
    const answer = await trial.call(undefined, method, path, headers, body, 15_000);
    if (answer.status === 200) return answer;
    if (answer.status === 0) trial.wrong.push(`${method} ${path}: no answer`);
    else trial.isHonest(answer);
    return undefined;
  }

  async function count(kind, what) {
    fail.arm(never, kind, EIO);
    await what();
    return never - fail.left;
  }

  async function restart() {
    await trial.stop();
    await trial.start(fail.env);
  }

  await day();
  const told = [];
  for (const [name, kind, faults] of trials) {
    const n = await count(kind, day), atStart = await count(kind, restart);
    for (const error of Object.values(faults)) {
      for (const k of chosen(n)) {
        fail.arm(k, kind, error);
        await day();
        fail.disarm();
        points++;
        await trial.report(undefined, 'after');
        if (trial.server.child.exitCode !== null) throw new Error(`${name} ${k}: the server is gone`);
      }
      for (const k of chosen(atStart)) {
        await trial.stop();
        fail.arm(k, kind, error);
        points++;
        try {
          await trial.start(fail.env);
        } catch (failed) {
          startsFailed++;
          if (!/"level":"error"|：|: /.test(failed.message)) trial.wrong.push(`${name} ${k}: says nothing`);
          if (/check failed|Aborted|SIG/.test(failed.message)) trial.wrong.push(failed.message.slice(0, 300));
          fail.disarm();
          await trial.start(fail.env);
        }
        fail.disarm();
        await trial.report(undefined, 'after');
      }
    }
    told.push(`${name} ${n} + ${atStart}`);
  }
  const good = await trial.end(`${points} failed calls (of a day + a start: ${told.join(', ')})`,
    `${trial.refusals} refusals, ${startsFailed} starts refused`);
  fail.close();
  return good && points > 0;
});
