// cluster.mjs: PostgreSQL servers that the fault experiments kill, stop and promote: each in a folder
// of its own, on a socket there and on a free port of this machine. What is acknowledged is synced.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programs, run } from '../tools/postgres.mjs';

export async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** PostgreSQL refuses to run as root. */
const owner = process.getuid() === 0
  ? { uid: idOf('-u'), gid: idOf('-g') } : {};

function idOf(which) {
  return Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }));
}

/** The processes that have this one as parent. */
function children(parent) {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return Number(stat.split(') ')[1].split(' ')[1]) === parent;
    } catch {
      return false; // it has ended meanwhile
    }
  });
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {} // it has ended meanwhile
}

export class Cluster {
  constructor(port, { folder, settings = [] } = {}) {
    this.folder = folder ?? mkdtempSync(join(tmpdir(), 'fengqiao-pg-'));
    chmodSync(this.folder, 0o777);
    this.data = join(this.folder, 'data');
    this.port = port;
    this.settings = settings;
  }

  static async make(settings, folder) {
    const cluster = new Cluster(await freePort(), { settings, folder });
    run('initdb', '-D', cluster.data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync');
    await cluster.start();
    return cluster;
  }

  /** Returns when connections are taken. */
  async start(patienceMs = 30_000) {
    const settings = [`port=${this.port}`, 'listen_addresses=127.0.0.1', 'max_connections=60',
      `unix_socket_directories=${this.folder}`, ...this.settings].flatMap((one) => ['-c', one]);
    const child = spawn(join(programs, 'postgres'), ['-D', this.data, ...settings],
      { ...owner, stdio: ['ignore', 'ignore', 'pipe'] });
    this.said = '';
    child.stderr.on('data', (text) => {
      this.said = (this.said + text).slice(-4096);
    });
    this.child = child;
    this.endWithUs = () => this.signalAll('SIGKILL');
    process.once('exit', this.endWithUs);
    this.ended = new Promise((done) => child.once('close', done)).then(() => {
      this.child = undefined;
    });
    const until = performance.now() + patienceMs;
    while (!this.isReady()) {
      if (!this.child || performance.now() > until) throw new Error(`PostgreSQL: ${this.said}`);
      await sleep(20);
    }
  }

  isReady() {
    const asked = ['-q', '-h', this.folder, '-p', String(this.port)];
    return spawnSync(join(programs, 'pg_isready'), asked).status === 0;
  }

  /** To the postmaster and all that it started; it starts no more. */
  signalAll(name) {
    if (!this.child) return;
    signal(this.child.pid, 'SIGSTOP');
    for (const pid of [...children(this.child.pid), this.child.pid]) signal(pid, name);
  }

  async kill() {
    if (!this.child) return;
    process.off('exit', this.endWithUs);
    this.signalAll('SIGKILL');
    await this.ended;
  }

  /** A server that follows this one, synchronously when this one is told so. */
  async standby(name) {
    const other = new Cluster(await freePort());
    run('pg_basebackup', '-D', other.data, '-R', '-X', 'stream', '-d',
      `host=${this.folder} port=${this.port} user=postgres application_name=${name}`);
    await other.start();
    return other;
  }

  promote() {
    run('pg_ctl', '-D', this.data, '-w', 'promote');
  }

  url(database) {
    return `postgres://postgres@127.0.0.1:${this.port}/${database}`;
  }

  psql(text) {
    const done = spawnSync('psql', ['-X', '-q', '-A', '-t', '-h', this.folder, '-p',
      String(this.port), '-U', 'postgres', '-d', 'postgres', '-c', text],
    { encoding: 'utf8', maxBuffer: 512 << 20 });
    if (done.status !== 0) throw new Error(done.stderr);
    return done.stdout;
  }

  rows(text) {
    return JSON.parse(this.psql(`SELECT coalesce(json_agg(t), '[]') FROM (${text}) AS t`));
  }

  async remove() {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}
