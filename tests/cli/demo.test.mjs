// demo.test.mjs: whoever starts the demo city reads whom to sign in as: the logins that the README
// of their language names, all of them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';

const program = resolve(process.env.FENGQIAO ?? 'build/fengqiao');
const folder = mkdtempSync(join(tmpdir(), 'fengqiao-demo-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What it prints until it says the password. */
function greeting(lang) {
  return new Promise((done, failed) => {
    const child = spawn(program, ['demo', '--matters', '0', '--listen', '127.0.0.1:0',
      '--db', join(folder, 'city.db')], { env: { ...process.env, LC_ALL: lang }, timeout: 60_000 });
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
      if (said.includes('fengqiao-demo-2026')) child.kill('SIGTERM');
    });
    child.on('error', failed);
    child.on('exit', () => done(said));
  });
}
const logins = (text) => new Set(text.match(/\b(?:worker|dispatcher|clerk|chief|mediator|supervisor|auditor|admin)\d\b/g));
const paragraph = (file, begins) => readFileSync(file, 'utf8').split('\n\n').find((p) => p.startsWith(begins));

for (const [lang, file, begins] of [['en', 'README.md', 'Demo logins'], ['zh_CN.UTF-8', 'README.zh-CN.md', '演示账号']]) {
  test(`the demo city names the logins of ${file}`, async () => {
    const named = logins(paragraph(file, begins));
    assert.ok(named.size > 10, [...named].join());
    assert.deepEqual([...logins(await greeting(lang))].sort(), [...named].sort());
  });
}
