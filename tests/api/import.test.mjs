// import.test.mjs: a deployer edits tables: faults are explained, good tables become versions, and
// a running server follows them without a restart.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { emptyDatabase, program, run, until } from './city.mjs';

const folder = mkdtempSync(join(tmpdir(), 'fengqiao-import-'));
const database = emptyDatabase(folder);
const { where, options } = database;

const importText = (name, text, ...more) => {
  const file = join(folder, `${name}.csv`);
  writeFileSync(file, text);
  return run('import', name, file, ...options, ...more);
};
const exported = (name) => {
  const done = run('export', name, ...where);
  assert.equal(done.status, 0, done.stderr);
  return done.stdout;
};

before(() => {
  const made = run('demo', '--only-make', '--matters', '1', ...options);
  assert.equal(made.status, 0, made.stderr);
});
after(() => {
  database.drop();
  rmSync(folder, { recursive: true, force: true });
});

test('every table in force can be exported and imported unchanged', () => {
  for (const name of ['category', 'limit', 'rule', 'calendar', 'template', 'units']) {
    const text = exported(name);
    const done = importText(name, text);
    assert.equal(done.status, 0, `${name}: ${done.stderr}`);
    assert.match(done.stdout, /rows stored as version/);
    assert.equal(exported(name), text);
  }
});

test('faults are named by line and column in the reader\'s language, and nothing is stored', () => {
  const good = exported('limit');
  const bad = good.replace(',EH,', ',XX,');
  const en = importText('limit', bad);
  assert.equal(en.status, 1);
  assert.match(en.stderr, /limit\.csv:2: unit: Unknown value "XX"; use one of WH EH WD CD/);
  assert.match(en.stdout, /nothing was stored/);
  const zh = importText('limit', bad, '--lang', 'zh');
  assert.match(zh.stderr, /不认识的取值「XX」；可用 WH EH WD CD/);
  const json = importText('limit', bad, '--json');
  assert.equal(json.status, 1);
  const outcome = JSON.parse(json.stdout);
  assert.equal(outcome.faults_total, 1);
  assert.equal(outcome.faults[0].line, 2);
  assert.equal(outcome.faults[0].field, 'unit');
  assert.equal(outcome.version, undefined);
  assert.equal(exported('limit'), good);
});

const exportedJson = (name) => {
  const done = run('export', name, ...where, '--as', 'json');
  assert.equal(done.status, 0, done.stderr);
  return done.stdout;
};

test('every table in force goes out as JSON and comes back unchanged', () => {
  for (const name of ['category', 'limit', 'rule', 'calendar', 'template', 'deputy', 'subsidy', 'units', 'duty']) {
    const before = exported(name), json = exportedJson(name);
    const rows = JSON.parse(json);
    assert.ok(rows.length > 0 && json.trimEnd().split('\n').length === rows.length + 2, name);
    const head = before.replace('\ufeff', '').split(/\r?\n/)[0].split(',');
    assert.ok(rows.every((r) => Object.keys(r).join() === head.join()), name);
    const done = importText(name, json);
    assert.equal(done.status, 0, `${name}: ${done.stderr}`);
    assert.match(done.stdout, new RegExp(`^${rows.length} rows stored`), name);
    assert.equal(exportedJson(name), json);
    assert.equal(importText(name, before).status, 0, name);     // and the CSV it was
    assert.equal(exported(name), before);
  }
  const [first] = JSON.parse(exportedJson('limit'));
  assert.deepEqual([first.category, first.tier, first.unit], [null, 4, 'EH']);
});

test('rows of JSON are named by number and column, and what is no array of flat objects is refused', () => {
  const rows = JSON.parse(exportedJson('template'));
  rows[0].text = 'one\ntwo\n';                        // takes more lines, counts as one row
  rows[2].category = '7';
  const bad = importText('template', JSON.stringify(rows, null, 2));
  assert.equal(bad.status, 1);
  assert.match(bad.stderr, /template\.csv: row 3: category: There is no category 7/);
  assert.deepEqual(JSON.parse(importText('template', JSON.stringify(rows), '--json').stdout).faults
    .map((f) => [f.row, f.line, f.field]), [[3, undefined, 'category']]);
  assert.match(importText('template', JSON.stringify(rows), '--lang', 'zh').stderr, /: 第 3 行: category: 没有类别 7/);
  for (const [text, said] of [
    ['{"code":"x"}', /template\.csv: The JSON must be an array of objects/],
    ['[]', /The list is empty; write a row at least/],
    ['[{"code":"x"', /Malformed JSON at line:column 1:/],
    ['[{"code":"x","code":"y"}]', /Malformed JSON/],
    ['[1]', /row 1: This must be an object/],
    ['[{"code":"x","title":{"zh":"y"}}]', /row 1: title: This must be a single value/],
    ['[{"code":"x"},{"colour":"red"}]', /row 2: There is no column called "colour"/],
    ['[{"code":"x","title":"t","text":"y"},{"code":"z","title":"t","title_en":"t"}]', /row 2: text: This field is required/],
    ['[{"code":"x","title":"t"}]', /template\.csv: text: The column text is missing/],
  ]) {
    const done = importText('template', text);
    assert.equal(done.status, 1, text);
    assert.match(done.stderr, said, text);
    assert.match(done.stdout, /nothing was stored/, text);
  }
  assert.equal(run('export', 'limit', ...where, '--as', 'geojson').status, 2);
});

