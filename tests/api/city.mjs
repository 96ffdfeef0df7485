// city.mjs: a demo city with a real server for each test file, and people who talk to it. The city
// is made once and copied for each file. Every answer that anybody gets is held against the OpenAPI
// document of the program, so that each test also checks what the document promises. With
// DB=postgres, as tests/tools/postgres.mjs sets it, the cities are databases of a PostgreSQL server.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { madeOnce } from '../tools/once.mjs';
import { answerFaults, operation } from './schema.mjs';

export const program = resolve(process.env.FENGQIAO ?? 'build/fengqiao');
export const password = 'fengqiao-demo-2026';
const english = { ...process.env, LANG: 'en', LC_ALL: 'en' };

export function run(...args) {
  return spawnSync(program, args, { encoding: 'utf8', env: english, maxBuffer: 64 << 20 });
}

export function described(topic) {
  const done = run('describe', topic);
  assert.equal(done.status, 0, done.stderr);
  return done.stdout;
}
export const openapi = JSON.parse(described('openapi'));

const onServer = process.env.DB === 'postgres';
if (onServer && !process.env.PGHOST?.startsWith('/')) {
  throw new Error('run it with tests/tools/postgres.mjs');
}
const prepared = onServer
  ? join(process.env.PGHOST, 'api_city')
  : join(dirname(program), 'api-city');

