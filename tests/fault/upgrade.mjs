// An upgrade of a large database: a city made by an older program is brought up to date by this one;
// every value of every old column must be as it was, the record sound, and the older program must
// refuse the database afterwards with a clear word.
//   node tests/fault/upgrade.mjs --old BUILD [--matters N]    BUILD: where the older one was built
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { experiment, options, program } from './common.mjs';

const { old, matters } = options({ old: '', matters: 1000000 });
const folder = '/var/tmp/fengqiao-upgrade', file = `${folder}/city.db`;

function run(command, ...args) {
  const begun = performance.now();
  const env = { ...process.env, LC_ALL: 'C' };
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 << 20, env });
  return { ...done, seconds: (performance.now() - begun) / 1000 };
}
function good(...command) {
  const done = run(...command);
  if (done.status !== 0) throw new Error(`${command.join(' ')}: ${done.stdout}${done.stderr}`);
  return done;
}

/** What each table holds: its columns, and a digest of its rows in the order of their keys. */
function contents(of) {
  const db = new DatabaseSync(file, { readOnly: true });
  const tables = of ?? db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all()
    .map(({ name }) => ({ name, columns: db.prepare(`PRAGMA table_info(${name})`).all().map((c) => c.name) }));
  const found = tables.map(({ name, columns }) => {
    const keys = db.prepare(`PRAGMA table_info(${name})`).all().filter((c) => c.pk > 0)
      .sort((a, b) => a.pk - b.pk).map((c) => c.name);
    const rows = db.prepare(`SELECT ${columns.join(', ')} FROM ${name} ORDER BY ${keys.join(', ') || 'rowid'}`);
    rows.setReadBigInts(true);
    const hash = createHash('sha256');
    let n = 0;
    for (const row of rows.iterate()) {
      for (const value of Object.values(row))
        hash.update(value instanceof Uint8Array ? value : `${value}\u0000`);
      n++;
    }
    return { name, columns, n, digest: hash.digest('hex') };
  });
  db.close();
  return found;
}
const version = () => {
  const db = new DatabaseSync(file, { readOnly: true });
  const { user_version: is } = db.prepare('PRAGMA user_version').get();
  db.close();
  return is;
};

await experiment(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  try {
    good(`${old}/fengqiao`, 'demo', '--only-make', '--matters', '0', '--db', file);
    good(`${old}/tests/bench/fill`, file, '-', String(matters), '20');
    const from = version(), before = contents();
    const migrated = good(program, 'migrate', '--db', file);
    const after = contents(before);
    const differ = before.filter(({ digest }, i) => digest !== after[i].digest);
    const audit = good(program, 'verify', '--db', file, '--json');
    const refused = run(`${old}/fengqiao`, 'serve', '--db', file, '--listen', '127.0.0.1:0');
    const isRefused = refused.status === 1 && /newer version/.test(refused.stderr);
    const { matters: found } = JSON.parse(audit.stdout);
    console.log(JSON.stringify({ from, to: version(), matters: found,
      bytes: statSync(file).size, seconds: Number(migrated.seconds.toFixed(1)),
      tables: before.length, rows: before.reduce((sum, { n }) => sum + n, 0),
      differ: differ.map(({ name }) => name), verify_s: Number(audit.seconds.toFixed(0)),
      downgrade: isRefused ? 'refused' : refused.stderr }));
    return differ.length === 0 && isRefused;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
