// The sealing key is turned while people report and staff read who they are; the command is killed
// (-9) at one call after another, and every other time the server with it. Whatever happens, staff
// read every telephone; run once more the command goes on, and then all that is sealed opens with
// the new key and nothing with the old one, as worked out without the program. And the longest time
// in which nobody's report was acknowledged, beside that of the same load without a turn.
//   node tests/fault/rotate.mjs [--db sqlite|postgres] [--points N] [--growth F] [--matters N]
//     [--clients N] [--rest MS] [--seconds N]
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from './cluster.mjs';
import { Trial, experiment, options, program } from './common.mjs';
import { FailIo, KILL, RENAMES, SENDS, SYNCS, WRITES } from './fail_io.mjs';
import { opens, sealDataKey, sealingKeys } from './sealed.mjs';

const { db, points, growth, matters, clients, rest, seconds } = options({ db: 'sqlite', points: 16,
  growth: 1.6, matters: 20_000, clients: 8, rest: 60, seconds: 10 });
const phone = '13800001111';
const planted = 120; // rows of each of the other tables
const keyFile = (trial) => join(trial.folder, db === 'sqlite' ? 'x.db.key' : 'node.key');

/** What the demo city has none of: requests, guests, talks and second factors. */
function plant(trial, cluster) {
  const [key] = sealingKeys(keyFile(trial));
  const hex = (id) => (db === 'sqlite' ? `x'${sealDataKey(key, id).toString('hex')}'`
    : `'\\x${sealDataKey(key, id).toString('hex')}'`);
  const empty = db === 'sqlite' ? "x'00'" : "'\\x00'";
  const accounts = trial.database.rows("SELECT id FROM account WHERE username <> 'worker1'"
    + ' ORDER BY id LIMIT 20');
  const text = Array.from({ length: planted }, (_, i) => 9e8 + i).map((id) =>
    `INSERT INTO guest VALUES (320508, ${id}, 1, 'x', ${hex(id)}, ${empty}, '', NULL);`
    + ` INSERT INTO request VALUES (320508, ${id}, 0, 0, 0, 'see', '', 'open', 0, '', '', 1, 1, 0, NULL,`
    + ` 0, ${hex(id)}, NULL, NULL, NULL);`
    + ` INSERT INTO statement VALUES (320508, ${id}, 1, 'x', 1, 1, '', ${hex(id)}, ${empty}, '');`)
    .join('\n') + accounts.map(({ id }) =>
    `INSERT INTO second_factor VALUES (${id}, ${hex(id)}, ${empty}, 0, 0);`).join('\n');
  if (cluster) return cluster.psql(text);
  const file = new DatabaseSync(join(trial.folder, 'x.db'));
  file.exec(text);
  file.close();
}

function sealedRows(trial) {
  const column = db === 'sqlite' ? 'hex(data_key)' : "encode(data_key, 'hex')";
  const of = (table, id) =>
    `SELECT ${id} AS id, ${column} AS k FROM ${table} WHERE length(data_key) > 0`;
  return trial.database.rows([of('person', 'id'), of('request', 'id'), of('guest', 'matter'), of('statement', 'matter'),
    of('second_factor', 'account')].join(' UNION ALL '))
    .map(({ id, k }) => ({ id, sealed: Buffer.from(k, 'hex') }));
}

