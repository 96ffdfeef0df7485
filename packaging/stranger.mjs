// stranger.mjs: the steps of the stranger's walk, on the machine that packaging/stranger.sh has made,
// or in short on this one: then packages made of a built program are only unpacked, into a temporary
// folder, and the program runs as whoever runs this.
//   node packaging/stranger.mjs --program build/fengqiao
//   node packaging/stranger.mjs --root DIR --port PORT [--boot] -- COMMAND...
// DIR: the other machine's files as seen from here, with packages in srv/debs; COMMAND: what runs a
// command there as root; --boot: its services are systemd's. Each step is printed with its time; the
// last line is "N passed, N failed".
import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync,
  writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values: options, positionals: enter } = parseArgs({ allowPositionals: true, options: {
  program: { type: 'string' }, root: { type: 'string' }, port: { type: 'string', default: '0' },
  boot: { type: 'boolean', default: false } } });
const short = options.program !== undefined;
const root = short ? mkdtempSync(join(tmpdir(), 'fengqiao-stranger-')) : options.root;
const own = short ? [] : ['setpriv', '--reuid=fengqiao', '--regid=fengqiao', '--init-groups'];
const name = 'stranger.example';
let port = Number(options.port), server;

/** A file of the other machine: as the program there knows it, and as it lies here. */
const there = (path) => (short ? join(root, path) : path);
const here = (path) => join(root, path);
const home = '/var/lib/fengqiao', settings = '/etc/fengqiao/fengqiao.conf', debs = '/srv/debs';
const town = ['--db', there(`${home}/town.db`)], data = ['--data', there(home)];

// --- running things there

function run([program, ...args], more = {}) {
  const how = { encoding: 'utf8', maxBuffer: 64 << 20, env: { ...process.env, LC_ALL: 'C.UTF-8' }, ...more };
  return new Promise((done) => execFile(program, args, how, (error, stdout, stderr) =>
    done({ status: error ? error.code : 0, stdout, stderr })));
}
async function good(command, more) {
  const done = await run(command, more);
  assert.equal(done.status, 0, `${command.join(' ')}: ${done.stdout}${done.stderr}`);
  return done.stdout;
}
/** As root; as the service's user. */
const root_ = (...command) => good([...enter, ...command]);
const fengqiao = (...args) => [...enter, ...own, there('/usr/bin/fengqiao'), ...args];
const does = (...args) => good(fengqiao(...args));

/** A package of the program that was built, under any version: what installs and removes files is
 *  shown by the long form. */
function pack(version) {
  const tree = here(`/srv/tree-${version}`), program = resolve(options.program);
  for (const folder of ['usr/bin', 'usr/libexec/fengqiao', 'etc/fengqiao', 'DEBIAN'])
    mkdirSync(join(tree, folder), { recursive: true });
  cpSync(program, join(tree, 'usr/bin/fengqiao'));
  for (const helper of ['media', 'print', 'sift'])
    cpSync(join(dirname(program), `fengqiao-${helper}`), join(tree, `usr/libexec/fengqiao/fengqiao-${helper}`));
  cpSync('packaging/debian/fengqiao.conf', join(tree, 'etc/fengqiao/fengqiao.conf'));
  chmodSync(join(tree, 'DEBIAN'), 0o755);
  writeFileSync(join(tree, 'DEBIAN/control'),
    `Package: fengqiao\nVersion: ${version}\nArchitecture: all\nMaintainer: nobody\nDescription: trial\n`);
  const file = here(`${debs}/fengqiao_${version}.deb`);
  const done = spawnSync('dpkg-deb', ['--root-owner-group', '-Znone', '-b', tree, file], { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
  rmSync(tree, { recursive: true });
}

const packages = () => readdirSync(here(debs)).filter((file) => file.endsWith('.deb'));
async function install(file) {
  if (!short)
    await root_('apt-get', '-q', '-y', '--no-install-recommends', '--allow-downgrades', 'install', `${debs}/${file}`);
  else {
    await good(['dpkg-deb', '-x', here(`${debs}/${file}`), here('/srv/new')]);
    cpSync(here('/srv/new/usr'), here('/usr'), { recursive: true });
    if (!existsSync(here(settings))) cpSync(here('/srv/new/etc'), here('/etc'), { recursive: true });
  }
}
const version = async () =>
  (await root_('dpkg-query', '-W', '-f', '${db:Status-Status} ${Version}', 'fengqiao'));

// --- the service

async function ready(seconds) {
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    const answer = port && await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    assert.ok(!server || server.exitCode === null, 'the server has ended');
    await sleep(50);
  }
  assert.fail(`not ready after ${seconds} s`);
}
/** As the unit does, by its own settings and its own words. */
async function start() {
  if (options.boot) await root_('systemctl', 'start', 'fengqiao');
  else {
    const exec = readFileSync(short ? 'packaging/debian/fengqiao.service' : here('/lib/systemd/system/fengqiao.service'),
      'utf8').match(/^ExecStart=\/usr\/bin\/(.*)$/m)[1];
    const command = [...enter, ...own, 'sh', '-c', `. ${there(settings)}; exec ${there('/usr/bin')}/${exec}`];
    server = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'ignore'] });
    const told = new Promise((found, lost) => {
      server.stdout.on('data', (text) => { const at = String(text).match(/(?:port|端口) (\d+)/); if (at) found(at[1]); });
      server.once('exit', () => lost(new Error('the server has ended')));
    });
    port = Number(await told);
  }
  await ready(30);
}
async function stop() {
  if (options.boot) return root_('systemctl', 'stop', 'fengqiao');
  const ended = new Promise((done) => server.once('exit', done));
  server.kill('SIGTERM');
  assert.equal(await ended, 0, 'the server ends well');
  server = undefined;
}
/** Supervisor and server at once, as when the machine runs out of memory; back by itself, or started. */
async function crash() {
  if (options.boot) {
    await root_('systemctl', 'kill', '-s', 'KILL', 'fengqiao');
    await sleep(100);
    return ready(7);
  }
  const ended = new Promise((done) => server.once('exit', done));
  const child = spawnSync('pgrep', ['-P', String(server.pid)], { encoding: 'utf8' }).stdout.trim();
  for (const pid of [server.pid, ...child.split('\n').filter(Boolean)]) process.kill(Number(pid), 'SIGKILL');
  await ended;
  return start();
}