test('rows of the roster are counted as the file has them, not by the days they name', () => {
  const rows = exported('duty').trimEnd().split('\n');
  const several = ['grid,320508018023001,mon tue wed,08:00,17:00,worker1', 'grid,320508018023001,daily,17:00,08:00,worker2'];
  const done = importText('duty', `${[rows[0], ...several].join('\n')}\n`, '--dry-run');
  assert.match(done.stdout, /^2 rows read, no faults/, done.stderr);
});

test('a dry run stores nothing; a version for later waits', () => {
  const now = exported('template');
  const next = 'code,title,title_en,text\nx,题,T,正文\n';
  const dry = importText('template', next, '--dry-run', '--json');
  assert.equal(dry.status, 0);
  assert.equal(JSON.parse(dry.stdout).version, undefined);
  assert.equal(importText('template', next, '--valid-from', '2099-01-01').status, 0);
  assert.equal(exported('template'), now);
});

test('wrong usage ends with status 2 and says what to do', () => {
  assert.equal(run('import').status, 2);
  assert.equal(run('import', 'nothing', 'x.csv').status, 2);
  assert.equal(run('export', 'accounts', ...where).status, 2);
  assert.match(run('import', 'limit', 'x.csv', '--valid-from', 'soon').stderr, /--valid-from: a day such as/);
  assert.equal(importText('limit', 'x', '--valid-from', '2027-02-30').status, 2);
  const missing = run('import', 'limit', join(folder, 'nowhere.csv'), ...options);
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /Cannot open the file/);
});

const listening = (child) => new Promise((resolve, reject) => {
  let said = '';
  child.stdout.on('data', (data) => {
    said += data;
    const port = said.match(/port (\d+)/)?.[1];
    if (port) resolve(`http://127.0.0.1:${port}`);
  });
  child.on('exit', () => reject(new Error(`the server ended: ${said}`)));
});

test('a running server follows a new version, and a newcomer can sign in', async () => {
  const child = spawn(program, ['serve', ...options, '--listen', '127.0.0.1:0'],
    { env: { ...process.env, LANG: 'en' }, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const base = await listening(child);
    const codes = async () => {
      const config = await (await fetch(`${base}/api/config`)).json();
      return config.categories.map((category) => category.code);
    };
    assert.ok(!(await codes()).includes('1098'));
    const categories = `${exported('category')}1098,试行,Trial,,,pencil,,petition,1,,\n`;
    const stored = importText('category', categories);
    assert.equal(stored.status, 0, stored.stderr);
    await until(async () => (await codes()).includes('1098'));
    assert.ok((await codes()).includes('1098'));

    const people = importText('accounts', 'username,name,phone,lang,unit,role,grids\n'
      + 'new.worker,新来,19900009999,zh-CN,320508018023,grid_worker,*\n', '--json');
    assert.equal(people.status, 0, people.stderr);
    const [{ username, password }] = JSON.parse(people.stdout).newcomers;
    const answer = await fetch(`${base}/api/login`, { method: 'POST',
      headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username, password }) });
    assert.equal(answer.status, 200);
    const me = await answer.json();
    assert.equal(me.username, 'new.worker');
    assert.deepEqual(me.must, ['password'], 'the first password is to be changed');
  } finally {
    child.removeAllListeners('exit');
    child.kill('SIGTERM');
  }
});

test('the exported units are those of the register, each with its code', () => {
  const lines = exported('units').trim().split('\n');
  assert.equal(lines.length - 1, 2868);
  assert.equal(new Set(lines.map((line) => line.split(',')[0])).size, lines.length);
  assert.match(readFileSync(join(folder, 'units.csv'), 'utf8'), /320508018023,大儒巷社区居委会/);
});
