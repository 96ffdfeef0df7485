// server.mjs: the process that serves behind the supervisor a test has started: where its memory,
// its time and its signals are to be looked for.
import { spawnSync } from 'node:child_process';

/** Its process id; that of the child itself when it was started with --no-sandbox. */
export function serverOf(child) {
  const found = spawnSync('pgrep', ['-P', String(child.pid), '-x', 'fengqiao'], { encoding: 'utf8' });
  return Number(found.stdout.trim() || child.pid);
}
