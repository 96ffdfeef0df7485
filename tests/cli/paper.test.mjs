// paper.test.mjs: documents as a reader has them: a whole dossier with long texts and rare
// characters, read back from the PDF; blank forms; templates of the deployer's own, and what is
// wrong in them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const program = process.env.FENGQIAO ?? 'build/fengqiao';
const folder = mkdtempSync(join(tmpdir(), 'fengqiao-paper-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const names = '甪昇喆堃㛃䶮𬭎𠅤';
const run = (name, ...args) => spawnSync(name, args,
  { encoding: 'utf8', maxBuffer: 64 << 20, env: { ...process.env, LANG: 'en', LC_ALL: 'en' } });
const paper = (...args) => run(program, 'paper', ...args);
const file = (name, content) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const person = (name, side) => ({ name, side, sex: '女', age: '41', address: '甪直镇某村三组', contact: '0512-65010000' });
const long = '双方因共用水管的维修费用分担发生争执，经村民小组多次劝说未果。'.repeat(60);
const facts = {
  committee: '甪直镇人民调解委员会', docket: '（2026）甪直人调字第12号', file_title: `${names}与李四相邻用水纠纷`,
  source: 'applied', form: 'written', summary: long, dispute_facts: `${long}\n${long}`,
  applicants: [person(names, '申请人')], respondents: [person('李四', '被申请人')],
  parties: [person(names, '申请人'), person('李四', '被申请人')],
  sessions: [{ time: '2026年6月20日', place: '村委会', record: `${long}\n${long}`, result: 'continue' },
    { time: '2026年6月27日', place: '村委会', record: long, result: 'agreed' }],
  evidence: Array.from({ length: 60 }, (_, i) => ({ name: `收据第${i + 1}号`, kind: '书证', from: '李四' })),
  agreements: [{ form: 'written', copies: '三', terms: [{ text: '一、李四于2026年7月10日前支付维修费800元。' }] }],
  close_date: '2026年8月1日',
};
const factsFile = file('facts.json', JSON.stringify(facts));
const text = (pdf, ...args) => run('pdftotext', ...args, pdf, '-').stdout;

test('a dossier: rare characters, pages as the contents say, outline, fonts and language', () => {
  const out = join(folder, 'dossier.pdf');
  const done = paper('preview', 'dossier', '--facts', factsFile, '--out', out);
  assert.equal(done.status, 0, done.stderr);
  const info = run('pdfinfo', out).stdout;
  const pages = Number(info.match(/^Pages:\s+(\d+)/m)[1]);
  assert.match(info, /^Title:\s+甪昇喆堃㛃䶮𬭎𠅤与李四相邻用水纠纷$/m);
  assert.match(info, /595\.276 x 841\.89 pts \(A4\)/);
  assert.ok(readFileSync(out).includes('/Lang (zh-CN)'));
  for (const line of run('pdffonts', out).stdout.trim().split('\n').slice(2))
    assert.match(line, /yes\s+yes\s+yes\s+\d+\s+\d+$/, 'embedded, in part, with Unicode');
  const sheets = Array.from({ length: pages }, (_, i) =>
    text(out, '-layout', '-f', String(i + 1), '-l', String(i + 1)));
  assert.ok(sheets.join('').includes(names));
  assert.ok(sheets[0].replace(/[\s_]/g, '').includes(facts.file_title), 'nothing of a long title is cut');
  const entries = [...sheets[1].matchAll(/^\s*(\d+)\s+(\S+)\s+(\d+)\s*$/gm)];
  assert.ok(entries.length >= 7, sheets[1]);
  for (const [, , title, page] of entries) {
    const sheet = sheets[1 + Number(page)];
    assert.ok(sheet.replace(/\s/g, '').includes(title.replace(/（.*）/, '')), `${title} on page ${page}`);
    assert.match(sheet, new RegExp(`—\\s*${page}\\s*—`), 'and that page has its number');
  }
  const body = text(out).replace(/\s|—\d+—/g, '');
  assert.ok(body.includes('收据第60号'));
  assert.equal(body.split('证据名称').length - 1 >= 2, true, "the table's head is on each of its pages");
});

test('an archive has the whole and each document', () => {
  const out = join(folder, 'dossier.zip');
  const done = paper('preview', 'dossier', '--facts', factsFile, '--out', out);
  assert.equal(done.status, 0, done.stderr);
  const raw = readFileSync(out).toString('utf8');
  for (const name of ['人民调解协议书.pdf', '卷宗封面.pdf', '人民调解记录.pdf']) assert.ok(raw.includes(name), name);
});

test('every template prints as a blank form', () => {
  const all = paper('list').stdout.trim().split('\n').map((line) => line.split('\t')[0]);
  assert.ok(all.length >= 20);
  for (const name of all) {
    const out = join(folder, 'blank.pdf');
    const done = paper('blank', name, '--out', out);
    assert.equal(done.status, 0, `${name}: ${done.stderr}`);
    assert.match(run('pdfinfo', out).stdout, /^Pages:\s+[1-9]/m);
  }
});

test('the forms for those without a telephone bear the plate and the address; without, they are blank', () => {
  const out = join(folder, 'form.pdf');
  const url = 'https://fengqiao.example.gov.cn';
  const made = (name, ...more) => paper('blank', name, '--out', out, ...more);
  assert.equal(made('report', '--plate', '320508018023001', '--url', `${url}/`).status, 0);
  assert.match(run('pdfinfo', out).stdout, /^Pages:\s+1$/m);
  assert.match(text(out), /群众反映登记单[^]*320508018023001[^]*同意登记姓名和电话/);
  const seen = () => {
    run('pdftoppm', '-r', '200', '-gray', '-png', '-singlefile', out, join(folder, 'form'));
    return run('zbarimg', '-q', '--raw', '-Sdisable', '-Sqrcode.enable', join(folder, 'form.png')).stdout.trim();
  };
  assert.equal(seen(), `${url}/m/report?g=320508018023001`);
  assert.equal(made('followup', '--url', url, '--contact', '0512-60000000').status, 0);
  assert.match(text(out), /跟进单[^]*0512-60000000/);
  assert.equal(seen(), `${url}/m/`);
  assert.equal(made('report').status, 0);
  assert.equal(seen(), '');
  const refused = made('report', '--plate', '320508018023001');
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /needs the address of the site, --url \(url\)/);
});

test('a heading is drawn, also with the character that one weight of the font loses', () => {
  const own = join(folder, 'drawn');
  mkdirSync(own);
  writeFileSync(join(own, 'one.txt'), 'document cover\nname 一\nheading 如\n');
  const out = join(folder, 'drawn.pdf');
  assert.equal(paper('blank', 'one', '--templates', own, '--out', out).status, 0);
  const args = ['-gray', '-r', '72', '-singlefile', '-x', '72', '-y', '90', '-W', '460', '-H', '200'];
  assert.equal(run('pdftoppm', ...args, out, join(folder, 'drawn')).status, 0);
  const drawn = readFileSync(join(folder, 'drawn.pgm')).subarray(15);
  assert.ok(drawn.filter((shade) => shade < 160).length > 20);
});

test('a character that no font has is named, and nothing is written', () => {
  const bad = file('bad.json', JSON.stringify({ ...facts, committee: '甪直\u{10fffd}会' }));
  const done = paper('preview', 'cover', '--facts', bad, '--out', join(folder, 'bad.pdf'));
  assert.equal(done.status, 1);
  assert.ok(done.stderr.includes('\u{10fffd}'), done.stderr);
});

test('a company and a child are named as such, and nobody has an empty guardian', () => {
  const child = { name: '小丙', person: '1', principal: '1', guardians: [{ name: '丙父' }, { name: '丙母' }] };
  const firm = { name: '明远公司', organisation: '1', principal: '1', credit_code: '91350100M000100Y43', seat: '平江路1号', head: '周明', head_post: '经理' };
  const filled = file('parties.json', JSON.stringify({ source: 'applied', confirm_date: '2026年7月1日', court: '姑苏区人民法院',
    parties: [child, firm], applicants: [child], respondents: [firm], agreements: [{ form: 'written' }] }));
  const out = join(folder, 'parties.pdf');
  for (const [name, guardians] of [['court', 4], ['application', 4], ['agreement', 2]]) {
    assert.equal(paper('preview', name, '--facts', filled, '--out', out).status, 0);
    const words = text(out).replace(/\s/g, '');
    for (const one of ['丙父', '丙母', '91350100M000100Y43', '平江路1号', '周明', '经理']) assert.ok(words.includes(one), `${name}: ${one}`);
    assert.equal(words.split('法定代理人').length - 1, guardians, name);
  }
});

test("the deployer's templates stand in for ours; faults are named by file and line", () => {
  const own = join(folder, 'own');
  mkdirSync(own);
  writeFileSync(join(own, 'agreement.txt'), 'document paper\nname 自己的协议\ntitle 自己的协议\np {docket}\n');
  const out = join(folder, 'own.pdf');
  assert.equal(paper('check', own).status, 0);
  assert.equal(paper('preview', 'agreement', '--templates', own, '--facts', factsFile, '--out', out).status, 0);
  assert.match(text(out), /自己的协议\s+（2026）甪直人调字第12号/);
  writeFileSync(join(own, 'agreement.txt'), 'document paper\nname 协议\np {dockett}\n');
  const done = paper('check', own);
  assert.equal(done.status, 1);
  assert.match(done.stderr, /:3: agreement\.txt: There is no field "dockett"/);
  const unknown = file('unknown.json', '{"dockett": "1"}');
  assert.match(paper('preview', 'agreement', '--facts', unknown, '--out', out).stderr, /There is no fact "dockett"/);
});