/** Runs the command; ended: its status, or the signal that killed it. */
function rotate(trial, env = {}) {
  const child = spawn(program, ['rotate-key', ...trial.database.options],
    { env: { ...trial.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      said += text;
    });
  return new Promise((ended) => child.once('close', (status, signal) =>
    ended({ status, signal, said })));
}

async function rotateWhole(trial) {
  const { status, said } = await rotate(trial);
  if (status !== 0) throw new Error(`rotate-key: ${said}`);
}

/** Everything is under the new key alone; how many rows there are. */
function sealedAnew(trial, old) {
  const keys = sealingKeys(keyFile(trial)), rows = sealedRows(trial);
  if (keys.length !== 1 || keys[0].equals(old)) throw new Error('the old key is still in the file');
  const unread = rows.filter(({ id, sealed }) => !opens(keys[0], id, sealed)).length;
  const left = rows.filter(({ id, sealed }) => opens(old, id, sealed)).length;
  if (unread || left)
    trial.wrong.push(`of ${rows.length}: ${unread} do not open with the new key, ${left} with the old`);
  return rows.length;
}

/** Reads who reported, without pause. */
async function reader(trial, counts) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  while (!trial.over) {
    const all = [...trial.reports.values()];
    if (all.length === 0) {
      await sleep(10);
      continue;
    }
    // the newest as often as any other: they are sealed by whatever key has just become the one
    const which = Math.random() < 0.5 ? 1 : 1 - Math.random();
    const { text } = all[Math.ceil(which * all.length) - 1];
    const answer = await trial.settle(agent, 'POST',
      `/api/matters/${JSON.parse(text).number}/reveal`,
      { ...trial.staff, 'Idempotency-Key': trial.newKey('reveal') },
      JSON.stringify({ reporter: 1, purpose: '回访' }));
    if (answer && JSON.parse(answer.text).phone !== phone)
      trial.wrong.push(`read wrongly: ${answer.text}`);
    counts.reads += answer !== undefined;
    await sleep(rest);
  }
  agent.destroy();
}

/** The longest time without an acknowledgement while work runs, and all of it. */
async function longestPause(trial, work) {
  const began = performance.now();
  let last = began, pause = 0;
  const hear = (_, now) => {
    pause = Math.max(pause, now - last);
    last = now;
  };
  trial.hearers.push(hear);
  await work();
  hear(0, performance.now());
  trial.hearers = trial.hearers.filter((other) => other !== hear);
  return { pause, ms: performance.now() - began };
}

await experiment(async () => {
  const cluster = db === 'postgres' ? await Cluster.make() : undefined;
  const trial = new Trial({ db, on: cluster }), counts = { reads: 0 };
  trial.reportBody = (key) => JSON.stringify({ text: `演练上报 ${key} 楼道堆物`, category: '0101',
    grid: '320508018023001', name: '沈阿姨', phone });
  const report = trial.report.bind(trial);
  trial.report = async (...of) => {
    const receipt = await report(...of);
    await sleep(rest);
    return receipt;
  };
  await trial.makeCity(matters);
  plant(trial, cluster);
  const fail = new FailIo(trial.folder, `${trial.folder}/`);
  await trial.start();
  await trial.run(clients);
  trial.running.push(reader(trial, counts));

  const still = await longestPause(trial, () => sleep(seconds * 1000));
  const [first] = sealingKeys(keyFile(trial));
  const turning = await longestPause(trial, () => rotateWhole(trial));
  let rows = sealedAnew(trial, first);

  const kinds = WRITES | SYNCS | RENAMES | (db === 'postgres' ? SENDS : 0);
  let kills = 0, serverKills = 0;
  for (let n = 1, i = 0; i < points; i++, n = Math.max(n + 1, Math.round(n * growth))) {
    const [old] = sealingKeys(keyFile(trial));
    fail.arm(n, kinds, KILL);
    const { signal } = await rotate(trial, fail.env);
    fail.disarm();
    if (signal !== 'SIGKILL') break;
    kills++;
    if (i % 2 === 1) {
      await trial.kill();
      await trial.start();
      serverKills++;
    }
    await trial.acknowledgement();
    const keys = sealingKeys(keyFile(trial));
    // killed when it had just taken the old key out, it had nothing left to do
    if (keys[0].equals(old) || keys.length === 2) await rotateWhole(trial);
    rows = sealedAnew(trial, old);
  }
  fail.close();
  if (kills === 0 || counts.reads === 0) trial.wrong.push('nothing was tried');
  const left = readdirSync(trial.folder).filter((name) => name.includes('.key.'));
  if (left.length) trial.wrong.push(`left behind: ${left}`);
  const good = await trial.end(`the sealing key turned on ${db}`, `${rows} rows, ${kills} kills`
    + ` of the command and ${serverKills} of the server, ${counts.reads} telephones read; a turn took`
    + ` ${(turning.ms / 1000).toFixed(1)} s, longest pause of writers ${Math.round(turning.pause)} ms`
    + ` (without a turn ${Math.round(still.pause)} ms)`);
  return good && (seconds < 5 || turning.pause <= Math.max(100, still.pause));
});
