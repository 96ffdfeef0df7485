// past.test.mjs: matters of another system are brought along from its table while the server serves:
// every fault is told by row, nothing comes twice, and what has come can be read, found and proved.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { grids, program, run, startCity, until } from './city.mjs';

let city, desk, point;
before(async () => {
  city = await startCity('--no-limits');
  desk = await city.signIn('supervisor1', 'en');
  point = (await city.anybody().get(`/api/zones/grid/${grids.ours}`)).body;
});
after(() => city?.stop());

const map = {
  source: '12345-2025',
  columns: { number: '工单编号', text: '诉求内容', reported: '受理时间', category: '类别', place: '地址',
    lon: '经度', lat: '纬度', division: '社区', state: '状态', ended: '办结时间', unit: '承办单位',
    reply: '办理结果' },
  categories: { 占道: '0302' },
  states: { 已归档: 'closed', 在办: 'open', 不受理: 'rejected' },
  units: {},
};
const head = Object.values(map.columns).join(',');
let files = 0;
function file(text, ending = 'csv') {
  const path = join(city.folder, `past-${++files}.${ending}`);
  writeFileSync(path, text);
  return path;
}
function imported(rows, { map: other = map, encode = (text) => text, more = [] } = {}) {
  const table = file(encode(`${[head, ...rows].join('\r\n')}\r\n`));
  return run('import', 'matters', table, '--map', file(JSON.stringify(other), 'json'), '--json',
    ...city.database.options, ...more);
}
const good = (done) => {
  assert.equal(done.status, 0, done.stdout + done.stderr);
  return JSON.parse(done.stdout);
};
const count = () => city.database.rows('SELECT count(*) AS n FROM matter')[0].n;
const found = async (words) => {
  let page;
  await until(async () => {
    page = await desk.read(`/api/search?q=${encodeURIComponent(words)}`);
    return page.items.length;
  });
  return page.items;
};

test('what is over and what is open come along, are found by their old number, and say whence', async () => {
  const { lon, lat } = point;
  const before = count();
  const rows = [
    `A-2025-001,"平江路口占道摆摊，""老地方"" 又来了",2025-03-01 08:05,占道,平江路 12 号,${lon},${lat},,已归档,2025/3/4 17:00,,"已劝离，\n现场恢复"`,
    `A-2025-002,楼道灯不亮请修,2025年4月1日,,大儒巷社区 3 幢,,,320508018023,在办,,,`,
    `A-2025-003,邻里土地权属争议,20250402,,,,,大儒巷社区,不受理,2025-04-05,,请向法院起诉`,
  ];
  assert.deepEqual(good(imported(rows, { more: ['--dry-run'] })), { name: 'matters', rows: 3, good: 3,
    bad: 0, known: 0, faults_total: 0, stored: 0, stopped: false });
  assert.equal(count(), before);
  assert.equal(good(imported(rows)).stored, 3);
  assert.equal(Number(count()), Number(before) + 3);

  const [closed] = await found('A-2025-001');
  const one = await desk.read(`/api/matters/${closed.number}`);
  assert.equal(one.state, 'closed');
  assert.equal(one.text, '平江路口占道摆摊，"老地方" 又来了');
  assert.equal(one.category, '0302');
  assert.equal(one.origin, 'import');
  assert.equal(one.created_ms, Date.parse('2025-03-01T08:05:00+08:00'));
  assert.match(JSON.stringify(one), /12345-2025 A-2025-001 已归档\\n已劝离，\\n现场恢复/);
  assert.match(JSON.stringify(one), /Brought along from another system/);
  const [open] = await found('A-2025-002');
  const two = await desk.read(`/api/matters/${open.number}`);
  assert.ok(two.owner_unit, 'it lies with a unit');
  assert.ok(two.due_ms > Date.now(), 'its limit begins today');
  assert.equal(two.created_ms, Date.parse('2025-04-01T00:00:00+08:00'));
  const [rejected] = await found('A-2025-003');
  assert.equal((await desk.read(`/api/matters/${rejected.number}`)).state, 'rejected');
});

test('the same table once more brings nothing twice, in GBK neither, and goes on where it ended', async () => {
  const rows = ['A-2025-001,又是同一件,2025-03-01,,,,,320508018023,已归档,2025-03-02,,',
    'B-1,新的一件,2025-03-01,,,,,320508018023,已归档,2025-03-02,,'];
  const gbk = (text) => {
    const table = file(text, 'utf8');
    const path = `${table}.gbk`;
    const done = spawn('iconv', ['-f', 'UTF-8', '-t', 'GBK', '-o', path, table]);
    return new Promise((ended) => done.on('close', () => ended(readFileSync(path))));
  };
  const bytes = await gbk(`${[head, ...rows].join('\n')}\n`);
  const table = join(city.folder, 'gbk.csv');
  writeFileSync(table, bytes);
  const done = run('import', 'matters', table, '--map', file(JSON.stringify(map), 'json'), '--json',
    ...city.database.options);
  const told = good(done);
  assert.deepEqual([told.good, told.known, told.stored], [1, 1, 1]);
  assert.equal((await found('B-1')).length, 1);
});

test('times as other systems and spreadsheets keep them, digits of full width, empty cells at the end', async () => {
  assert.equal(good(imported(['T-1,十四位,20250501083000,,,,,320508018023,已归档,45779.5,,',
    'T-2,全角,２０２５年５月１日,,,,,３２０５０８０１８０２３,已归档,2025/5/2,,,,'])).stored, 2);
  const [one] = await found('T-1');
  assert.equal((await desk.read(`/api/matters/${one.number}`)).created_ms, Date.parse('2025-05-01T08:30:00+08:00'));
});

