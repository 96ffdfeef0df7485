// Thousands of connections that say nothing, and hundreds that send a header line now and then and
// never end: the service goes on for everybody else.
//   node tests/fault/idle.mjs [--idle N] [--slow N] [--seconds N]
import http from 'node:http';
import { connect } from 'node:net';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverOf } from '../tools/server.mjs';
import { Trial, experiment, options, percentile } from './common.mjs';

const { idle, slow, seconds } = options({ idle: 10_000, slow: 500, seconds: 40 });

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

await experiment(async () => {
  const trial = new Trial();
  let opened = 0, cut = 0, over = false, most = 0;
  await trial.makeCity();
  await trial.start();
  const { port } = trial.server, alone = await visits(trial, 5000);
  const sockets = new Set();

  /** A connection that comes again when it is cut; `say` is called with it now and then. */
  function hang(say) {
    if (over) return;
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
  const beset = await visits(trial, seconds * 1000);
  over = true;
  for (const socket of sockets) socket.destroy();
  const rss = memoryMb(serverOf(trial.server.child)), p99 = percentile(beset, 0.99);
  const good = await trial.end(`${idle} idle and ${slow} slow connections`,
    `${most} at once, ${opened} opened, ${cut} cut; a report on a new connection p99 `
    + `${Math.round(percentile(alone, 0.99))} ms alone, ${Math.round(p99)} ms beset, `
    + `${beset.length} of them, at most ${rss} MB`);
  return good && p99 < 1000 && most >= 0.9 * idle;
});
