// common.mjs: the frame of the fault experiments: a demo city on a database of either kind, its
// server, clients that report and take steps without pause and repeat with the same key whatever did
// not succeed, and the final reckoning: is everything that was acknowledged there, exactly once, and
// does the record verify?
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

export const program = process.env.FENGQIAO ?? 'build/fengqiao';
const grid = '320508018023001';
/** Where limits are in force, one grid does not take that many reports at once. */
const grids = ['001', '002', '003', '004', '901'].map((last) => `320508018023${last}`);
const retryMs = 20;

/** Options of a script: `defaults` names them all; numbers stay numbers. */
export function options(defaults) {
  const known = Object.entries(defaults).map(([name, value]) => [
    name,
    { type: 'string', default: String(value) },
  ]);
  const { values } = parseArgs({ options: Object.fromEntries(known) });
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => [
      name,
      typeof defaults[name] === 'number' ? Number(text) : text,
    ]),
  );
}

export function must(command, ...args) {
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 256 << 20 });
  if (done.status !== 0)
    throw new Error(`${command} ${args.join(' ')}: ${done.stdout}${done.stderr ?? done.error}`);
  return done.stdout;
}

/** The same beside what else this process does. */
async function finished(args, env) {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      said += text;
    });
  const status = await new Promise((ended) => child.once('close', ended));
  return { status, said };
}

export function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}
export const percentile = (ms, p) => [...ms].sort((a, b) => a - b)[Math.floor((ms.length - 1) * p)];
/** "p50 … ms, p99 … ms, max … ms" */
export const spread = (ms) =>
  [['p50', 0.5], ['p99', 0.99], ['max', 1]]
    .map(([name, p]) => `${name} ${Math.round(percentile(ms, p))} ms`).join(', ');

function fileAt(file) {
  return {
    options: ['--db', file],
    serving: ['--db', file],
    rows(text) {
      const db = new DatabaseSync(file, { readOnly: true });
      try {
        return db.prepare(text).all();
      } finally {
        db.close();
      }
    },
    remove() {},
  };
}

function databaseOn(cluster, folder, url) {
  return {
    options: ['--db', cluster.url('postgres'), '--data', folder],
    serving: ['--db', url ?? cluster.url('postgres'), '--data', folder],
    rows: (text) => cluster.rows(text),
    remove: () => cluster.remove(),
  };
}

export class Trial {
  /** db: sqlite or postgres; on: the folder of a database file, or the Cluster of a server; url:
   * how the program is to reach that. */
  constructor({ db = 'sqlite', on, url, serve = [], env = {}, wrap = [], callMs = 5000,
    limits = false } = {}) {
    this.folder = mkdtempSync(join(process.env.TMPDIR ?? tmpdir(), 'fengqiao-fault-'));
    if (db !== 'sqlite' && db !== 'postgres') throw new Error('--db sqlite or --db postgres');
    this.database = db === 'postgres'
      ? databaseOn(on, this.folder, url) : fileAt(join(on ?? this.folder, 'x.db'));
    this.serve = [...(limits ? [] : ['--no-limits']), ...serve];
    this.env = { ...process.env, LANG: 'en', LC_ALL: 'en', ...env };
    this.wrap = wrap;
    this.callMs = callMs;
    this.limits = limits;
    this.reports = new Map(); // key: {body, text}, as first answered
    this.notes = new Map(); // key: {number}
    this.takes = new Set(); // numbers
    this.unsettled = [];
    this.wrong = []; // answers that nobody should get
    this.readyMs = [];
    this.refusals = 0;
    this.hearers = [];
    this.running = [];
    this.count = 0;
    this.log = '';
    this.deaf = false; // nothing that still arrives has been said
  }

  async makeCity(matters = 0, where = this.database.options) {
    const { status, said } = await finished(['demo', ...where, '--matters',
      String(matters), '--only-make'], this.env);
    if (status !== 0) throw new Error(said);
  }