test('what the server takes in meanwhile comes into the log like what is brought along', async () => {
  const report = (text) => city.anybody().write('/api/reports', { text, grid: grids.ours });
  await report('井盖松动，在导入之前');
  good(imported(['L-1,导入之中,2025-03-01,,,,,320508018023,已归档,2025-03-02,,']));
  await report('井盖松动，在导入之后');
  await until(() => Number(city.database.rows('SELECT count(*) AS n FROM entry WHERE id NOT IN (SELECT entry_id FROM leaf)')[0].n) === 0);
});

test('every fault is told with its row, and only good rows come when that is asked for', async () => {
  const { lon, lat } = point;
  const before = count();
  const rows = [
    'C-1,好的一件,2025-03-01,,,,,320508018023,已归档,2025-03-02,,',
    ',没有编号,2025-03-01,,,,,320508018023,,,,',
    'C-3,,2025-03-01,,,,,320508018023,,,,',
    'C-4,坏时间,三月一日,,,,,320508018023,,,,',
    'C-5,倒着走,2025-03-05,,,,,320508018023,已归档,2025-03-01,,',
    'C-6,没有的类别,2025-03-01,飞碟,,,,320508018023,,,,',
    'C-7,没有的状态,2025-03-01,,,,,320508018023,飞了,,,',
    `C-8,反了,2025-03-01,,,${lat},${lon},,,,,`,
    'C-9,不知哪里,2025-03-01,,,,,,,,,',
    'C-10,没有的单位,2025-03-01,,,,,320508018023,,,飞碟局,',
    'C-1,又一件,2025-03-01,,,,,320508018023,,,,',
    'C-12,没有办结时间,2025-03-01,,,,,320508018023,已归档,,,',
    'C-13,将来,2125-03-01,,,,,320508018023,,,,',
    'C-14,少了几列,2025-03-01',
    'C-15,多了几列,2025-03-01,,,,,320508018023,,,,,多,出,来',
    'C-16,欠款\u202e0001元,2025-03-01,,,,,320508018023,,,,',
  ];
  const errors = join(city.folder, 'errors.csv');
  const done = imported(rows, { more: ['--errors', errors] });
  assert.equal(done.status, 1);
  assert.equal(JSON.parse(done.stdout).stored, 0);
  assert.equal(count(), before, 'nothing is stored while there are faults');
  const lines = readFileSync(errors, 'utf8').replace(/^\ufeff/, '').trim().split('\n');
  assert.equal(lines[0], 'line,number,field,what');
  const told = lines.slice(1).map((line) => line.split(',').slice(0, 3).join(' '));
  assert.deepEqual(told, ['3  number', '4 C-3 text', '5 C-4 reported', '6 C-5 ended', '7 C-6 category',
    '8 C-7 state', '9 C-8 lon', '10 C-9 division', '11 C-10 unit', '12 C-1 number', '13 C-12 ended',
    '14 C-13 reported', '15 C-14 row', '16 C-15 row', '17 C-16 text']);
  assert.match(lines.find((line) => line.includes('C-8')), /have they changed places/);
  assert.match(lines.find((line) => line.includes('C-1,')), /Line 2 has the same number/);
  assert.match(done.stderr, /past-\d+\.csv:3: number: There is no number/);
  assert.equal(good(imported(rows, { more: ['--good-rows'] })).stored, 1);
});

test('a map that does not fit is refused by what is wrong in it', () => {
  const row = ['D-1,一件,2025-03-01,,,,,320508018023,,,,'];
  const wrong = (change, words) => {
    const done = imported(row, { map: { ...map, ...change } });
    assert.equal(done.status, 1, done.stdout);
    assert.match(done.stderr, words);
  };
  wrong({ source: '' }, /Name the other system.*\(source\)/);
  wrong({ columns: { number: '工单编号', text: '诉求内容' } }, /Say which column is reported/);
  wrong({ columns: { ...map.columns, phone: '电话' } }, /There is no field phone/);
  wrong({ columns: { ...map.columns, place: '没有这列' } }, /The table has no column 没有这列/);
  wrong({ categories: { 占道: '9999' } }, /There is no category code 9999/);
  wrong({ states: { 在办: 'ongoing' } }, /There is no state ongoing/);
  wrong({ crs: 'mars' }, /There is no coordinate system mars/);
  wrong({ colums: {} }, /colums is not known/);
  const broken = run('import', 'matters', file(head), '--map', file('{"source": ', 'json'),
    ...city.database.options);
  assert.match(broken.stderr, /The map is not valid JSON: line 1/);
  assert.match(run('import', 'matters', file(head), ...city.database.options).stderr, /--map/);
});

test('broken off, it keeps what it has stored whole, and the same command goes on', async () => {
  const rows = Array.from({ length: 6000 }, (_, i) =>
    `E-${i},批量导入第 ${i} 件,2025-03-01,,,,,320508018023,已归档,2025-03-02,,已办`);
  const table = file(`${[head, ...rows].join('\n')}\n`);
  const args = ['import', 'matters', table, '--map', file(JSON.stringify(map), 'json'), '--json',
    ...city.database.options];
  const stored = () => Number(city.database.rows(
    "SELECT count(*) AS n FROM past WHERE number LIKE 'E-%'")[0].n);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  child.stdout.on('data', (text) => { said += text; });
  const ended = new Promise((done) => child.on('close', done));
  await until(() => stored() > 0 || child.exitCode !== null);
  child.kill('SIGTERM');
  await ended;
  const first = JSON.parse(said);
  assert.equal(stored(), first.stored);
  const second = good(run(...args));
  assert.equal(second.stored + first.stored, 6000);
  assert.equal(stored(), 6000);
});
