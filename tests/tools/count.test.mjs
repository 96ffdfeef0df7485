// Test results are added up honestly: whatever did not finish has failed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

function count(name, text) {
  const folder = mkdtempSync(join(tmpdir(), 'count-'));
  try {
    writeFileSync(join(folder, name), text);
    return spawnSync(process.execPath, ['tools/count.mjs', join(folder, name)], { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const counted = (name, text) => count(name, text).stdout.trim();
const named = (name, text) => count(name, text).stderr.trim();
const meson = (...runs) => runs.map((run) => JSON.stringify(run)).join('\n') + '\n';

test('node: the summary counts, cancelled tests have failed', () => {
  assert.equal(counted('a.tap', 'ok 1 - a\n# pass 7\n# fail 1\n# cancelled 2\n'), '7 3');
});
test('node: a run without summary has failed', () => {
  assert.equal(counted('a.tap', 'ok 1 - a\nok 2 - b\n'), '2 1');
  assert.equal(counted('a.tap', ''), '0 1');
});
test('meson: the points inside each program count', () => {
  assert.equal(counted('a.json', meson({ result: 'OK', stdout: '1..2\nok 1 - a\nok 2 - b\n' })), '2 0');
  assert.equal(counted('a.json', meson({ result: 'OK' }, { result: 'SKIP' })), '1 0');
});
test('meson: a program that failed, crashed or timed out counts at least once', () => {
  const stdout = '1..2\nok 1 - a\nnot ok 2 - b\n';
  assert.equal(counted('a.json', meson({ result: 'FAIL', stdout })), '1 1');
  assert.equal(counted('a.json', meson({ result: 'ERROR', stdout: '1..9\nok 1 - a\n' })), '1 1');
  assert.equal(counted('a.json', meson({ result: 'TIMEOUT' })), '0 1');
});
test('what failed is named', () => {
  assert.equal(named('api.tap', 'ok 1 - a\nnot ok 2 - a place\n# pass 1\n# fail 1\n# cancelled 0\n'), 'failed: api: a place');
  assert.equal(named('api.tap', 'ok 1 - a\n'), 'failed: api: it did not end');
  const stdout = '1..1\nnot ok 1 - b\n';
  assert.equal(named('a.json', meson({ name: 'clock', result: 'FAIL', stdout })), 'failed: clock: b');
  assert.equal(named('a.json', meson({ name: 'clock', result: 'TIMEOUT' })), 'failed: clock: TIMEOUT');
});
