// Thousands of connections that say nothing, and hundreds that send a header line now and then and
// never end: the service goes on for everybody else.
//   node tests/fault/idle.mjs [--db sqlite|postgres] [--idle N] [--slow N] [--seconds N]
// They hang on a process of their own (--at PORT), so that what they cost it counts for nobody.
import { fork } from 'node:child_process';
import http from 'node:http';
import { connect } from 'node:net';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverOf } from '../tools/server.mjs';
import { Cluster } from './cluster.mjs';
import { Trial, experiment, options, percentile } from './common.mjs';

const { db, idle, slow, seconds, at } = options({ db: 'sqlite', idle: 10_000, slow: 500, seconds: 40,
  at: 0 });

/** One after the other, each on a connection of its own; how long each took. */
async function visits(trial, forMs) {
  const until = performance.now() + forMs, took = [];
  while (performance.now() < until) {
    const agent = new http.Agent(); // somebody new each time
    const began = performance.now();
    if (!(await trial.report(agent, 'good'))) trial.wrong.push('a good client was not served');
    took.push(performance.now() - began);
    agent.destroy();
    await sleep(20);
  }
  return took;
}

const memoryMb = (pid) =>
  Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);

/** Hangs on to the server until the other process ends this one. */
async function crowd(port) {
  let opened = 0, cut = 0, most = 0;
  const sockets = new Set();

  /** A connection that comes again when it is cut; `say` is called with it now and then. */
  function hang(say) {
    const socket = connect(port, '127.0.0.1', () => {
      opened++;
      most = Math.max(most, sockets.size);
    });
    sockets.add(socket);
    say?.(socket);
    socket.on('error', () => {}).on('close', () => {
      cut++;
      sockets.delete(socket);
      setTimeout(() => hang(say), 100 + Math.random() * 1000);
    });
  }

  function trickle(socket) {
    socket.on('connect', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n'));
    const timer = setInterval(() => socket.write('X-More: 1\r\n'), 3000);
    socket.on('close', () => clearInterval(timer));
  }

  for (let i = 0; i < idle; i++) {
    hang();
    if (i % 200 === 0) await sleep(10);
  }
  for (let i = 0; i < slow; i++) hang(trickle);
  process.on('message', () => process.send({ opened, cut, most }, () => process.exit(0)));
}

if (at) await crowd(at);
else await experiment(async () => {
  const trial = new Trial({ db, on: db === 'postgres' ? await Cluster.make() : undefined });
  await trial.makeCity();
  await trial.start();
  const alone = await visits(trial, 5000);
  const args = Object.entries({ idle, slow, at: trial.server.port })
    .flatMap(([name, value]) => [`--${name}`, String(value)]);
  const hanging = fork(process.argv[1], args);
  process.once('exit', () => hanging.kill());
  await sleep(5000);
  const beset = await visits(trial, seconds * 1000);
  const { opened, cut, most } = await new Promise((told) => {
    hanging.once('message', told);
    hanging.send('enough');
  });
  const rss = memoryMb(serverOf(trial.server.child)), p99 = percentile(beset, 0.99);
  const good = await trial.end(`${idle} idle and ${slow} slow connections on ${db}`,
    `${most} at once, ${opened} opened, ${cut} cut; a report on a new connection p99 `
    + `${Math.round(percentile(alone, 0.99))} ms alone, ${Math.round(p99)} ms beset, `
    + `${beset.length} of them, at most ${rss} MB`);
  const bound = Math.max(2 * percentile(alone, 0.99), 50); // below that it is noise
  return good && p99 < bound && rss * 1024 < 65_536 + 16 * most && most >= 0.9 * idle;
});
