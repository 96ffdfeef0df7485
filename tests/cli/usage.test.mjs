// usage.test.mjs: what is asked for in a wrong way is refused with the option at fault, in the
// reader's language and before anything else; what is refused leaves nothing behind.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const program = resolve(process.env.FENGQIAO ?? 'build/fengqiao');

/** Runs the program in an empty folder; left: what stands in it afterwards. */
function run(lang, ...args) {
  const folder = mkdtempSync(join(tmpdir(), 'fengqiao-usage-'));
  const env = { ...process.env, LC_ALL: lang };
  const done = spawnSync(program, args, { cwd: folder, env, encoding: 'utf8', timeout: 60_000 });
  const left = readdirSync(folder);
  rmSync(folder, { recursive: true });
  const said = done.stderr.split('\n').filter((line) => !line.startsWith('{'));
  return { ...done, left, said };
}

const wrong = [
  [['serve', '--prot', '1'], /no option: --prot$/, /没有这个选项: --prot$/],
  [['serve', '--no-limits', '-xy'], /no option: -x$/, /没有这个选项: -x$/],
  [['serve', '--db'], /needs a value: --db$/, /缺少值: --db$/],
  [['serve', '--no-limits=yes'], /takes no value: --no-limits=yes$/, /不带值: --no-limits=yes$/],
  [['serve', '--threads', 'many'], /--threads: a whole number$/, /--threads: 应为整数/],
  [['serve', '--threads', '65'], /--threads: a whole number from 1 to 64$/, /--threads: 应为 1 到 64/],
  [['serve', '--threads', '-1'], /--threads: a whole number/, /--threads: 应为/],
  [['serve', '--threads', ''], /needs a value: --threads$/, /缺少值: --threads$/],
  [['serve', '--queue', '0'], /--queue: a whole number from 1 to 1048576$/, /--queue: 应为 1 到 1048576/],
  [['serve', '--queue', '9'.repeat(40)], /--queue: a whole number/, /--queue: 应为/],
  [['serve', '--queue', '1e3'], /--queue: a whole number/, /--queue: 应为/],
  [['serve', '--drain', '3601'], /--drain: a whole number from 0 to 3600$/, /--drain: 应为 0 到 3600/],
  [['serve', '--read-lag', '1'], /--read-lag: a whole number from 2 to 60$/, /--read-lag: 应为 2 到 60/],
  [['serve', '--read-db', 'town.db'], /--read-db: a postgres:/, /--read-db: 应为 postgres:/],
  [['serve', '--url', 'city.example'], /--url: http/, /--url: 应以 http/],
  [['serve', '--url', `https://${'x'.repeat(4000)}`], /--url: http/, /--url: 应以 http/],
  [['serve', '--listen', '127.0.0.1:65536'], /--listen: HOST:PORT, the port from 0 to 65535$/, /--listen: 应为/],
  [['serve', '--listen', 'here:'], /--listen: HOST:PORT/, /--listen: 应为/],
  [['serve', '--proxies', '10.0.0.0/33'], /10.0.0.0\/33 \(proxies\)$/, /10.0.0.0\/33 \(proxies\)$/],
  [['serve', '--hosts', 'city.example,a b'], /--hosts: names of hosts .*, not a b$/, /--hosts: 应为主机名.* a b$/],
  [['serve', '--no-sandbox=no'], /takes no value: --no-sandbox=no$/, /不带值: --no-sandbox=no$/],
  [['demo', '--matters', '1.5'], /--matters: a whole number/, /--matters: 应为/],
  [['demo', '--name', 'x'], /no option: --name$/, /没有这个选项: --name$/],
  [['serve', '--listen', 'here'], /--listen: HOST:PORT/, /--listen: 应为/],
  [['serve', '--webhook', 'https://sms.example/'], /--webhook and --webhook-key-file go together$/,
    /--webhook 和 --webhook-key-file/],
  [['outbox', '--retry', '--drop'], /either --retry or --drop$/, /--retry 和 --drop/],
  [['serve', '--proxies', 'all'], /all \(proxies\)$/, /all \(proxies\)$/],
  [['serve', 'now'], /Unexpected: now$/, /多余的参数: now$/],
  [['archive'], /give --db$/, /--db$/],
  [['archive', '--db', 'postgres:///x', '--years', 'old'], /--years: a whole number/, /--years: 应为/],
  [['doctor', '--check', 'all', '--db', 'x'], /--check: one of serve\|read$/, /--check: 应为其中之一 serve\|read$/],
  [['doctor', '--check', 'read'], /--db is needed/, /还需要 --db$/],
  [['migrate', '--from', 'a'], /--from and --to go together$/, /--from 和 --to/],
  [['migrate', '--db', 'a', '--data', 'b'], /--data and --from-data go with/, /--data 和 --from-data/],
  [['migrate', '--from', 'a', '--to', 'a'], /the same database$/, /同一个数据库$/],
  [['init', '--check', '--from', 'x'], /exclude each other$/, /只用其一$/],
  [['schema'], /--sqlite, --postgres and --citus$/, /--sqlite、--postgres、--citus/],
  [['verify'], /--db or --receipt$/, /--db 或 --receipt/],
  [['verify', '--receipt', 'r', '--checkpoint', 'c'], /--checkpoint goes with --db$/, /--checkpoint 只与 --db/],
  [['describe', 'weather'], /no such topic$/, /没有这个题目$/],
  [['bench', '--seconds', '0'], /--seconds: a whole number from 1 to 600$/, /--seconds: 应为 1 到 600/],
  [['bench', '--db', 'town.db'], /--db: a postgres:/, /--db 应为 postgres:/],
  [['explode'], /no command explode$/, /没有命令 explode$/],
];

