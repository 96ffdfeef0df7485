// town.test.mjs: a town of one's own as somebody sets it up: the sample town's spreadsheets, the same
// from the workbook that is handed out to be filled in, faults and holes planted in copies, a few
// answers at the terminal; then a first report reaches the grid worker of its place.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';

const program = resolve(process.env.FENGQIAO ?? 'build/fengqiao');
const folder = mkdtempSync(join(tmpdir(), 'fengqiao-town-'));
const town = join(folder, 'town.db');
const year = new Date().getFullYear();
let server, port;

after(async () => {
  if (server) {
    const ended = new Promise((done) => server.once('exit', done));
    server.kill('SIGTERM');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

function run(lang, args, input = '') {
  const env = { ...process.env, LC_ALL: lang === 'zh' ? 'zh_CN.UTF-8' : 'C.UTF-8' };
  return spawnSync(program, args, { encoding: 'utf8', env, input, timeout: 120_000 });
}
/** What is told, without the progress. */
const told = (done) => done.stderr.trim().split('\n').filter((line) => !line.startsWith('检查 ['));
const init = (...args) => run('zh', ['init', ...args]);

/** A week of holidays, of which five are no weekend. */
const golden = (of) => [1, 2, 3, 4, 5, 6, 7].map((day) => `${of}-10-0${day},否,国庆节\n`).join('');
/** A copy of the sample town whose calendar knows this year and the next, changed by lines. */
function copy(name, changes = []) {
  const to = join(folder, name);
  cpSync('data/town', to, { recursive: true });
  writeFileSync(join(to, 'calendar.csv'),
    `日期,上班,名称\n${year}年1月1日,否,元旦\n${year + 1}/1/1,否,元旦\n${golden(year)}${golden(year + 1)}`);
  for (const [file, from, into] of changes) {
    const text = readFileSync(join(to, file), 'utf8');
    assert.ok(text.includes(from), `${file} has ${from}`);
    writeFileSync(join(to, file), text.replace(from, into));
  }
  return to;
}

before(() => {
  const done = init('--db', town, '--from', copy('good'), '--passwords', join(folder, 'passwords.csv'));
  assert.equal(done.status, 0, done.stderr + done.stdout);
  assert.match(done.stdout, /网格\t12 行\n类别\t\d+ 行\(内置\)/);
  assert.doesNotMatch(done.stdout, /缺口/);
});

test('a second run changes nothing, a dry run leaves nothing, and nothing is missing', () => {
  const again = init('--db', town, '--from', join(folder, 'good'));
  assert.equal(again.status, 0, again.stderr);
  assert.match(again.stdout, /网格\t12 行\(不变\)/);
  assert.doesNotMatch(again.stdout, /一次性密码/);
  const versions = run('en', ['versions', 'calendar', '--db', town]).stdout;
  assert.equal(versions.trim().split('\n').length, 1, 'no second version of what is the same');
  const dry = init('--db', join(folder, 'none.db'), '--from', join(folder, 'good'), '--dry-run');
  assert.equal(dry.status, 0, dry.stderr);
  assert.deepEqual(readdirSync(folder).filter((name) => name.startsWith('none')), []);
  assert.equal(run('en', ['init', '--check', '--db', town]).status, 0);
  const terms = run('en', ['export', 'keeping', '--db', town]);
  assert.match(terms.stdout, /^what,days[^]*\ncontact,/, 'the terms in force, to begin with');
  writeFileSync(join(folder, 'keeping.csv'), terms.stdout);
  assert.equal(run('en', ['import', 'keeping', join(folder, 'keeping.csv'), '--dry-run', '--db', town]).status, 0);
});

test('all faults are told with file, row, heading and remedy; nothing is stored', () => {
  const bad = copy('bad', [
    ['unit.csv', '居村委会,荷塘社区', '居委办,荷塘社区'],
    ['unit.csv', 'safety,芦汀镇应急消防站', 'order,芦汀镇应急消防站'],
    ['person.csv', 'w3,褚南,19900000112', 'w3,褚南,call me'],
    ['person.csv', '芦汀派出所,承办人', '芦汀派出分所,承办人'],
    ['person.csv', '韩墨,19900000116,石桥村委员会,网格员,001 002', '韩墨,19900000116,石桥村委员会,网格员,001 009'],
    ['grid.geojson', '990121101001002', '990121101001001'],
    ['calendar.csv', '1月1日', '2月30日'],
  ]);
  writeFileSync(join(bad, 'limits-2026.csv'), 'x\n');
  const done = init('--db', join(folder, 'bad.db'), '--from', bad);
  assert.equal(done.status, 1);
  for (const fault of [
    /unit\.csv 第 6 行：单位类型：不能写“居委办”，可写：居村委会/,
    /unit\.csv 第 5 行：单位编码：编码 order 重复/,
    /person\.csv 第 11 行：电话：电话 callme 不对/,
    /person\.csv 第 6 行：单位：没有单位 芦汀派出分所/,
    /person\.csv 第 15 行：负责网格：网格 009 不在该单位的辖区内/,
    /grid\.geojson 第 2 行：网格编码：编码与第 1 行相同/,
    /calendar\.csv 第 2 行：日期：“\d+年2月30日”不是日期/,
    /limits-2026\.csv：不知道是什么表/,
  ]) assert.match(done.stderr, fault);
  assert.doesNotMatch(done.stderr, /荷塘社区居民委员会|没有单位 c1/, 'what only follows is not told again');
  assert.match(done.stdout, /发现 \d+ 处问题，没有写入/);
  assert.deepEqual(readdirSync(folder).filter((name) => name.startsWith('bad.')), []);
  cpSync(`${town}.key`, join(folder, 'bad.db.key'));
  assert.equal(init('--db', join(folder, 'bad.db'), '--from', bad).status, 1);
  assert.deepEqual(readFileSync(join(folder, 'bad.db.key')), readFileSync(`${town}.key`), 'an older key stays');
  const first = init('--db', join(folder, 'bad.db'), '--from',
    copy('worse', [['town.csv', '990121101000', '990121101']]));
  assert.match(first.stderr, /town\.csv 第 2 行：镇街代码：应为 12 位数字/);
  assert.match(first.stdout, /发现 2 处问题/, 'nothing is said of tables that rest on it');
});

test('all that is wrong with a row is told at once, here and by import', () => {
  const rows = copy('rows', [['person.csv', 'w3,褚南,19900000112,', 'w3,褚南,1990000,没有的'],
    ['unit.csv', '居村委会,石桥村', '居村委会,石乔村']]);
  writeFileSync(join(rows, 'limit.csv'), 'category,tier,stage,amount,unit\n77,0,handle,五,XX\n,0,sign,1,WD\n');
  const done = init('--db', join(folder, 'rows.db'), '--from', rows);
  for (const [table, line, ...fields] of [['limit', 2, '类别', '数量', '单位'], ['person', 11, '电话', '单位']])
    for (const field of fields)
      assert.equal(done.stderr.match(new RegExp(`${table}\\.csv 第 ${line} 行：${field}：`, 'g'))?.length, 1,
        `${table} ${field}\n${done.stderr}`);
  assert.match(done.stderr, /unit\.csv 第 9 行：服务区划：没有名为“石乔村”的社区或区划/);
  assert.equal(done.stderr.match(/unit\.csv 第 9 行/g).length, 1, done.stderr);
  const at = run('en', ['import', 'limit', join(rows, 'limit.csv'), '--db', town]);
  assert.equal(at.status, 1);
  for (const field of ['category', 'amount', 'unit'])
    assert.equal(at.stderr.match(new RegExp(`:2: ${field}: `, 'g'))?.length, 1, at.stderr);
});

test('a table without headings, or with one of them twice, is a fault; an empty one is as if not there', () => {
  const year1 = `${year}-01-01`;
  for (const [file, text, fault] of [
    ['calendar.csv', 'date,kind\n2026-13-45,holiday\n', /calendar\.csv 第 1 行：没有找到列名一行，.*列名要有：日期、上班/],
    ['category.csv', '\n编码,名称\n01,x\n', /category\.csv 第 2 行：没有找到列名一行/],
    ['calendar.csv', `日期,上班,日期\n${year1},否,${year1}\n`, /calendar\.csv 第 1 行：列“日期”写了两次/],
  ]) {
    const from = copy('headless');
    writeFileSync(join(from, file), text);
    const done = init('--db', join(folder, 'headless.db'), '--from', from);
    assert.equal(done.status, 1, done.stdout);
    assert.match(done.stderr, fault);
    rmSync(from, { recursive: true });
  }
  const from = copy('bare');
  writeFileSync(join(from, 'category.csv'), '');
  writeFileSync(join(from, 'rule.csv'), '\n,\n');
  const bare = init('--dry-run', '--db', join(folder, 'bare.db'), '--from', from);
  assert.equal(bare.status, 0, bare.stderr);
});

test('of a file that cannot be read one fault is told, and one line of what rests on it', () => {
  const cases = [
    ['grid.geojson', '{"type":', /《网格》读不了，依赖它的内容没有检查：《人员》《值班》/],
    ['unit.xlsx', 'no workbook', /《单位》读不了，依赖它的内容没有检查：《人员》《值班》/],
    ['person.csv', Buffer.from([0xb5, 0xa5, 0xff, 0xff, 0x0a, 0x00]), /《人员》读不了，依赖它的内容没有检查：《值班》/],
  ];
  for (const [file, bytes, line] of cases) {
    const from = copy(`unread-${file}`);
    rmSync(join(from, file.replace('xlsx', 'csv')), { force: true });
    writeFileSync(join(from, file), bytes);
    const done = init('--db', join(folder, 'unread.db'), '--from', from);
    assert.equal(done.status, 1);
    assert.match(done.stderr, line);
    assert.equal(told(done).length, 2, done.stderr);
    assert.match(done.stdout, /发现 2 处问题/);
  }
  const from = copy('unread-column', [['person.csv', '登录名,姓名,电话,单位,', '登录名,姓名,电话,部门,']]);
  const done = init('--db', join(folder, 'unread.db'), '--from', from);
  assert.equal(told(done).length, 2, done.stderr);
  assert.match(done.stderr, /没有名为“部门”的列[^]*单位：缺少这一列/);
});

test('import takes tables as people save them: GBK, days in any shape; init has --encoding', () => {
  const gbk = join(folder, 'gbk.csv');
  const bytes = spawnSync('iconv', ['-f', 'UTF-8', '-t', 'GBK'],
    { input: `date,work,name\n${year}/1/1,false,元旦\n${year}年10月1日,false,国庆\n${year}1002,false,国庆\n${year + 1}-1-1,false,\n` });
  writeFileSync(gbk, bytes.stdout);
  const done = run('en', ['import', 'calendar', gbk, '--db', town]);
  assert.equal(done.status, 0, done.stderr);
  assert.match(run('zh', ['export', 'calendar', '--db', town]).stdout,
    new RegExp(`\n${year}-01-01,false,元旦\n${year}-10-01,false,国庆\n${year}-10-02,false,国庆\n${year + 1}-01-01,`));
  writeFileSync(gbk, `date,work,name\n2026-02-30,false,x\n`);
  assert.match(run('zh', ['import', 'calendar', gbk, '--db', town]).stderr, /:2: date: 没有“2026-02-30”这一天/);
  assert.match(run('en', ['init', '--help']).stdout, /--encoding/);
});

test('no one-time password is lost: the file is opened first, and added to', () => {
  const file = join(folder, 'kept.db');
  const list = join(folder, 'kept.csv');
  const lines = () => readFileSync(list, 'utf8').trim().split('\n');
  const away = init('--db', file, '--from', join(folder, 'good'), '--passwords', join(folder, 'none', 'p.csv'));
  assert.equal(away.status, 1);
  assert.match(away.stderr, /写不了密码文件 .*没有写入任何内容/);
  assert.ok(!existsSync(file));
  writeFileSync(list, 'something of mine\n');
  assert.match(init('--db', file, '--from', join(folder, 'good'), '--passwords', list).stderr, /没有改动它/);
  assert.deepEqual([lines(), existsSync(file)], [['something of mine'], false]);
  rmSync(list);
  const all = ['--db', file, '--from', join(folder, 'good'), '--passwords', list];
  assert.equal(init(...all, '--dry-run').status, 0);
  assert.ok(!existsSync(list), 'nothing to hand out, no file');
  assert.equal(init(...all).status, 0);
  const first = lines();
  assert.equal(first[0], 'username,password');
  const more = copy('more', [['person.csv', '登录名,姓名,电话,单位,职务,负责网格\n',
    '登录名,姓名,电话,单位,职务,负责网格\nxin,辛实,19900000199,芦汀派出所,承办人,\n']]);
  assert.equal(init('--db', file, '--from', more, '--passwords', list).status, 0);
  assert.deepEqual(lines().slice(0, -1), first);
  assert.match(lines().at(-1), /^xin,\S+$/);
});

test('a code that has lost its digits is refused, whatever it would become', () => {
  const lost = copy('lost', [['division.csv', '990121101001,荷塘社区', '9.90121E+11,荷塘社区'],
    ['division.csv', '东街社区,社区', '东街社区,星球']]);
  const done = init('--db', join(folder, 'lost.db'), '--from', lost, '--with-holes');
  assert.equal(done.status, 1);
  assert.match(done.stderr, /division\.csv 第 2 行：区划代码：编码 9\.90121E\+11 存成了数字，末尾几位已丢失/);
  assert.match(done.stderr, /division\.csv 第 3 行：类型：没有“星球”这一种区划/);
  assert.ok(!existsSync(join(folder, 'lost.db')));
});

test('what is missing is told with a remedy and stands against beginning, unless that is wanted', () => {
  const holes = copy('holes', [
    ['person.csv', 'zhao,赵明川,19900000101,芦汀镇综治中心,管理员,\n', ''],
    ['person.csv', '石桥村委员会,网格员,003', '石桥村委员会,网格员,'],
    ['person.csv', 'li.he,李禾,19900000104,芦汀派出所,承办人,\n', ''],
    ['person.csv', '芦汀镇综合执法队,承办人', '芦汀镇综合执法队,审计员'],
    ['unit.csv', '城管、环卫、路灯', '城管、环卫'],
    ['unit.csv', '柳湾村,芦汀镇综治中心,是', '柳湾村,芦汀镇综治中心,否'],
    ['calendar.csv', `${year}年1月1日,否,元旦\n`, ''],
    ['calendar.csv', golden(year), ''],
    ['calendar.csv', golden(year + 1), `${year + 1}-10-01,否,国庆节\n${year + 1}-10-04,否,国庆节\n`],
  ]);
  writeFileSync(join(holes, 'limit.csv'), '类别,等级,环节,数量,单位\n,不限,办理,5,工作日\n');
  rmSync(join(holes, 'duty.csv'));
  const file = join(folder, 'holes.db');
  const done = init('--db', file, '--from', holes);
  assert.equal(done.status, 1);
  for (const hole of [
    /单位没有人：芦汀派出所/, /没有人能办理、答复：芦汀镇综合执法队/, /没有管理员/,
    /网格没有网格员：.*990121101202003 石桥第三网格\n/, /网格员没有网格：\S+\n/, /没有主管单位：0402 路灯不亮/,
    /没有自己的受理单位：柳湾村/, new RegExp(`没有 ${year} 年的工作日历`),
    new RegExp(`${year + 1} 年的工作日历不全：周末以外只有 [123] 天放假`), /期限\(按五个工作日算\)：派单, 签收/,
  ]) assert.match(done.stdout, hole);
  assert.match(done.stdout, /以后：没有值班表/);
  assert.ok(!existsSync(file));
  const begun = init('--db', file, '--from', holes, '--with-holes');
  assert.equal(begun.status, 0, begun.stderr);
  const check = run('en', ['init', '--check', '--db', file]);
  assert.equal(check.status, 1);
  assert.match(check.stdout, /five working days count\): Dispatch, Sign for it, Review/);
  assert.match(check.stdout, /missing: There is no administrator\n {4}→ Give somebody the role/);
});

test('the workbook is filled in with what it lets one choose, in both languages', () => {
  for (const lang of ['zh', 'en']) {
    const out = join(folder, `book-${lang}`);
    const made = run(lang, ['init', '--templates', out]);
    assert.equal(made.status, 0, made.stderr);
    const twice = run(lang, ['init', '--templates', out]);
    assert.equal(twice.status, 1);
    assert.match(twice.stderr, lang === 'zh' ? /已有 .*，没有覆盖它/ : /There is a .*, which was left alone/);
    const book = join(out, lang === 'zh' ? '本镇.xlsx' : 'town.xlsx');
    const filled = spawnSync('/usr/bin/python3', ['tests/tools/fill_town.py', book, join(folder, 'good'), lang],
      { encoding: 'utf8' });
    assert.equal(filled.status, 0, filled.stderr);
    const lists = JSON.parse(filled.stdout);
    assert.ok(lists.roles.includes(lang === 'zh' ? '网格员' : 'Grid worker'));
    assert.match(lists.units, lang === 'zh' ? /单位'!\$B\$4/ : /Units'!\$B\$4/);
    cpSync('data/town/grid.geojson', join(out, 'grid.geojson'));
    const done = run(lang, ['init', '--db', join(folder, `book-${lang}.db`), '--from', out]);
    assert.equal(done.status, 0, done.stderr + done.stdout);
    const units = (db) => run('en', ['export', 'units', '--db', db]).stdout;
    assert.equal(units(join(folder, `book-${lang}.db`)), units(town));
    assert.match(done.stdout, lang === 'zh' ? /人员\t19 行/ : /People\t19 rows/);
  }
});

test('a few answers at the terminal make a town to go on with; answers that end make none', () => {
  const answers = ['', '99012110', '990121101000', '芦汀镇', '', '澄溪县', '云湖市', '0512-60000000', '外星', '', '赵明川',
    '19900000101', ''];
  const file = join(folder, 'asked.db');
  const cut = run('zh', ['init', '--db', file, '--with-holes'], `${answers.slice(0, 5).join('\n')}\n`);
  assert.equal(cut.status, 1);
  assert.ok(!existsSync(file));
  const done = run('zh', ['init', '--db', file, '--with-holes'], `${answers.join('\n')}\n`);
  assert.equal(done.status, 0, done.stderr + done.stdout);
  assert.match(done.stdout, /不能写“外星”，可写：GPS/);
  assert.match(done.stdout, /应为 12 位数字，末三位 000/, 'and asked again, nothing is lost');
  assert.match(done.stdout, /新账号 19900000101，一次性密码 \S+/);
  assert.match(run('zh', ['account', 'list', '--db', file]).stdout, /赵明川 .*管理员/);
});

/** One call to the server; cookies and the token of a session are kept in who. */
async function call(who, method, path, body) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID(), ...who },
    ...(body && { body: JSON.stringify(body) }),
  });
  const cookies = answer.headers.getSetCookie().map((c) => c.split(';')[0]);
  if (cookies.length) who.Cookie = [...(who.Cookie ? [who.Cookie] : []), ...cookies].join('; ');
  const got = await answer.json();
  assert.equal(answer.status, 200, `${path}: ${JSON.stringify(got)}`);
  return got;
}

