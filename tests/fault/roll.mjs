// Two servers on one PostgreSQL database behind nginx, as packaging/nginx.conf sets it up, are
// restarted in turn while people report, follow, read and step without pause. Every request must be
// answered as if nothing had happened, and everything be there once.
//   node tests/fault/roll.mjs [ROUNDS] [CLIENTS]      prints one line with the figures
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isInstalled, startPostgres } from '../tools/postgres.mjs';

const rounds = Number(process.argv[2] ?? 10);
const clients = Number(process.argv[3] ?? 16);
const program = process.env.FENGQIAO ?? 'build/fengqiao';
const password = 'fengqiao-demo-2026';
const words = '轮换演练';
const drainSeconds = 2; // more than the proxy keeps idle connections, which is shortened to 1 s
const notesAMatter = 40;

if (!isInstalled) {
  console.log('rolling restart: left out, PostgreSQL 15 is not installed');
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), 'fengqiao-roll-'));
const postgres = startPostgres();
const env = { ...process.env, ...postgres.env, LANG: 'en', LC_ALL: 'en' };
const started = new Set();
process.on('exit', () => {
  for (const child of started) child.kill('SIGKILL');
  postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

function must(command, ...args) {
  const done = spawnSync(command, args, { encoding: 'utf8', env, maxBuffer: 64 << 20 });
  if (done.status !== 0) {
    throw new Error(`${command} ${args.join(' ')}: ${done.stdout}${done.stderr ?? done.error}`);
  }
  return done.stdout;
}
const psql = (text) => must('psql', '-X', '-q', '-A', '-t', '-U', 'postgres', '-d', 'town', '-c', text).trim();

function start(command, args, more = {}) {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], ...more });
  started.add(child);
  child.on('exit', () => started.delete(child));
  child.said = '';
  for (const pipe of [child.stdout, child.stderr]) {
    pipe.on('data', (text) => {
      child.said = (child.said + text).slice(-4000);
    });
  }
  return child;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

// --- the servers and the proxy

const database = ['--db', 'postgres:///town', '--data', folder];
must('createdb', 'town');
must(program, 'demo', ...database, '--matters', '0', '--only-make');
const ports = [await freePort(), await freePort()];
const [plainPort, port] = [await freePort(), await freePort()];

async function startServer(at) {
  const child = start(program, ['serve', ...database, '--listen', `127.0.0.1:${at}`, '--no-limits',
    '--proxies', '127.0.0.1', '--hosts', 'city.example', '--behind-tls', '--drain',
    String(drainSeconds)]);
  for (let waited = 0; !/port \d+/.test(child.said); waited += 20) {
    if (child.exitCode !== null || waited > 20_000) throw new Error(`no server: ${child.said}`);
    await sleep(20);
  }
  return child;
}

/** The sample as it is, but for names, ports and the time that idle connections are kept. */
function proxySetUp() {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  must('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
    '-subj', '/CN=city.example', '-days', '2', '-keyout', key, '-out', cert);
  const changes = [
    [/listen 80;\n *listen \[::\]:80;/, `listen 127.0.0.1:${plainPort};`],
    [/listen 443 ssl http2;\n *listen \[::\]:443 ssl http2;/, `listen 127.0.0.1:${port} ssl http2;`],
    ['127.0.0.1:8080', `127.0.0.1:${ports[0]}`],
    ['127.0.0.1:8081', `127.0.0.1:${ports[1]}`],
    ['keepalive_timeout 5s', 'keepalive_timeout 1s'],
    ['/etc/ssl/certs/city.example.pem', cert],
    ['/etc/ssl/private/city.example.key', key],
  ];
  let sample = readFileSync('packaging/nginx.conf', 'utf8');
  for (const [from, to] of changes) {
    const changed = sample.replace(from, to);
    if (changed === sample) throw new Error(`packaging/nginx.conf: no ${from}`);
    sample = changed;
  }
  const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  for (const name of kept) mkdirSync(join(folder, name));
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, `daemon off; worker_processes 1; pid ${folder}/nginx.pid;
    ${process.getuid() === 0 ? 'user root;' : ''} error_log stderr warn;
    events { worker_connections 1024; }
    http { access_log off; ${kept.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
    ${sample} }\n`);
  return file;
}

// --- the people

const failed = [];
const figures = { requests: 0, reports: 0, notes: 0, streams: 0 };
const receipts = new Map(); // text of a report -> receipt
const noted = new Set();
let running = true;

function call(agent, method, path, headers = {}, sent = undefined) {
  const body = sent && JSON.stringify(sent);
  const all = { Host: 'city.example', ...headers };
  if (body) all['Content-Type'] = 'application/json';
  if (body) all['Content-Length'] = Buffer.byteLength(body);
  figures.requests++;
  return new Promise((done) => {
    const given = { agent, port, host: '127.0.0.1', method, path, headers: all, timeout: 20_000 };
    const asked = request(given, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part) => {
        text += part;
      });
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, text }));
      answer.on('error', (error) => done({ status: 0, text: error.message }));
    });
    asked.on('error', (error) => done({ status: 0, text: error.message }));
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.end(body);
  });
}