function psql(database, text, ...more) {
  const done = spawnSync('psql', ['-X', '-q', '-A', '-t', '-d', database, '-c', text, ...more], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout;
}

const seesAll = ['-U', 'postgres']; // row level security binds whom the program connects as

/** Where a city of this name in this folder lies: the options that say so, and how tests look into
 * it. rows() and change() take a statement in SQL that both databases understand; contents() are
 * those that do not lie in the folder. */
function databaseAt(folder, name) {
  const file = join(folder, 'city.db');
  if (onServer) {
    return {
      where: ['--db', `postgres:///${name}`],
      options: ['--db', `postgres:///${name}`, '--data', folder],
      rows: (text) =>
        JSON.parse(psql(name, `SELECT coalesce(json_agg(t), '[]') FROM (${text}) AS t`, ...seesAll)),
      change: (text) => psql(name, text, ...seesAll),
      make() {
        psql('postgres', `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        psql('postgres', `CREATE DATABASE ${name}`);
      },
      contents: () => [spawnSync('pg_dump', [name, ...seesAll], { maxBuffer: 256 << 20 }).stdout],
      copy: (from) => psql('postgres', `CREATE DATABASE ${name} TEMPLATE ${from}`),
      drop: () => psql('postgres', `DROP DATABASE ${name} WITH (FORCE)`),
    };
  }
  const opened = (use) => {
    const db = new DatabaseSync(file);
    db.exec('PRAGMA busy_timeout = 5000');
    try {
      return use(db);
    } finally {
      db.close();
    }
  };
  return {
    where: ['--db', file],
    options: ['--db', file],
    rows: (text) => opened((db) => db.prepare(text).all().map((row) => ({ ...row }))),
    change: (text) => opened((db) => db.exec(text)),
    contents: () => [],
    make() {},
    copy() {},
    drop() {},
  };
}

/** An empty database for a test of its own, in an empty folder. */
export function emptyDatabase(folder) {
  const name = `own_${randomBytes(6).toString('hex')}`;
  const database = databaseAt(folder, name);
  database.make();
  return database;
}

/** One process makes the city, the others wait for it. */
const prepare = () => madeOnce(prepared, program, (making) => {
  const { options, make } = databaseAt(making, basename(prepared));
  make();
  const made = run('demo', '--only-make', '--matters', '200', '--seed', '7', ...options);
  assert.equal(made.status, 0, made.stderr);
});

/** A server on its own copy of the city. When it stops, the whole ledger must still verify. */
export async function startCity(...options) {
  await prepare();
  const folder = mkdtempSync(join(tmpdir(), 'fengqiao-api-'));
  cpSync(prepared, folder, { recursive: true });
  const database = databaseAt(folder, `city_${randomBytes(6).toString('hex')}`);
  database.copy(basename(prepared));
  const city = { folder, database, called: new Set() };
  await startServer(city, options);
  city.stop = async () => {
    await stopServer(city);
    const verified = run('verify', ...database.options);
    assert.equal(verified.status, 0, `${verified.stdout}${verified.stderr}`);
    database.drop();
    rmSync(folder, { recursive: true, force: true });
  };
  city.restart = async (...others) => {
    await stopServer(city);
    await startServer(city, others.length ? others : options);
  };
  peopleOf(city);
  /** One more server on the same database and files. */
  city.another = async (...others) => {
    const more = others.length ? others : options;
    return serverOn({ folder, database, called: city.called }, ...more);
  };
  return city;
}

/** A server on a database that somebody else made; city: { folder, database }. */
export async function serverOn(city, ...options) {
  const server = { called: new Set(), ...city };
  await startServer(server, options);
  peopleOf(server);
  server.stop = () => stopServer(server);
  return server;
}

/** Those who talk to it. */
function peopleOf(city) {
  city.anybody = (lang) => client(city, { lang });
  city.reporter = (code, lang) =>
    client(city, { lang, headers: { Authorization: `Receipt ${code}` } });
  city.signIn = async (username, lang) => {
    const person = client(city, { lang });
    for (let tries = 0; tries < 20; tries++) {
      // signing in costs time by design; a full queue says so
      const answer = await person.post('/api/login', { username, password });
      if (answer.status === 503) {
        await sleep(1000 * Number(answer.headers.get('retry-after')));
        continue;
      }
      assert.equal(answer.status, 200, answer.text);
      person.me = answer.body;
      person.headers['X-CSRF'] = answer.body.csrf;
      return person;
    }
    throw new Error('nobody could sign in');
  };
}

async function startServer(city, options) {
  const all = ['serve', ...city.database.options, '--listen', '127.0.0.1:0', ...options];
  city.child = spawn(program, all, { env: english, stdio: ['ignore', 'pipe', 'pipe'] });
  const { child } = city;
  const endWithUs = () => child.kill('SIGKILL'); // also when a test breaks before it stops the city
  process.once('exit', endWithUs);
  child.once('exit', () => process.off('exit', endWithUs));
  city.log = '';
  city.child.stderr.on('data', (text) => {
    city.log += text;
  });
  city.ended = new Promise((done) => {
    city.child.on('close', done);
  });
  const port = await new Promise((found, failed) => {
    let said = '';
    city.child.stdout.on('data', (text) => {
      said += text;
      const at = said.match(/port (\d+)/)?.[1];
      if (at) found(Number(at));
    });
    city.child.on('exit', () => failed(new Error(`the server ended: ${said}${city.log}`)));
  });
  city.port = port;
  city.base = `http://127.0.0.1:${port}`;
}

async function stopServer(city) {
  city.child.kill('SIGTERM');
  const status = await Promise.race([city.ended, sleep(10_000, 'it did not stop', { ref: false })]);
  if (status !== 0) city.child.kill('SIGKILL');
  const how = `${status} ${city.child.signalCode ?? ''}`;
  assert.equal(status, 0, `the server ended badly, ${how}: ${city.log.slice(-2000)}`);
  if (!city.mayFall) assert.doesNotMatch(city.log, /"supervisor\.restart"/, 'the server fell');
}

/** Live updates as they arrive: {heard, ended, stop}. */
export async function listen(person) {
  const end = new AbortController();
  const answer = await fetch(`${person.city.base}/api/events`, {
    headers: person.headers,
    signal: end.signal,
  });
  assert.equal(answer.status, 200);
  assertProtected(answer.headers, '/api/events');
  assert.match(answer.headers.get('content-type'), /^text\/event-stream/);
  const heard = [];
  const reading = (async () => {
    let rest = '';
    for await (const chunk of answer.body) {
      const parts = (rest + Buffer.from(chunk).toString()).split('\n\n');
      rest = parts.pop();
      for (const part of parts) {
        const name = part.match(/^event: (.*)$/m)?.[1];
        if (name === 'matter') heard.push(JSON.parse(part.match(/^data: (.*)$/m)[1]));
      }
    }
  })().catch(() => {});
  return {
    heard,
    ended: reading,
    stop: () => {
      end.abort();
      return reading;
    },
  };
}

/** Waits until it holds, a minute at most; what is asserted next tells what did not come. */
export async function until(holds) {
  for (let i = 0; i < 600 && !(await holds()); i++) await sleep(100);
}

export const newKey = () => randomBytes(15).toString('base64url');

function keepCookie(headers, line) {
  const [, name, value] = line.match(/^(\w+)=([^;]*)/);
  const others = (headers.Cookie ?? '').split('; ').filter((c) => c && !c.startsWith(`${name}=`));
  const all = value ? [...others, `${name}=${value}`] : others;
  if (all.length) headers.Cookie = all.join('; ');
  else delete headers.Cookie;
}

/** What may be sent twice goes once more when the connection turns out to be closed: one that lay
 *  idle while a command of the test ran has had its time. A server that fell is told by its log. */
async function send(url, options) {
  try {
    return await fetch(url, options);
  } catch (e) {
    const again = options.method === 'GET' || options.headers['Idempotency-Key'];
    if (!again || e.cause?.code !== 'UND_ERR_SOCKET') throw e;
    return fetch(url, options);
  }
}

/** Somebody who talks to the server; cookies are kept as a browser would. */
function client(city, { lang = 'zh-CN', headers = {} }) {
  const person = { headers: { 'Accept-Language': lang, ...headers }, city };

  /** One call; body: an object is sent as JSON, text and bytes as they are. */
  person.call = async (method, path, body, more = {}) => {
    const isJson = body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array);
    const sent = {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(method === 'GET' ? {} : { 'Idempotency-Key': newKey() }),
      ...person.headers,
      ...more,
    };
    const answer = await send(city.base + path, {
      method,
      headers: Object.fromEntries(Object.entries(sent).filter(([, v]) => v !== undefined)),
      body: isJson ? JSON.stringify(body) : body,
      redirect: 'manual',
    });
    for (const line of answer.headers.getSetCookie()) keepCookie(person.headers, line);
    const type = answer.headers.get('content-type') ?? '';
    const bytes = Buffer.from(await answer.arrayBuffer());
    const text = bytes.toString();
    const result = {
      method,
      path,
      status: answer.status,
      type,
      headers: answer.headers,
      text,
      bytes,
    };
    if (type.startsWith('application/json')) result.body = JSON.parse(text);
    check(city, result);
    return result;
  };
  person.get = (path, more) => person.call('GET', path, undefined, more);
  person.post = (path, body = {}, more) => person.call('POST', path, body, more);
  /** The body of an answer that must be 200. */
  person.done = async (method, path, body, more) => {
    const answer = await person.call(method, path, body, more);
    assert.equal(answer.status, 200, `${method} ${path}: ${answer.text.slice(0, 300)}`);
    return answer.body ?? answer.text;
  };
  person.read = (path) => person.done('GET', path);
  person.write = (path, body = {}, more) => person.done('POST', path, body, more);
  /** The same person, signed in, at another server. */
  person.at = (other) => Object.assign(client(other, { lang }), { headers: { ...person.headers } });
  /** A step on a matter as it stands now. */
  person.step = async (number, action, args = {}) => {
    const { seq } = await person.read(`/api/matters/${number}`);
    return person.write(`/api/matters/${number}/step`, { action, seq, ...args });
  };
  return person;
}

const protecting = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(self), geolocation=(self), microphone=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** What an answer must carry, whatever it is: headers that protect its reader. */
export function assertProtected(headers, what) {
  for (const [name, value] of Object.entries(protecting))
    assert.equal(headers.get(name), value, `${what}: ${name}`);
  const policy = headers.get('content-security-policy');
  for (const words of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", 'form-action '])
    assert.ok(policy?.includes(words), `${what}: ${policy}`);
  assert.doesNotMatch(policy, /unsafe|\*|http:/, what);
  assert.ok(headers.get('cache-control'), what);
}

function check(city, answer) {
  assertProtected(answer.headers, `${answer.method} ${answer.path} ${answer.status}`);
  if (!answer.path.startsWith('/api/')) return;
  assert.deepEqual(
    answerFaults(openapi, answer),
    [],
    `${answer.method} ${answer.path}: ${answer.text.slice(0, 300)}`,
  );
  const op = operation(openapi, answer.method.toLowerCase(), answer.path);
  if (op && answer.status === 200) city.called.add(op.operationId);
  if (answer.status >= 400) assert.equal(answer.body.status, answer.status);
}

/** Expects a refusal: its status, code, and field where one is named. */
export function refused(answer, status, code, field) {
  assert.deepEqual(
    { status: answer.status, code: answer.body?.code, field: answer.body?.field },
    { status, code, field },
    `${answer.method} ${answer.path}: ${answer.text.slice(0, 300)}`,
  );
  assert.ok(answer.body.message.length > 3);
  return answer.body;
}

/** Words of a step's row in a matter's actions. */
export function action(matter, name) {
  return matter.actions.find((a) => a.action === name);
}

export const grids = { ours: '320508018023001', next: '320508018025001', far: '320581006001001' };

/** Promises of a dispute that are not kept (or this one) were due yesterday, and it bound since then. */
export function lapse(city, number, promise) {
  const day = 24 * 3600_000;
  const of = `matter = (SELECT id FROM matter WHERE number = '${number}')`;
  const which = promise ? `no = ${promise}` : 'kept_ms IS NULL';
  city.database.change(`UPDATE promise SET due_ms = ${Date.now() - day} WHERE ${which} AND ${of}`);
  city.database.change(`UPDATE dispute SET effective_ms = effective_ms - ${day} WHERE ${of}`);
}