test('a first report reaches the grid worker of its place', async () => {
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  assert.equal(run('en', ['setting', 'quiet_hours', 'none', '--db', town]).status, 0, 'tests run at any hour');
  server = spawn(program, ['serve', '--db', town, '--listen', '127.0.0.1:0'], { env });
  port = await new Promise((found) => {
    server.stdout.on('data', (text) => {
      const at = String(text).match(/port (\d+)/)?.[1];
      if (at) found(Number(at));
    });
  });
  const config = await call({}, 'GET', '/api/config');
  assert.equal(config.city, '芦汀镇');
  const receipt = await call({}, 'POST', '/api/reports',
    { text: '楼道里堆了很多纸箱，走不过去', lon: 120.228, lat: 31.225, category: '0101' });
  const passwords = Object.fromEntries(readFileSync(join(folder, 'passwords.csv'), 'utf8').trim()
    .split('\n').map((line) => line.split(',')));
  const signIn = async (username) => {
    const who = {};
    who['X-CSRF'] = (await call(who, 'POST', '/api/login', { username, password: passwords[username] })).csrf;
    await call(who, 'POST', '/api/account/password',
      { current: passwords[username], password: '芦汀的荷花六月里开在河边上' });
    return who;
  };
  const worker = await signIn('w3');
  const matter = await call(worker, 'GET', `/api/matters/${receipt.number}`);
  assert.equal(matter.place_name, '澄溪县 芦汀镇 东街社区东街第一网格');
  assert.equal(matter.duty[0]?.name, '褚南', 'called by the roster');
  assert.ok(matter.actions.some((a) => a.action === 'take' && !a.why));
});