  /** Starts the server and waits until it listens. */
  async start(more = {}) {
    const began = performance.now();
    const watched = more.LD_PRELOAD ? ['--no-sandbox'] : []; // its files lie where none may look
    const [command, ...args] = [...this.wrap, program, 'serve', ...this.database.serving,
      '--listen', '127.0.0.1:0', ...watched, ...this.serve];
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...this.env, ...more },
    });
    const endWithUs = () => child.kill('SIGKILL');
    process.once('exit', endWithUs);
    const ended = new Promise((done) => child.once('close', (...how) => {
      process.off('exit', endWithUs);
      done(how);
    }));
    let said = '';
    child.stderr.on('data', (text) => {
      this.log = (this.log + text).slice(-65536);
    });
    const port = await new Promise((found) => {
      child.stdout.on('data', (text) => {
        said += text;
        const at = /port (\d+)/.exec(said)?.[1];
        if (at) found(Number(at));
      });
      ended.then(() => found(0));
    });
    if (!port) throw new Error(`the server did not start: ${this.log.slice(-2000)}`);
    this.readyMs.push(performance.now() - began);
    this.server = { child, ended, port };
    this.deaf = false;
    this.log += `{"event":"trial.started"}\n`;
  }

  /** The server again, as a supervisor would: until it stays. */
  async startUntilItRuns(patienceMs = 60_000) {
    const until = performance.now() + patienceMs;
    for (;;) {
      try {
        return await this.start();
      } catch (error) {
        if (performance.now() > until) throw error;
        await sleep(200);
      }
    }
  }

  async kill() {
    this.server.child.kill('SIGKILL');
    await this.server.ended;
  }

  async stop() {
    this.server.child.kill('SIGTERM');
    const late = sleep(60_000, ['too late'], { ref: false });
    const [status, signal] = await Promise.race([this.server.ended, late]);
    if (status !== 0) this.wrong.push(`the server ended with ${status ?? signal}`);
  }

  call(agent, method, path, headers, body, timeout = this.callMs) {
    return new Promise((resolve) => {
      const lost = () => resolve({ status: 0, text: '', headers: {} });
      const content = body === undefined ? {} : {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
      };
      const request = http.request({ agent, port: this.server.port, host: '127.0.0.1', method, path,
        timeout, headers: { 'Accept-Language': 'en', ...this.from(), ...content, ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => response.complete && !this.deaf
          ? resolve({ status: response.statusCode, text, headers: response.headers }) : lost());
        response.on('error', lost);
        response.on('close', lost);
      });
      request.on('error', lost);
      request.on('timeout', () => request.destroy());
      request.end(body);
    });
  }

  /** With limits, everybody has an address of their own, as behind a proxy. */
  from() {
    const byte = () => Math.floor(Math.random() * 256);
    return this.limits ? { 'X-Forwarded-For': `10.${byte()}.${byte()}.${byte()}` } : {};
  }

  /** Calls until it is done, or the clients are to end, or it is refused for good. */
  async settle(agent, method, path, headers, body, until = () => this.over) {
    while (!until()) {
      const began = performance.now();
      const answer = await this.call(agent, method, path, headers, body);
      if (answer.status === 200) {
        for (const hear of this.hearers) hear(began, performance.now());
        return answer;
      }
      if (answer.status !== 0 && !this.isHonest(answer)) return undefined;
      await sleep(retryMs);
    }
    return undefined;
  }

  /** A refusal for now says so, and when to come again. */
  isHonest(answer) {
    let code;
    try {
      ({ code } = JSON.parse(answer.text));
    } catch {}
    this.refusals += answer.status === 503;
    const codes = { 503: ['busy', 'storage', 'unknown', 'io'], 429: this.limits ? ['limit'] : [] };
    if (Number(answer.headers['retry-after']) > 0 && codes[answer.status]?.includes(code))
      return true;
    this.wrong.push(`${answer.status} ${answer.text.slice(0, 200)}`);
    return false;
  }

  reportBody(key) {
    const where = this.limits ? grids[Number(key.slice(-10)) % grids.length] : grid;
    return JSON.stringify({ text: `演练上报 ${key} 楼道堆物`, category: '0101', grid: where });
  }

  newKey(name) {
    return `fault-${name}-${String(++this.count).padStart(10, '0')}`;
  }

  /** One report, settled; undefined when the clients are to end before it is. */
  async report(agent, name) {
    const key = this.newKey(name), body = this.reportBody(key);
    const answer = await this.settle(agent, 'POST', '/api/reports', { 'Idempotency-Key': key },
      body);
    if (answer === undefined) this.unsettled.push({ key, body });
    else this.reportKnown(key, body, answer.text);
    if (this.limits) await sleep(500); // so that it is not the limit of the grid that is tried
    return answer && JSON.parse(answer.text);
  }

  reportKnown(key, body, text) {
    const before = this.reports.get(key);
    if (before && before.text !== text) this.wrong.push(`${key}: repeated, answered differently`);
    if (!before) this.reports.set(key, { body, text });
  }

  async reporter(name) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    while (!this.over) await this.report(agent, name);
    agent.destroy();
  }

  async signIn(username) {
    const body = JSON.stringify({ username, password: 'fengqiao-demo-2026' });
    const answer = await this.settle(undefined, 'POST', '/api/login', {}, body, () => false);
    return {
      Cookie: answer.headers['set-cookie'][0].split(';')[0],
      'X-CSRF': JSON.parse(answer.text).csrf,
    };
  }

  /** Somebody of the staff: takes on what they have reported, and writes a note. */
  async stepper(name, staff) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    while (!this.over) {
      const receipt = await this.report(agent, name);
      if (!receipt) break;
      const path = `/api/matters/${receipt.number}/step`;
      const step = (key, body) => this.settle(agent, 'POST', path,
        { ...staff, 'Idempotency-Key': key }, JSON.stringify(body));
      if (await step(this.newKey(name), { action: 'take' })) this.takes.add(receipt.number);
      const key = this.newKey(name);
      if (await step(key, { action: 'note', note: `演练记录 ${key}` }))
        this.notes.set(key, receipt.number);
    }
    agent.destroy();
  }

  /** So many clients; every fourth is of the staff. */
  async run(clients) {
    this.over = false;
    this.staff ??= await this.signIn('worker1');
    this.running = Array.from({ length: clients }, (_, i) =>
      i % 4 === 3 ? this.stepper(i, this.staff) : this.reporter(i));
    await this.acknowledgement();
  }

  /** How long from now until something that was sent from now on is acknowledged. */
  async acknowledgement(patienceMs = 120_000) {
    const from = performance.now();
    const heard = new Promise((hear) => {
      const one = (began, now) => {
        if (began < from) return;
        this.hearers = this.hearers.filter((other) => other !== one);
        hear(now - from);
      };
      this.hearers.push(one);
    });
    const ms = await Promise.race([heard, sleep(patienceMs, -1, { ref: false })]);
    if (ms < 0) throw new Error(`nothing is acknowledged any more: ${this.log.slice(-2000)}`);
    return ms;
  }

  /** Ends the clients and settles what they could not. */
  async rest() {
    this.over = true;
    await Promise.all(this.running);
    const until = performance.now() + 60_000;
    for (const { key, body } of this.unsettled.splice(0)) {
      const answer = await this.settle(undefined, 'POST', '/api/reports',
        { 'Idempotency-Key': key }, body, () => performance.now() > until);
      if (answer) this.reportKnown(key, body, answer.text);
      else this.wrong.push(`${key} cannot be settled`);
    }
  }

  async each(items, work) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
    for (let i = 0; i < items.length; i += 64)
      await Promise.all(items.slice(i, i + 64).map((item) => work(agent, item)));
    agent.destroy();
  }

  /** Opens every receipt, and sends (some of) the reports once more. */
  async receiptsOpen(repeated) {
    const all = [...this.reports];
    let lost = 0;
    const until = performance.now() + 600_000; // a machine that is slow to answer has lost nothing
    await this.each(all, async (agent, [key, { text }]) => {
      const { code, number } = JSON.parse(text);
      const headers = { Authorization: `Receipt ${code}` };
      let answer;
      do answer = await this.call(agent, 'GET', '/api/receipt', headers);
      while ((answer.status === 0 || answer.status === 503) && performance.now() < until);
      if (answer.status === 200 && JSON.parse(answer.text).number === number) return;
      this.wrong.push(`receipt of ${key}: ${answer.status} ${answer.text.slice(0, 200)}`);
      lost++;
    });
    await this.each(all.slice(-repeated), async (agent, [key, { body }]) => {
      const answer = await this.call(agent, 'POST', '/api/reports', { 'Idempotency-Key': key },
        body);
      if (answer.status === 200) this.reportKnown(key, body, answer.text);
      else this.wrong.push(`repeated: ${answer.status} ${answer.text.slice(0, 200)}`);
    });
    return lost;
  }

  /** What is in the database against what was acknowledged. */
  compare() {
    const { rows } = this.database;
    const stored = new Map();
    let twice = 0, lost = 0;
    for (const { text, number } of rows(
      "SELECT text, number FROM matter WHERE text LIKE '演练上报%'")) {
      const key = text.split(' ')[1];
      twice += stored.has(key);
      stored.set(key, number);
    }
    for (const [key, { text }] of this.reports) {
      if (stored.get(key) === JSON.parse(text).number) continue;
      this.wrong.push(`${key} is not in the database`);
      lost++;
    }
    const notes = rows("SELECT text FROM note WHERE text LIKE '演练记录%'")
      .map(({ text }) => text.split(' ')[1]);
    const noted = new Set(notes);
    twice += notes.length - noted.size;
    for (const key of this.notes.keys()) lost += !noted.has(key);
    const taken = rows("SELECT m.number AS number, count(*) AS n FROM entry e JOIN matter m"
      + " ON m.area = e.area AND m.id = e.matter WHERE e.action = 'take' GROUP BY m.number");
    const takenBy = new Map(taken.map(({ number, n }) => [number, Number(n)]));
    for (const number of this.takes) {
      lost += !takenBy.has(number);
      twice += takenBy.get(number) > 1;
    }
    const [{ n }] = rows('SELECT (SELECT count(*) FROM entry) - (SELECT count(*) FROM leaf) AS n');
    if (Number(n) !== 0) this.wrong.push(`${n} entries are not in the log`);
    return { stored: stored.size, twice, lost };
  }

  /** The final reckoning. Prints one line, removes everything and ends the process. */
  async end(title, figures, { repeated = 20_000, isRunning = true } = {}) {
    if (!isRunning) await this.startUntilItRuns();
    await this.rest();
    let lost = await this.receiptsOpen(repeated);
    await this.stop();
    const found = this.compare();
    lost += found.lost;
    const verified = await finished(['verify', ...this.database.options], this.env);
    const clean = verified.status === 0;
    const acknowledged = this.reports.size + this.takes.size + this.notes.size;
    const good = clean && !lost && !found.twice && !this.wrong.length && acknowledged > 0;
    console.log(`${good ? 'ok  ' : 'FAIL'} ${title}: ${acknowledged} acknowledged, ${lost} lost, `
      + `${found.twice} twice, ${this.wrong.length} answered wrongly, `
      + `verify ${clean ? 'clean' : 'NOT CLEAN'}${figures ? `, ${figures}` : ''}`);
    if (!clean) console.log(verified.said);
    if (!good) console.log([...new Set(this.wrong)].slice(0, 10).join('\n'), this.log.slice(-3000));
    await this.remove();
    return good;
  }

  async remove() {
    await this.database.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => process.exit(1));

/** Runs the experiment; an error is a failure, and leaves nothing behind. Its line comes at the
 * end; until then it says now and then that it is still at it. */
export async function experiment(run) {
  const began = performance.now();
  const atIt = () => console.error(`   ${basename(process.argv[1])}: `
    + `${Math.round((performance.now() - began) / 1000)} s so far`);
  let good = false;
  setInterval(atIt, 30_000).unref();
  try {
    good = await run();
  } catch (error) {
    console.log(`FAIL ${error.stack}`);
  }
  process.exit(good ? 0 : 1);
}
