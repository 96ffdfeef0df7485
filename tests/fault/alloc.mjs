// Memory that cannot be had: while the server starts, and while somebody signs in, reports, steps,
// uploads a photo, reads, searches and exports, the n-th request for memory is refused, once or
// together with all for a third of a second. What the program promises: it goes on, or refuses for
// now, or ends at once by its own check and is back when started again; nothing acknowledged is
// lost, nothing is answered falsely. Who gets no answer, as their connection had no memory, is
// served on the next.
//   node tests/fault/alloc.mjs [--most N]    at most N places of each kind, evenly chosen
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { png } from '../api/picture.mjs';
import { Trial, experiment, must, options } from './common.mjs';

const { most } = options({ most: 200 });
const never = 2_000_000_000, shortageMs = 300;
const lastYear = `from_ms=${Date.now() - 300 * 86_400_000}&to_ms=${Date.now()}`;

await experiment(async () => {
  const trial = new Trial();
  const library = join(trial.folder, 'alloc.so'), shared = join(trial.folder, 'alloc.control');
  must('cc', '-O1', '-shared', '-fPIC', '-o', library, 'tests/fault/fail_alloc.c');
  const fd = openSync(shared, 'w+');
  const write = (...numbers) =>
    writeSync(fd, Buffer.from(Int32Array.from(numbers).buffer), 0, 4 * numbers.length, 0);
  const read = () => {
    const page = Buffer.alloc(4);
    readSync(fd, page, 0, 4, 0);
    return page.readInt32LE(0);
  };
  const arm = (n, stays) => {
    write(0, Number(stays), 0);
    write(n);
  };
  write(0, 0, 0);
  const env = { LD_PRELOAD: library, FAIL_ALLOC_CONTROL: shared };
  const found = { points: 0, refused: 0, ended: 0, silent: 0, startsRefused: 0,
    library: 0 };
  let photos = 0, number, photo;
  await trial.makeCity();

  const as = (more) => ({ ...trial.staff, ...more });
  const keyed = (name) => ({ 'Idempotency-Key': trial.newKey(name) });
  const call = (method, path, headers, body) =>
    trial.call(undefined, method, path, headers, body, 4000);
  const deeds = {
    'sign-in': () => call('POST', '/api/login', {},
      JSON.stringify({ username: 'worker1', password: 'fengqiao-demo-2026' })),
    report: async () => {
      const key = trial.newKey('alloc'), body = trial.reportBody(key);
      const answer = await call('POST', '/api/reports', { 'Idempotency-Key': key }, body);
      if (answer.status === 200) trial.reportKnown(key, body, answer.text);
      else trial.unsettled.push({ key, body });
      return answer;
    },
    step: () => call('POST', `/api/matters/${number}/step`, as(keyed('note')),
      JSON.stringify({ action: 'note', note: '记录' })),
    upload: () => call('POST', '/api/uploads', { 'Content-Type': 'image/png' }, photo),
    list: () => call('GET', '/api/matters', trial.staff),
    search: () => call('GET', `/api/search?q=${encodeURIComponent('楼道')}`, trial.staff),
    page: () => call('GET', `/api/matters/${number}`, trial.staff),
    export: () => call('GET', `/api/statistics/disputes/xlsx?${lastYear}`, trial.boss),
  };

  /** Again, as a supervisor does. It may have ended by its own check only; but the library that
   * writes workbooks does not look whether it got memory. */
  async function backAgain(where) {
    const [status, signal] = await Promise.race([trial.server.ended, sleep(10_000, ['hangs'])]);
    const isLibrary = signal === 'SIGSEGV' && where.startsWith('export');
    found.library += isLibrary;
    if (signal !== 'SIGABRT' && !isLibrary) trial.wrong.push(`${where}: ended with ${status ?? signal}`);
    found.ended++;
    await trial.start(env);
  }

  /** A report is taken, by this server or, if it ends, by the next; true when it was the next. */
  async function works(where) {
    trial.over = false;
    const after = trial.report(undefined, 'after');
    if (await Promise.race([after, trial.server.ended.then(() => undefined)])) return false;
    trial.over = true; // the one under way is settled in the end
    await after;
    trial.over = false;
    await backAgain(where);
    if (!(await trial.report(undefined, 'after'))) trial.wrong.push(`${where}: nothing works any more`);
    return true;
  }

  async function tryOne(where, deed, n, stays) {
    photo = png(40, 30, [++photos & 255, (photos >> 8) & 255, 9]);
    arm(n, stays);
    setTimeout(() => write(0), shortageMs);
    const answer = await deed();
    write(0);
    found.points++;
    if (answer.status !== 0 && answer.status !== 200) {
      found.refused++;
      if (!trial.isHonest(answer)) trial.wrong.push(`at ${where}${stays ? ' and after' : ''}`);
    }
    const isBack = await works(where);
    found.silent += answer.status === 0 && !isBack;
  }

  const chosen = (n) => Array.from({ length: Math.min(n, most) },
    (_, i) => 1 + Math.floor((i * n) / Math.min(n, most)));

  await trial.start(env);
  trial.staff = await trial.signIn('worker1');
  trial.boss = await trial.signIn('mediator2');
  ({ number } = await trial.report(undefined, 'own'));
  const told = [];
  for (const [name, deed] of Object.entries(deeds)) {
    photo = png(40, 30, [200, 200, ++photos & 255]);
    await deed();
    arm(never, false);
    photo = png(40, 30, [201, 200, ++photos & 255]);
    const answer = await deed();
    if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${answer.text}`);
    const n = never - read();
    write(0);
    for (const stays of [false, true])
      for (const k of chosen(n)) await tryOne(`${name} ${k}`, deed, k, stays);
    told.push(`${name} ${n}`);
  }
  await trial.stop();
  arm(never, false);
  await trial.start(env);
  const n = never - read();
  for (const k of chosen(n)) {
    await trial.stop();
    arm(k, false);
    found.points++;
    try {
      await trial.start(env);
      write(0);
    } catch (refused) {
      write(0);
      found.startsRefused++;
      await trial.start(env);
    }
  }
  told.push(`start ${n}`);
  const good = await trial.end(`${found.points} requests for memory refused (of ${told.join(', ')})`,
    `${found.refused} honest refusals, ${found.ended} times ended and back (${found.library} `
    + 'of them in the library for workbooks, the others by its own check), '
    + `${found.silent} without an answer, `
    + `${found.startsRefused} starts refused`);
  closeSync(fd);
  return good && found.points > 0;
});