/** The answer's body; whatever is not 200 has failed. */
async function done(agent, method, path, headers, sent) {
  const answer = await call(agent, method, path, headers, sent);
  if (answer.status !== 200) failed.push(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.status === 200 ? JSON.parse(answer.text) : undefined;
}

const newAgent = () => new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
const newKey = () => ({ 'Idempotency-Key': randomBytes(15).toString('base64url') });

async function report(agent, text) {
  const receipt = await done(agent, 'POST', '/api/reports', newKey(), { text, place_text: '平江路' });
  if (receipt) receipts.set(text, receipt);
  if (receipt) figures.reports++;
  return receipt;
}

/** Asks what the matter may be (a POST without a key), reports, and opens the receipt. */
async function resident(name) {
  for (let n = 0; running; n++) {
    const agent = newAgent();
    for (let calls = 0; running && calls < 20; calls++, n++) {
      const text = `${words} ${name} ${n} 楼道堆物`;
      await done(agent, 'POST', '/api/suggest', {}, { text });
      const receipt = await report(agent, text);
      if (!receipt) continue;
      const opened = { Authorization: `Receipt ${receipt.code}` };
      const matter = await done(agent, 'GET', '/api/receipt', opened);
      if (matter && matter.number !== receipt.number) failed.push('another matter');
    }
    agent.destroy();
  }
}

async function signIn(agent) {
  const sent = { username: 'dispatcher1', password };
  const answer = await call(agent, 'POST', '/api/login', {}, sent);
  if (answer.status !== 200) throw new Error(answer.text);
  const cookie = answer.headers['set-cookie'][0].split(';')[0];
  return { Cookie: cookie, 'X-CSRF': JSON.parse(answer.text).csrf };
}

/** Notes on a matter of one's own, one after the other. */
async function officer(name, me) {
  const agent = newAgent();
  for (let n = 0; running; n++) {
    const receipt = await report(agent, `${words} ${name} ${n} 楼道堆物`);
    for (let i = 0; receipt && running && i < notesAMatter; i++) {
      await done(agent, 'GET', '/api/matters?view=region', me);
      const matter = await done(agent, 'GET', `/api/matters/${receipt.number}`, me);
      if (!matter) break;
      const note = `${words} ${name} ${n} ${i}`;
      const step = { action: 'note', seq: matter.seq, note };
      const path = `/api/matters/${receipt.number}/step`;
      if (!(await done(agent, 'POST', path, { ...me, ...newKey() }, step))) break;
      noted.add(note);
      figures.notes++;
    }
  }
  agent.destroy();
}

/** A page with live updates, which comes again when its stream ends. */
async function watcher(me) {
  const agent = newAgent();
  while (running) {
    figures.streams++;
    const stream = await new Promise((open) => {
      const given = { agent, port, host: '127.0.0.1', path: '/api/events' };
      const asked = request({ ...given, headers: { Host: 'city.example', ...me } }, open);
      asked.on('error', (error) => open({ statusCode: error.message }));
      asked.end();
    });
    if (stream.statusCode !== 200) {
      failed.push(`events: ${stream.statusCode}`);
      return;
    }
    stream.resume();
    const end = new Promise((ended) => stream.on('close', ended));
    while (running && (await Promise.race([end, sleep(200, 'open')])) === 'open');
    stream.destroy();
  }
  agent.destroy();
}

// --- the experiment

const servers = [await startServer(ports[0]), await startServer(ports[1])];
const nginx = start('nginx', ['-c', proxySetUp(), '-p', folder, '-e', 'stderr']);
const first = newAgent();
for (let i = 0; i < 100 && (await call(first, 'GET', '/readyz')).status !== 200; i++) await sleep(50);
const me = await signIn(first);
first.destroy();
figures.requests = 0;
const people = Array.from({ length: clients }, (_, i) =>
  i % 4 === 3 ? officer(`officer${i}`, me) : resident(`resident${i}`));
people.push(watcher(me), watcher(me));
const statuses = [];
const began = Date.now();
for (let round = 0; round < rounds && failed.length === 0; round++) {
  for (const i of [0, 1]) {
    servers[i].kill('SIGTERM');
    statuses.push((await once(servers[i], 'exit'))[0]);
    servers[i] = await startServer(ports[i]);
    await sleep(300);
  }
}
running = false;
await Promise.all(people);
const seconds = (Date.now() - began) / 1000;
for (const server of servers) {
  server.kill('SIGTERM');
  statuses.push((await once(server, 'exit'))[0]);
}
nginx.kill('SIGQUIT');
await once(nginx, 'exit');

const stored = Number(psql(`SELECT count(*) FROM matter WHERE text LIKE '${words}%'`));
const twice = Number(psql(`SELECT count(*) FROM (SELECT 1 FROM matter WHERE text LIKE '${words}%'
  GROUP BY text HAVING count(*) > 1) AS t`));
const notes = Number(psql(`SELECT count(*) FROM note WHERE text LIKE '${words} officer%'`));
const verify = spawnSync(program, ['verify', ...database], { encoding: 'utf8', env });
const badEnds = statuses.filter((status) => status !== 0).length;
console.log(`rolling restart x ${rounds * 2} in ${seconds.toFixed(0)} s: ${figures.requests} requests,` +
  ` ${failed.length} failed, ${figures.streams} live streams; ${receipts.size} reports acknowledged,` +
  ` ${stored} stored, ${twice} twice; ${noted.size} notes acknowledged, ${notes} stored;` +
  ` ${badEnds} servers ended badly, verify ${verify.status === 0 ? 'clean' : 'NOT CLEAN'}`);
for (const text of failed.slice(0, 10)) console.log(text.slice(0, 300));
if (failed.length) console.log(nginx.said);
if (verify.status !== 0) console.log(verify.stdout + verify.stderr);
process.exitCode = failed.length || twice || stored !== receipts.size || notes !== noted.size ||
  badEnds || verify.status ? 1 : 0;