// --- people

/** One call; cookies and the token of a session are kept in who. Anything but the status is a fault. */
async function call(who, method, path, body, status = 200) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method,
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID(), ...who },
    ...(body && { body: JSON.stringify(body) }) });
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
  if (cookies.length) who.Cookie = [...(who.Cookie ? [who.Cookie] : []), ...cookies].join('; ');
  const got = await answer.json();
  assert.equal(answer.status, status, `${path}: ${JSON.stringify(got)}`);
  return got;
}
/** The code of an authenticator app (RFC 6238), so many steps of 30 seconds from now. */
function totp(secret, steps = 0) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + steps));
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const mac = createHmac('sha1', key).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0');
}
const password = '芦汀的荷花六月里开在河边上';
let once, receipt, matters = 0;

async function signIn(username, code, word = password) {
  const who = {}, me = await call(who, 'POST', '/api/login', { username, password: word, ...(code && { code }) });
  who['X-CSRF'] = me.csrf;
  return { who, me };
}
/** The first day: the one-time password is changed, a second factor set up; gives its secret. */
async function firstDay(username) {
  const { who } = await signIn(username, undefined, once[username]);
  await call(who, 'POST', '/api/account/password', { current: once[username], password });
  const { secret } = await call(who, 'GET', '/api/account/second-factor');
  const plain = secret.replace(/[\s-]/g, '');
  await call(who, 'POST', '/api/account/second-factor', { current: password, secret, code: totp(plain, -1) });
  return plain;
}
async function report(text) {
  const given = await call({}, 'POST', '/api/reports', { text, lon: 120.228, lat: 31.225, category: '0101' });
  matters++;
  return given;
}
const follow = (given) => call({ Authorization: `Receipt ${given.code}` }, 'GET', '/api/receipt');

/** How many matters a database holds, all of them in order. */
async function audited(...where) {
  const told = JSON.parse(await does('verify', ...where, '--json'));
  assert.deepEqual(told.findings, []);
  return told.matters;
}

// --- the walk

const secrets = {};
const usual = short ? '1.0' : readFileSync('packaging/debian/changelog', 'utf8').match(/\((.*?)\)/)[1];
const package_ = (wanted) => packages().find((file) => file.startsWith(`fengqiao_${wanted}`));