test('what is wrong is said first, in the language of the reader, and nothing is made', () => {
  for (const [args, en, zh] of wrong) {
    for (const [lang, text] of [['C', en], ['zh_CN.UTF-8', zh]]) {
      const done = run(lang, ...args);
      assert.equal(done.status, 2, `${args}: ${done.stderr}`);
      assert.match(done.said[0], text, args.join(' '));
      assert.equal(done.stdout, '');
      assert.deepEqual(done.left, [], args.join(' '));
    }
  }
});

/** Every option of every command, as the program itself prints them. */
const options = spawnSync(program, ['describe', 'man'], { encoding: 'utf8' }).stdout.split('\n.SS fengqiao ')
  .slice(1).flatMap((part) => [...part.matchAll(/^\.B \\-\\-([\w-]+)(?: (.*))?$/gm)]
    .map(([, name, value]) => ({ command: part.match(/^\S+/)[0], name, value })));

/** Wrong values of an option by the word that stands for its value, each with what is said of it. */
function* wrongValues({ name, value }) {
  const flag = `--${name}`;
  if (!value) {
    yield [[`${flag}=yes`], `takes no value: ${flag}=yes`];
    return;
  }
  yield [[flag], `needs a value: ${flag}`];
  yield [[flag, ''], `needs a value: ${flag}`];
  const odd = `${flag}: too long, or with control characters`;
  yield [[flag, 'x'.repeat(100_000)], odd];
  if (/^(N|ID|SECONDS)$/.test(value)) yield [[flag, 'many'], `${flag}: a whole number`];
  else if (/^(DATE|DAY)$/.test(value)) yield [[flag, '2026-02-30'], `${flag}: a day such as 2026-01-01`];
  else if (/^[a-z0-9|]+$/.test(value)) yield [[flag, 'other'], `${flag}: one of ${value}`];
  else yield [[flag, 'name\n\x1b[31m'], odd];
}

