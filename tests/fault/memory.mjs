// 512 MiB is all the memory that the server may have, under full load: reports with photos, lists,
// pages of matters, steps. Where control groups can be made, more is refused by the kernel.
//   node tests/fault/memory.mjs [--db sqlite|postgres] [--seconds N] [--clients N] [--matters N]
import { readFileSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { png } from '../api/picture.mjs';
import { Cluster } from './cluster.mjs';
import { serverOf } from '../tools/server.mjs';
import { Trial, experiment, options } from './common.mjs';

const { db, seconds, clients, matters } = options({ db: 'sqlite', seconds: 60, clients: 64,
  matters: 20_000 });
const ceilingMb = 512;
const group = `/sys/fs/cgroup/memory/fengqiao-${process.pid}`;

/** True when the kernel holds the server to its ceiling. */
function confine(...pids) {
  try {
    mkdirSync(group);
    process.once('exit', () => rmdirSync(group));
    writeFileSync(`${group}/memory.limit_in_bytes`, String(ceilingMb << 20));
    for (const pid of pids) writeFileSync(`${group}/cgroup.procs`, String(pid));
    return true;
  } catch {
    return false;
  }
}

const mostMb = (pid) =>
  Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);

await experiment(async () => {
  const trial = new Trial({ db, on: db === 'postgres' ? await Cluster.make() : undefined });
  const done = { photos: 0, lists: 0, pages: 0 };
  await trial.makeCity(matters);
  await trial.start();
  const { child } = trial.server, pid = serverOf(child), isConfined = confine(child.pid, pid);
  const photo = png(2000, 1500);
  await trial.run(Math.round(clients / 2));
  const until = performance.now() + seconds * 1000;

  async function photographer() {
    const agent = new http.Agent({ keepAlive: true });
    while (performance.now() < until) {
      const answer = await trial.call(agent, 'POST', '/api/uploads', { 'Content-Type': 'image/png' },
        photo, 30_000);
      if (answer.status === 200) done.photos++;
      else if (!trial.isHonest(answer)) break;
      else await sleep(100);
    }
    agent.destroy();
  }

  async function reader() {
    const agent = new http.Agent({ keepAlive: true });
    const read = async (path) => {
      const answer = await trial.call(agent, 'GET', path, trial.staff, undefined, 30_000);
      if (answer.status !== 200 && !trial.isHonest(answer)) throw new Error(path);
      return answer.status === 200 ? JSON.parse(answer.text) : undefined;
    };
    while (performance.now() < until) {
      const list = await read('/api/matters');
      done.lists++;
      for (const { number } of (list?.items ?? []).slice(0, 10)) {
        if (await read(`/api/matters/${number}`)) done.pages++;
      }
    }
    agent.destroy();
  }

  const quarter = Math.round(clients / 4);
  await Promise.all([...Array.from({ length: quarter }, photographer),
    ...Array.from({ length: quarter }, reader)]);
  const most = mostMb(pid);
  const good = await trial.end(`at most ${ceilingMb} MiB of memory on ${db}`,
    `${done.photos} photos, ${done.lists} lists, ${done.pages} pages, at most ${most} MB`
    + `${isConfined ? ' in a control group' : ' (measured only)'}`);
  return good && most < ceilingMb && done.photos > 0 && done.pages > 0;
});
