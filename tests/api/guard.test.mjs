// guard.test.mjs: the supervisor and the sandbox of a server as it runs: a crash is survived, a kill
// of what was started ends all of it, and what the sandbox takes away is missed nowhere.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverOf } from '../tools/server.mjs';
import { grids, startCity, until } from './city.mjs';
import { png } from './picture.mjs';

let city;
before(async () => {
  city = await startCity('--no-limits');
  city.mayFall = true;
});
after(async () => {
  await city.stop();
});

const isThere = (pid) => spawnSync('kill', ['-0', String(pid)]).status === 0;
const restarts = async () =>
  Number(/fengqiao_restarts_total (\d+)/.exec((await city.anybody().get('/metrics')).text)[1]);
const sendPhoto = () =>
  city.anybody().call('POST', '/api/uploads', png(), { 'Content-Type': 'image/png' });
const report = (who, more = {}) =>
  who.write('/api/reports', { text: '路灯不亮', grid: grids.ours, ...more });

test('the server says what holds it, and the kernel says so too', () => {
  const status = readFileSync(`/proc/${serverOf(city.child)}/status`, 'utf8');
  assert.match(city.log, /"sandbox.enter","detail":"in force: seccomp, Landlock \(version \d+\); (no connections out|connections out to the ports of database and gateway)"/);
  assert.match(status, /^Seccomp:\t2$/m);
  assert.match(status, /^NoNewPrivs:\t1$/m);
  assert.notEqual(serverOf(city.child), city.child.pid);
});

test('helpers are started for it: photos work', async () => {
  const photo = await sendPhoto();
  assert.equal(photo.status, 200, photo.text);
  await report(city.anybody(), { uploads: [photo.body.upload] });
});

test('after a crash it serves again on the same port, and knows what it acknowledged', async () => {
  const first = serverOf(city.child), kept = await report(city.anybody());
  process.kill(first, 'SIGKILL');
  await until(() => ![first, city.child.pid].includes(serverOf(city.child)));
  const found = await city.reporter(kept.code).read('/api/receipt');
  assert.equal(found.number, kept.number);
  assert.equal(await restarts(), 1);
  assert.match(city.log, /"supervisor.restart","detail":"the server was ended by signal 9; starting it again, 1 of at most 5 times within 60 s"/);
  const photo = await sendPhoto();
  assert.equal(photo.status, 200, photo.text);
});

test('a signal to the server alone stops nothing: only its supervisor stops it', async () => {
  const server = serverOf(city.child);
  process.kill(server, 'SIGTERM');
  await report(city.anybody());
  assert.equal(serverOf(city.child), server);
});

test('a signal to the whole group, as a terminal sends it, stops it', async () => {
  const other = await startCity('--no-limits');
  const server = serverOf(other.child);
  // both signals wait in the server together
  process.kill(server, 'SIGSTOP');
  process.kill(server, 'SIGINT');
  const gone = new Promise((resolve) => other.child.once('exit', resolve));
  process.kill(other.child.pid, 'SIGINT');
  await sleep(200);
  process.kill(server, 'SIGCONT');
  assert.equal(await Promise.race([gone, sleep(20_000, 'it serves on')]), 0);
  rmSync(other.folder, { recursive: true, force: true });
});

test('a kill of what was started ends the server too, and the next has its place at once; one that'
  + ' crashes again and again is given up, and the reason is told', async () => {
  const doomed = await startCity('--no-limits');
  const server = serverOf(doomed.child);
  doomed.child.kill('SIGKILL');
  await doomed.ended;
  await until(() => !isThere(server));
  const next = await doomed.another();
  await report(next.anybody());
  // No more than that: what a sanitizer starts when the supervisor ends is no server.
  for (let last = 0, crashes = 0; crashes < 6;) {
    const now = serverOf(next.child);
    if (now !== last && now !== next.child.pid) {
      process.kill(last = now, 'SIGKILL');
      crashes++;
    } else await sleep(20);
  }
  await next.ended;
  assert.equal(next.child.exitCode, 1);
  assert.match(next.log, /too many crashes, it is not started again/);
  assert.equal(next.log.match(/supervisor.restart/g).length, 5);
  doomed.database.drop();
  rmSync(doomed.folder, { recursive: true, force: true });
});