test('each option of each command is refused by name when missing, empty, huge, strange or unknown', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fengqiao-usage-'));
  const env = { ...process.env, LC_ALL: 'C' };
  const refusedFor = (command, args, said) => {
    const done = spawnSync(program, [command, ...args], { cwd: folder, env, encoding: 'utf8' });
    const what = `${command} ${args}`.slice(0, 100);
    assert.equal(done.status, 2, `${what}: ${done.stderr.slice(0, 300)}`);
    assert.equal(done.stdout, '', what);
    assert.ok(done.stderr.split('\n')[0].endsWith(said), `${what}: ${done.stderr.slice(0, 300)}`);
  };
  assert.ok(options.length > 100);
  for (const option of options)
    for (const [args, said] of wrongValues(option)) refusedFor(option.command, args, said);
  for (const command of new Set(options.map((option) => option.command))) {
    refusedFor(command, ['--no-such-option'], 'no option: --no-such-option');
    refusedFor(command, ['--lang', 'fr'], '--lang: one of zh|en');
  }
  assert.deepEqual(readdirSync(folder), []);
  rmSync(folder, { recursive: true });
});

// Without a database, or without its key, there is nothing to be put into the directory of --data.
const nowhere = 'postgres:///none?host=/nonexistent';
const anyPort = ['--listen', '127.0.0.1:0'];
const refused = [
  ['serve', ...anyPort, '--db', nowhere, '--data', 'data'],
  ['serve', ...anyPort, '--db', nowhere],
  ['demo', '--only-make', '--db', nowhere, '--data', 'data'],
  ['serve', ...anyPort, '--db', 'http://host/x', '--data', 'data'],
  ['serve', ...anyPort, '--db', 'none/town.db', '--data', 'data'],
  ['migrate', '--db', nowhere],
  ['migrate', '--from', 'sqlite:town.db', '--to', nowhere, '--data', 'data'],
  ['import', '--db', 'town.db', 'limit', '/dev/null'],
  ['export', '--db', 'town.db', 'limit'],
  ['init', '--check', '--db', 'town.db'],
  ['verify', '--db', 'town.db'],
  ['archive', '--db', nowhere],
  ['outbox', '--db', 'town.db'],
  ['rotate-key', '--db', 'town.db'],
  ['doctor', '--check', 'serve', '--db', nowhere],
  ['bench', '--in', '.', '--db', nowhere],
];

test('a database that does not open is named, and leaves no directory and no file', () => {
  for (const args of refused) {
    const done = run('C', ...args);
    assert.equal(done.status, 1, `${args}: ${done.stderr}`);
    assert.match(done.said[0], /Cannot open the database/, args.join(' '));
    assert.deepEqual(done.left, [], args.join(' '));
  }
});

test('what is said of a database that does not open holds no password', () => {
  const secret = 'postgres://office:kept-secret@127.0.0.1:1/town';
  for (const [i, args] of refused.entries())
    for (const db of [secret, secret.replace('p', 'P')]) {
      if (!args.includes('--db') || (i % 2 && db === secret)) continue;
      const done = run('C', ...args.map((word, k) => (args[k - 1] === '--db' ? db : word)));
      assert.ok(done.status > 0, args.join(' '));
      assert.ok(!/secret|office/.test(done.stderr), `${args.join(' ')}: ${done.stderr}`);
    }
  assert.match(run('C', 'verify', '--db', secret.replace('p', 'P')).said[0], /Cannot open the database town \(db\)/);
});

// What another program made, or an older one of ours, is a file that opens.
const strangers = [
  ['serve', ...anyPort, '--no-sandbox'], ['init', '--check'], ['import', 'limit', '/dev/null'], ['export', 'limit'],
  ['versions', 'rule'], ['locate', '--csv', '/dev/null'], ['fuse', 'gaps'], ['rehearse', '--rule', '/dev/null'],
  ['explain', '1'], ['due'], ['setting'], ['account', 'list'], ['backup', '--to', 'copy'], ['rotate-key'],
  ['outbox'], ['verify'],
];

