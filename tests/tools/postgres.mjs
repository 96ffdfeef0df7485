// postgres.mjs: a PostgreSQL server of our own for as long as a run of tests takes: in a temporary
// directory, on a socket there, without a port. PostgreSQL refuses to run as root: then its own user
// runs it.
//   node tests/tools/postgres.mjs COMMAND [ARGUMENT]...
// runs the command with DB=postgres and an environment in which postgres:///NAME is a database of
// that server. Without PostgreSQL the command runs as it is.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
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

/** {folder, env, stop}: folder may be written to by everybody; env makes clients find the server. */
export function startPostgres() {
  const folder = mkdtempSync(join(tmpdir(), 'fengqiao-pg-'));
  const data = join(folder, 'data');
  const options = `-k ${folder} -c listen_addresses= -c fsync=off -c max_connections=60`;
  chmodSync(folder, 0o777);
  const stop = () => {
    try {
      if (existsSync(join(data, 'postmaster.pid')))
        run('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  try {
    run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync');
    run('pg_ctl', '-D', data, '-o', options, '-l', join(folder, 'log'), '-w', 'start');
  } catch (error) {
    stop();
    throw error;
  }
  return { folder, stop, env: { PGHOST: folder, PGUSER: 'postgres', PGDATABASE: 'postgres' } };
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