const steps = [
  ['the package is installed; nothing runs yet', async () => {
    if (short) {
      mkdirSync(here(debs), { recursive: true });
      ['0.0.1', usual, '99.0'].forEach(pack);
      for (const folder of [home, '/var/backups/fengqiao']) mkdirSync(here(folder), { recursive: true });
    }
    await install(package_(usual));
    assert.match(await does('--version'), /^fengqiao /);
    if (short) return;
    assert.equal(await version(), `installed ${usual}`);
    assert.equal((await root_('stat', '-c', '%U %a', home)).trim(), 'fengqiao 700');
    assert.equal((await run([...enter, 'systemctl', 'is-enabled', 'fengqiao'])).stdout.trim(), 'disabled');
  }],
  ['the settings say where it listens', () => {
    const text = readFileSync(here(settings), 'utf8')
      .replace(/^FENGQIAO_OPTIONS=.*$/m, `FENGQIAO_OPTIONS="--listen 127.0.0.1:${port}"`)
      .replace(/^(FENGQIAO_\w+=)(\/.*)$/gm, (_, key, path) => key + there(path));
    writeFileSync(here(settings), `${text}# ours\n`);
  }],
  ['init: the sample town is checked, then stored, with nothing missing', async () => {
    const tables = `${home}/my-town`, year = new Date().getFullYear();
    cpSync('data/town', here(tables), { recursive: true });
    const off = [1, 2, 3, 4, 5, 6, 7].flatMap((day) => [year, year + 1].map((of) => `${of}/10/${day},否,国庆节\n`));
    writeFileSync(here(`${tables}/calendar.csv`), `日期,上班,名称\n${off.join('')}`);
    if (!short) await root_('chown', '-R', 'fengqiao:', tables);
    const init = (...more) => does('init', ...town, ...data, '--from', there(tables), ...more);
    await init('--dry-run');
    assert.ok(!existsSync(here(`${home}/town.db`)), 'a dry run leaves nothing');
    await init('--name', name, '--passwords', there(`${home}/passwords.csv`));
    await does('init', '--check', ...town);
    once = Object.fromEntries(readFileSync(here(`${home}/passwords.csv`), 'utf8').trim().split('\n')
      .map((line) => line.split(',')));
    assert.ok(once.zhao && once.w3);
  }],
  ['the service starts', async () => {
    if (options.boot) await root_('systemctl', 'enable', '-q', '--now', 'fengqiao-backup.timer', 'fengqiao');
    await start();
    assert.equal((await call({}, 'GET', '/api/config')).city, '芦汀镇');
  }],
  ...(options.boot ? [['systemd has its filters in force, and rates it at most 1.5', async () => {
    const pid = (await root_('systemctl', 'show', '-P', 'MainPID', 'fengqiao')).trim();
    const of = await root_('cat', `/proc/${pid}/status`);
    assert.match(of, /^Seccomp:\s+2$/m);
    assert.match(of, /^NoNewPrivs:\s+1$/m);
    assert.match(of, /^CapEff:\s+0+$/m);
    assert.match(of, /^Uid:\s+[1-9]/m);
    await root_('systemd-analyze', 'security', '--no-pager', '--threshold=15', 'fengqiao.service');
    const log = await root_('journalctl', '-u', 'fengqiao', '-o', 'cat');
    process.stdout.write(`     ${log.match(/"sandbox\.enter".*/)?.[0] ?? ''}\n`);
    assert.doesNotMatch(log, /Failed|does not start|IP firewall|Landlock, all files/);
  }]] : []),
  ['the first account gets its password and a second factor; then its role asks for one', async () => {
    secrets.zhao = await firstDay('zhao');
    await does('setting', ...town, 'second_factor_roles', 'admin auditor');
    secrets.w3 = await firstDay('w3');
  }],
  ['the first report, and its receipt', async () => {
    receipt = await report('楼道里堆了很多纸箱，走不过去');
    assert.match((await follow(receipt)).number ?? receipt.number, new RegExp(receipt.number));
  }],
  ['signing in: not without the second factor, and with it', async () => {
    await call({}, 'POST', '/api/login', { username: 'zhao', password }, 401);
    const { me } = await signIn('zhao', totp(secrets.zhao));
    assert.ok(me.memberships.some((m) => m.role === 'admin'));
  }],
  ['the report is taken and answered; the reporter reads it', async () => {
    const { who } = await signIn('w3', totp(secrets.w3));
    const step = (action, more) => call(who, 'POST', `/api/matters/${receipt.number}/step`, { action, ...more });
    await step('take');
    await step('reply', { reply: '纸箱已经清走，楼道通了' });
    assert.match(JSON.stringify(await follow(receipt)), /纸箱已经清走，楼道通了/);
  }],
  ['a backup while people report', async () => {
    const before = matters;
    let going = true;
    const people = (async () => {       // below what one address may send in a minute
      for (let i = 0; i < 15 && going; i++, await sleep(30)) await report('路灯不亮');
    })();
    try {
      await (options.boot ? root_('systemctl', 'start', 'fengqiao-backup')
        : does('backup', ...town, ...data, '--to', there('/var/backups/fengqiao/first')));
    } finally {
      going = false;
      await people;
    }
    assert.ok(matters > before, 'people went on');
  }],
  ['restored into another directory: every digest and the whole record fit', async () => {
    const [first] = readdirSync(here('/var/backups/fengqiao'));
    const other = `${home}/other`, at = ['--db', there(`${other}/town.db`), '--data', there(other)];
    assert.ok(!existsSync(here(`/var/backups/fengqiao/${first}/node.key`)), 'the key is kept apart');
    await does('restore', '--from', there(`/var/backups/fengqiao/${first}`), ...at, '--key', there(`${home}/node.key`));
    const found = await audited(...at);
    assert.ok(found >= 1 && found <= matters, `${found} of ${matters}`);
  }],
  ['an upgrade: data and settings stay, receipts open', async () => {
    if (!options.boot) await stop();
    await install(package_('99.0'));
    if (!options.boot) await start();
    await ready(30);
    if (!short) assert.equal(await version(), 'installed 99.0');
    if (options.boot) await root_('systemctl', 'is-active', 'fengqiao-backup.timer');
    assert.match(readFileSync(here(settings), 'utf8'), /^# ours$/m);
    assert.match(JSON.stringify(await follow(receipt)), /纸箱已经清走/);
    await report('井盖松了');
  }],
  ['a downgrade: allowed while the schema is the same', async () => {
    if (!options.boot) await stop();
    await install(package_('0.0.1'));
    if (!options.boot) await start();
    await ready(30);
    assert.match(readFileSync(here(settings), 'utf8'), /^# ours$/m);
    assert.match(JSON.stringify(await follow(receipt)), /纸箱已经清走/);
  }],
  ['a downgrade: refused with a clear word where a newer program has changed the schema', async () => {
    const db = new DatabaseSync(here(`${home}/other/town.db`));
    db.exec('PRAGMA user_version = 9999');
    db.close();
    if (!short) await root_('chown', '-R', 'fengqiao:', `${home}/other`);
    const done = await run(fengqiao('serve', '--db', there(`${home}/other/town.db`), '--data', there(`${home}/other`),
      '--listen', '127.0.0.1:0', '--lang', 'en'), { timeout: 30000 });
    assert.equal(done.status, 1, done.stderr);
    assert.match(done.stderr, /newer version/);
  }],
  ['killed all at once: back, with everything that was acknowledged', async () => {
    const last = await report('刚报的事');
    await crash();
    assert.equal((await follow(last)).number ?? last.number, last.number);
  }],
  ['verify: every matter that was acknowledged is there, and the record is sound', async () => {
    assert.equal(await audited(...town, ...data), matters);
  }],
  ['doctor and init --check find nothing wanting', async () => {
    assert.match(await does('doctor', '--grants'), /GRANT SELECT/);
    await does('init', '--check', ...town);
    assert.match(await does('doctor', ...town, ...data), /\nNothing is at fault\n$/);
  }],
  ['told to stop, it ends well', stop],
  ...(short ? [] : [['removed and purged: the records stay', async () => {
    await root_('apt-get', '-q', '-y', 'purge', 'fengqiao');
    assert.ok(existsSync(here(`${home}/town.db`)) && existsSync(here(`${home}/node.key`)));
    assert.ok(!existsSync(here('/usr/bin/fengqiao')));
  }]]),
];

let passed = 0, failed = 0;
const begun = performance.now();
for (const [what, does_] of steps) {
  const from = performance.now();
  let fault;
  try {
    await does_();
  } catch (e) {
    fault = e;
  }
  const took = `${((performance.now() - from) / 1000).toFixed(1)} s`;
  process.stdout.write(`${fault ? 'FAIL' : 'ok  '} ${took.padStart(7)}  ${what}\n`);
  if (fault) {
    process.stdout.write(`${fault.stack}\n`);
    if (options.boot)
      for (const look of [['systemctl', 'status', 'fengqiao'], ['journalctl', '-u', 'fengqiao', '-n', '40', '-o', 'cat']])
        process.stdout.write((await run([...enter, ...look, '--no-pager'])).stdout);
    failed = steps.length - passed;     // what follows rests on it
    break;
  }
  passed++;
}
if (server) await stop().catch(() => server?.kill('SIGKILL'));
if (short) rmSync(root, { recursive: true, force: true });
process.stdout.write(`${((performance.now() - begun) / 1000).toFixed(0)} s\n${passed} passed, ${failed} failed\n`);
process.exit(failed ? 1 : 0);
