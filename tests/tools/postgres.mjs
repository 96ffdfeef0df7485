// postgres.mjs: a PostgreSQL server of our own for as long as a run of tests takes: in a temporary
// directory, on a socket there, without a port. PostgreSQL refuses to run as root: then its own user
// runs it.
//   node tests/tools/postgres.mjs COMMAND [ARGUMENT]...
// runs the command with DB=postgres and an environment in which postgres:///NAME is a database of
// that server. Without PostgreSQL the command runs as it is.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const programs = '/usr/lib/postgresql/15/bin';
export const isInstalled = existsSync(programs);

/** Runs one of PostgreSQL's programs as the user that may. */
export function run(command, ...args) {
  const line = [join(programs, command), ...args].map((word) => `'${word}'`).join(' ');
  const [shell, ...before] =
    process.getuid() === 0 ? ['su', 'postgres', '-s', '/bin/sh', '-c'] : ['sh', '-c'];
  const done = spawnSync(shell, [...before, line], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${command}: ${done.stdout}${done.stderr}`);
}

/** Who programs and tests connect as, unless they say otherwise: the owner of what it makes, and no
 * more, so that row level security binds it. */
const role = 'fengqiao';

function ask(folder, text) {
  const done = spawnSync('psql', ['-X', '-q', '-A', '-t', '-h', folder, '-U', 'postgres', '-c', text],
    { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return done.stdout.trim();
}

/**
 * {folder, env, stop}: folder may be written to by everybody; env makes clients find the server.
 * settings: what differs from PostgreSQL's own. kept: a folder whose databases outlive the server;
 * otherwise it has one of its own that goes with it.
 */
export function startPostgres(settings = { fsync: 'off', max_connections: 150 }, kept = undefined) {
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'fengqiao-pg-'));
  const data = join(folder, 'data');
  const set = Object.entries(settings).map(([name, value]) => ` -c ${name}=${value}`);
  const options = `-k ${folder} -c listen_addresses=${set.join('')}`;
  chmodSync(folder, 0o777);
  const stop = () => {
    try {
      if (existsSync(join(data, 'postmaster.pid')))
        run('pg_ctl', '-D', data, '-m', kept ? 'fast' : 'immediate', '-t', '300', 'stop');
    } finally {
      if (!kept) rmSync(folder, { recursive: true, force: true });
    }
  };
  try {
    if (!existsSync(data))
      run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync');
    run('pg_ctl', '-D', data, '-o', options, '-l', join(folder, 'log'), '-t', '300', '-w', 'start');
  } catch (error) {
    stop();
    throw error;
  }
  if (!ask(folder, `SELECT 1 FROM pg_roles WHERE rolname = '${role}'`))
    ask(folder, `CREATE ROLE ${role} LOGIN CREATEDB IN ROLE pg_checkpoint;`
      + `ALTER DATABASE postgres OWNER TO ${role}`);
  return { folder, stop, env: { PGHOST: folder, PGUSER: role, PGDATABASE: 'postgres' } };
}

/** A server that follows the one whose socket lies in this folder: {folder, stop} as above, pids()
 * of its processes, kill() as if its machine had failed, start() after that. */
export function startReplica(primary) {
  const folder = mkdtempSync(join(tmpdir(), 'fengqiao-replica-'));
  const data = join(folder, 'data');
  const options = `-k ${folder} -c listen_addresses= -c fsync=off -c max_connections=150`;
  chmodSync(folder, 0o777);
  const start = () =>
    run('pg_ctl', '-D', data, '-o', options, '-l', join(folder, 'log'), '-w', 'start');
  const isRunning = () => existsSync(join(data, 'postmaster.pid'));
  const kill = () => run('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
  const stop = () => {
    try {
      if (isRunning()) kill();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  const pids = () => {
    const parent = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0];
    const listed = spawnSync('ps', ['-o', 'pid=', '--ppid', parent, '-p', parent], { encoding: 'utf8' });
    return listed.stdout.trim().split(/\s+/).map(Number);
  };
  try {
    run('pg_basebackup', '-R', '-h', primary, '-U', 'postgres', '-D', data, '-c', 'fast', '--no-sync');
    start();
  } catch (error) {
    stop();
    throw error;
  }
  return { folder, stop, start, kill, pids };
}

async function main(command, args) {
  const server = isInstalled ? startPostgres() : undefined;
  if (!server) console.error('PostgreSQL 15 is not installed: going on without it');
  const env = server ? { ...process.env, ...server.env, DB: 'postgres' } : process.env;
  const child = spawn(command, args, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((ended) => {
    child.on('error', () => ended(127));
    child.on('exit', (status) => ended(status ?? 1));
  });
  server?.stop();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv[2], process.argv.slice(3));
}