test('a file of another program is refused, and nothing is put into it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fengqiao-usage-'));
  const file = join(folder, 'other.db');
  const other = new DatabaseSync(file);
  other.exec('CREATE TABLE matter (id INTEGER)');
  other.close();
  const inside = () => {
    const db = new DatabaseSync(file, { readOnly: true });
    const tables = db.prepare('SELECT sql FROM sqlite_master').all().map(({ sql }) => sql);
    db.close();
    return tables;
  };
  const before = inside();
  for (const args of strangers) {
    const done = run('C', ...args, '--db', file);
    assert.equal(done.status, 1, `${args}: ${done.signal} ${done.stderr}`);
    assert.match(done.said[0], /^fengqiao \S+: \S/, args.join(' '));
    assert.deepEqual(inside(), before, args.join(' '));
  }
  rmSync(folder, { recursive: true });
});

test('a database whose key is elsewhere is refused, and no directory is made for another one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fengqiao-usage-'));
  const env = { ...process.env, LC_ALL: 'C' };
  const at = (...args) => spawnSync(program, args, { cwd: folder, env, encoding: 'utf8' });
  assert.equal(at('demo', '--only-make', '--matters', '0', '--db', 'data/town.db', '--data', 'data').status, 0);
  const before = readdirSync(folder);
  const done = at('serve', '--db', 'data/town.db', '--data', 'dada', '--listen', '127.0.0.1:0');
  assert.equal(done.status, 1);
  assert.match(done.stderr, /key file is missing: dada\/node\.key/);
  assert.deepEqual(readdirSync(folder), before);
  rmSync(folder, { recursive: true });
});

test('a town is served under the name in its key file, and another one given is told of', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fengqiao-usage-'));
  const made = spawnSync(program, ['demo', '--only-make', '--matters', '0', '--db', 'town.db'], { cwd: folder });
  assert.equal(made.status, 0);
  const serving = spawn(program, ['serve', '--db', 'town.db', '--listen', '127.0.0.1:0', '--name', 'other.example'],
    { cwd: folder });
  let said = '';
  for (const out of [serving.stdout, serving.stderr]) out.on('data', (piece) => (said += piece));
  const ended = once(serving, 'exit');
  for (let i = 0; i < 800 && !/http:\/\/127/.test(said) && serving.exitCode === null; i++) await sleep(25);
  serving.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null], said);
  assert.match(said, /--name says other\.example, the key file \S+, which is for good/);
  rmSync(folder, { recursive: true });
});

// The file of settings that the package installs holds options, which the program itself refuses by
// name when they are wrong: so what stands in it must be what there is.
test('each option that the settings of the package name is one of the program', () => {
  const settings = readFileSync('packaging/debian/fengqiao.conf', 'utf8');
  const known = run('C', 'serve', '--help').stdout;
  const named = [...settings.matchAll(/FENGQIAO_OPTIONS="(.*)"/g)].flatMap(([, line]) => line.match(/--[a-z-]+/g));
  assert.ok(named.length > 5);
  for (const option of named) assert.match(known, new RegExp(`^  ${option}\\b`, 'm'), option);
});

test('what is made is read by nobody else, and nobody can sign in to a town that has no account yet', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fengqiao-usage-'));
  const make = 'umask 022; exec "$0" demo --only-make --matters 5 --db data/town.db --data data';
  const made = spawnSync('sh', ['-c', make, program], { cwd: folder, encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  const files = readdirSync(join(folder, 'data'), { recursive: true })
    .map((name) => join(folder, 'data', name));
  assert.ok(files.some((name) => name.endsWith('town.db')));
  for (const name of [join(folder, 'data'), ...files]) assert.equal(statSync(name).mode & 0o077, 0, name);
  const env = { ...process.env, LC_ALL: 'C' };
  spawnSync(program, ['migrate', '--db', 'new.db'], { cwd: folder, env });
  const listed = spawnSync(program, ['account', 'list', '--db', 'new.db'],
    { cwd: folder, encoding: 'utf8', env });
  assert.equal(listed.stdout, '', listed.stderr);
  rmSync(folder, { recursive: true });
});
