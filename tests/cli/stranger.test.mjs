// stranger.test.mjs: the way of somebody who has never heard of the program, in short: from an
// unpacked package over a town of one's own, the first report and its answer, to backup, restore,
// upgrade, downgrade and a crash. On a bare Debian: packaging/stranger.sh.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';

test('the stranger gets from an unpacked package to a town that runs, and through what comes later', () => {
  const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('fengqiao-stranger-'));
  const before = left();
  const done = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', 'packaging/stranger.mjs',
    '--program', process.env.FENGQIAO ?? 'build/fengqiao'], { encoding: 'utf8', timeout: 240_000 });
  assert.equal(done.status, 0, done.stdout + done.stderr);
  const [, passed, failed] = done.stdout.match(/^(\d+) passed, (\d+) failed\n$/m);
  assert.deepEqual([Number(failed), done.stdout.match(/^ok /gm).length], [0, Number(passed)], done.stdout);
  for (const step of [/init: the sample town/, /second factor/, /first report/, /backup while/, /restored/, /upgrade/,
    /downgrade: refused/, /killed/, /verify/, /doctor/]) assert.match(done.stdout, step);
  assert.deepEqual(left().filter((name) => !before.includes(name)), []);
});
