// doctor.test.mjs: `fengqiao doctor --db` looks a database and what it needs over: well as it is
// made, and each thing that goes wrong is named with its remedy, in both languages; nothing is
// changed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, cpSync, mkdirSync, mkdtempSync, openSync, readdirSync } from 'node:fs';
import { renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';

const program = resolve(process.env.FENGQIAO ?? 'build/fengqiao');
const folder = mkdtempSync(join(tmpdir(), 'fengqiao-doctor-'));
const at = (lang, ...args) => spawnSync(program, args,
  { cwd: folder, encoding: 'utf8', timeout: 120_000, env: { ...process.env, LC_ALL: lang } });
const done = (...args) => {
  const ran = at('C', ...args);
  assert.equal(ran.status, 0, `${args}: ${ran.stderr}`);
  return ran;
};
before(() => {
  done('init', '--from', resolve('data/town'), '--db', 'town.db', '--passwords', 'passwords.csv');
  mkdirSync(join(folder, 'demo'));
  done('demo', '--only-make', '--matters', '1', '--db', 'demo/demo.db');
  mkdirSync(join(folder, 'copies'));
  done('backup', '--db', 'town.db', '--to', 'copies/today');
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the town under another name, changed; what the doctor says of it. */
function patient(name, change = () => {}, ...more) {
  mkdirSync(join(folder, name));
  for (const file of readdirSync(folder).filter((f) => f.startsWith('town.db')))
    cpSync(join(folder, file), join(folder, name, file), { recursive: true });
  const path = (file) => join(folder, name, file);
  change(path);
  return at('C', 'doctor', '--db', `${name}/town.db`, ...more);
}
const sql = (text) => (path) => {
  const db = new DatabaseSync(path('town.db'));
  db.exec(text);
  db.close();
};
const faulty = (ran, words) => {
  assert.equal(ran.status, 1, ran.stdout + ran.stderr);
  assert.match(ran.stdout, words);
  assert.match(ran.stdout, /\n\d+ faults\n$/);
};

test('a database that is well is said to be, thing by thing, and nothing is changed', () => {
  const before = readdirSync(folder).sort();
  const well = at('C', 'doctor', '--db', 'town.db', '--backup', 'copies', '--whole');
  // the holidays of a year are published shortly before it begins
  const faults = well.stdout.match(/^fault .*/gm)?.filter((f) => !/no calendar of 20\d\d/.test(f));
  assert.equal(faults?.length ?? 0, 0, well.stdout + well.stderr);
  if (faults === undefined) assert.equal(well.status, 0);
  for (const words of [/ok {5}The database town\.db opens; its schema, version \d+/, /file and its indexes are sound/,
    /goes to a log first \(WAL\)/, /MiB free; the database takes \d+ MiB/, /key file town\.db\.key is this user's alone and fits/,
    /clock says \d{4}-\d\d-\d\d\S+ after the last entry/, /last backup was made on .*, 0 days ago/,
    /helpers for photos, printing and layers are there/, /seccomp/, /\n(Nothing is at fault|1 faults)\n$/])
    assert.match(well.stdout, words);
  assert.deepEqual(readdirSync(folder).sort(), before);
  const zh = at('zh_CN.UTF-8', 'doctor', '--db', 'town.db').stdout;
  assert.match(zh, /正常 {2}数据库文件完好[^]*注意 {2}不知道上次什么时候备份[^]*辅助程序都在/);
});

test('what is wrong is named with its remedy', () => {
  faulty(patient('none', (path) => rmSync(path('town.db'))), /fault {2}The database none\/town\.db does not open\n.*Check --db/);
  faulty(patient('newer', sql('PRAGMA user_version = 99')), /fault {2}.*made by a newer version/);
  faulty(patient('keyless', (path) => rmSync(path('town.db.key'))), /fault {2}.*key file is missing: keyless\/town\.db\.key\n {7}→ Put back the key file/);
  faulty(patient('open', (path) => chmodSync(path('town.db.key'), 0o644)), /fault {2}.*open\/town\.db\.key/);
  const ahead = `PRAGMA foreign_keys = OFF; INSERT INTO entry VALUES
    (990121, 1, 1, 9, 4102444800000, 'system', 0, 0, 'report', '', '', 1, 0, NULL, '{}', '', '')`;
  faulty(patient('late', sql(ahead)), /fault {2}The clock .* stands before the last entry of the ledger\n.*Set the clock/);
  faulty(patient('vacant', sql('DELETE FROM membership')), /fault {2}There is no administrator\n {7}→ Give somebody the role/);
  faulty(patient('unsaved', () => {}, '--backup', 'unsaved'), /fault {2}There is no backup in unsaved\n.*Back up every day/);
  faulty(patient('photos', (path) => {
    rmSync(path('town.db.photos'), { recursive: true, force: true });
    writeFileSync(path('town.db.photos'), '');
  }), /fault {2}Photos cannot be written to photos\/town\.db\.photos/);
  const other = patient('other', (path) => cpSync(join(folder, 'demo/demo.db.key'), path('town.db.key')));
  faulty(other, /fault {2}The key file other\/town\.db\.key is of another database.*\n {7}→ Put back the key file of this database/);
});

/** As a user who may not write what is not theirs; root may write everything. */
const asOther = (...args) => spawnSync(program, args, { cwd: folder, encoding: 'utf8',
  timeout: 60_000, env: { ...process.env, LC_ALL: 'C' },
  ...(process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {}) });

test('--data left out and a file without a database have their remedies', () => {
  faulty(patient('beside', (path) => renameSync(path('town.db.key'), path('node.key'))),
    /fault {2}.*node\.key lies beside it: give --data/);
  const serve = at('C', 'serve', '--db', 'beside/town.db', '--listen', '127.0.0.1:0');
  assert.equal(serve.status, 1);
  assert.match(serve.stderr, /node\.key lies beside it: give --data/);
  faulty(patient('blank', (path) => writeFileSync(path('town.db'), '')), /no database of this program here\n {7}→ Check --db/);
});

test('who may read and write the files is told', () => {
  faulty(patient('loose', (path) => chmodSync(path('town.db'), 0o666)),
    /fault {2}Other users may write to loose\/town\.db \(mode 666; it should be 600\)\n {7}→ chmod 600 loose/);
  faulty(patient('wide', (path) => chmodSync(path(''), 0o777)), /fault {2}Other users may write to wide \(mode 777/);
  const read = patient('read', (path) => chmodSync(path('town.db'), 0o644));
  assert.match(read.stdout, /note {3}Other users may read read\/town\.db, which holds personal data \(mode 644/);
  patient('shut', (path) => {
    chmodSync(folder, 0o755);
    chmodSync(path('town.db'), 0o444);
    chmodSync(path('town.db.key'), 0o444);
  });
  const refused = asOther('serve', '--db', 'shut/town.db', '--listen', '127.0.0.1:0');
  const shut = asOther('doctor', '--db', 'shut/town.db');
  chmodSync(folder, 0o700);
  assert.equal(refused.status, 1, refused.stdout);
  assert.match(refused.stderr, /database file shut\/town\.db cannot be written/);
  faulty(shut, /fault {2}The database file shut\/town\.db cannot be written; let its owner write \(chmod 600\)/);
});

test('photos that matters refer to and that are gone are told by the doctor and a backup', () => {
  const row = (no, digit) => `INSERT INTO attachment VALUES
    (990121, 1, ${no}, 1, '${digit.repeat(64)}', '${digit.repeat(64)}', 9, 9, 'before');`;
  const db = new DatabaseSync(join(folder, 'demo/demo.db'));
  const { area, id, number } = db.prepare('SELECT area, id, number FROM matter LIMIT 1').get();
  db.exec((row(901, 'a') + row(902, 'b')).replaceAll('(990121, 1,', `(${area}, ${id},`));
  db.close();
  const photos = join(folder, 'demo/demo.db.photos');
  mkdirSync(join(photos, 'aa/aa'), { recursive: true });
  writeFileSync(join(photos, 'aa/aa', 'a'.repeat(64)), '');
  const lost = new RegExp(`Of 2 photos of matters 1 are not there, such as of matter ${number}`);
  const doctor = at('C', 'doctor', '--db', 'demo/demo.db');
  faulty(doctor, new RegExp(`fault {2}${lost.source}\n {7}→ Bring the folder`));
  rmSync(photos, { recursive: true });
  const backup = done('backup', '--db', 'demo/demo.db', '--to', 'demo/copy');
  assert.match(backup.stderr, /Note: Of 2 photos of matters 2 are not there[^]*the backup lacks them/);
  assert.match(backup.stdout, /0 photos \(2 missing\)/);
});

test('a file that is damaged is told of, and one out of WAL mode', () => {
  faulty(patient('torn', (path) => {
    const db = new DatabaseSync(path('town.db'));
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const { rootpage } = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'access_log'").get();
    db.close();
    const file = openSync(path('town.db'), 'r+');
    writeSync(file, Buffer.alloc(512, 0xa5), 0, 512, (rootpage - 1) * 4096);
    closeSync(file);
  }), /fault {2}The database file (is damaged|cannot be read to its end)[^]*restore a backup/);
  const plain = patient('plain', sql('PRAGMA journal_mode = DELETE'));
  assert.match(plain.stdout, /note {3}The database file is not in WAL mode/);
});

test('wrong usage says what goes together', () => {
  for (const [args, words] of [[[], /--db is needed/], [['--grants', '--whole'], /do not go together/],
    [['--check', 'serve', '--data', 'x', '--db', 'x'], /do not go together/], [['--check', 'read'], /--db is needed/]]) {
    const ran = at('C', 'doctor', ...args);
    assert.equal(ran.status, 2);
    assert.match(ran.stderr, words);
  }
});
