// dossier.test.mjs: documents of a dispute as people get them: the committee all of them, a party
// what it is given, police what the hand-over gives, nobody else any; what the papers say, what is
// missing, scans, and the filing.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { grids, lapse, refused, startCity } from './city.mjs';
import { png } from './picture.mjs';

let city, mediator, town, police, worker;
const folder = mkdtempSync(join(tmpdir(), 'fengqiao-dossier-'));
before(async () => {
  city = await startCity('--no-limits');
  [mediator, town, police, worker] = await Promise.all(
    ['mediator3', 'mediator1', 'clerk5', 'worker1'].map((name) => city.signIn(name)),
  );
});
after(async () => {
  await city?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const day = 86_400_000;
const rare = '甪昇喆堃㛃䶮𬭎𠅤';
const shop = '明远装饰有限公司';
async function register(more) {
  return mediator.write('/api/disputes', {
    source: 'apply', grid: grids.ours, kind: '0201', text: '两家合用水管，漏水的损失谁来赔',
    parties: [{ side: 'applicant', name: rare, phone: '19900001001' },
      { side: 'respondent', name: shop, kind: 'organisation', phone: '19900001002' }],
    ...more,
  });
}
async function go(number, ...steps) {
  for (const [action, more] of steps)
    await mediator.write(`/api/matters/${number}/step`, { action, ...more });
}
const both = (action, how) => [1, 2].map((party) => [action, { party, how }]);
const accepted = () => [...both('consent', 'in_person'), ...both('tell_rights', 'in_person'), ['accept', {}],
  ['name_mediator', { mediator: mediator.me.account, how: 'parties' }]];
const settled = () => [['sitting', { text: '双方到场，看了水管，谈妥赔偿', result: 'agreed' }],
  ['agree_written', { text: '一、被申请人赔偿三千元。\n二、双方不再追究。', promises: [
    { party: 2, what: '支付赔偿款', amount: 3000.5, due_ms: Date.now() + 10 * day, way: '转账' }] }]];
const signed = () => [...both('sign', 'signature'), ['sign_mediator', {}], ['seal', {}]];
const upload = async () => (await mediator.call('POST', '/api/uploads', png(),
  { 'Content-Type': 'image/png' })).body.upload;
const at = (number) => `/api/disputes/${number}`;

/** The text of a PDF, as somebody selects it, without spaces. */
function read(answer) {
  assert.equal(answer.status, 200, answer.text.slice(0, 300));
  assert.equal(answer.type, 'application/pdf');
  const path = join(folder, 'one.pdf');
  writeFileSync(path, answer.bytes);
  const done = spawnSync('pdftotext', [path, '-'], { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
  const pages = spawnSync('pdfinfo', [path], { encoding: 'utf8' }).stdout.match(/^Pages:\s+(\d+)/m)[1];
  return { raw: done.stdout, text: done.stdout.replace(/\s/g, ''), pages: Number(pages) };
}
const paper = async (who, number, name) => read(await who.post(`${at(number)}/papers/${name}`));
const reads = (what) => city.database.rows(
  `SELECT account, no, purpose FROM access_log WHERE purpose = '${what}' ORDER BY id`);
const found = (papers, name) => papers.items.find((p) => p.name === name);

test('the whole dossier: names, texts and amounts stand in it; what is not known is left to the pen', async () => {
  const { number, codes } = await register();
  const before = await mediator.read(`${at(number)}/papers`);
  assert.equal(before.complete, false);
  assert.equal(found(before, 'session').lacking, '还没有');
  await go(number, ...accepted(), ['caucus', { party: 1, text: '底线两千八' }], ...settled());
  const unsigned = await mediator.read(`${at(number)}/papers`);
  assert.match(found(unsigned, 'agreement').lacking, /签名/);
  await go(number, ...signed(), ['kept', { promise: 1 }], ['call_back', { reply: '款已付清，双方满意' }]);

  const whole = await paper(mediator, number, 'dossier');
  for (const words of [rare, shop, '19900001001', '谈妥赔偿', '二、双方不再追究。', '3000.50元', '叁仟元伍角整',
    '款已付清', '人调字第', '卷内目录', '结案报告表', `${rare}与${shop}邻里纠纷`])
    assert.ok(whole.text.includes(words), words);
  assert.ok(!whole.text.includes('底线两千八'), 'what one side said alone is in no document');
  assert.ok(whole.pages >= 10);
  assert.equal(whole.text.split(`·${mediator.me.username}·2`).length - 1, whole.pages, 'each page says who printed it');
  const log = reads('文书：卷宗');
  assert.deepEqual(log.map((r) => [String(r.account), r.no]),
    [[mediator.me.account, 1], [mediator.me.account, 2]], 'names opened are noted, one row each');

  const zip = await mediator.post(`${at(number)}/zip`);
  assert.equal(zip.type, 'application/zip');
  for (const name of ['人民调解协议书.pdf', '卷宗封面.pdf']) assert.ok(zip.bytes.includes(name), name);
  refused(await mediator.post(`${at(number)}/papers/oral`), 404, 'missing', 'name');
  refused(await mediator.post(`${at(number)}/papers/nothing`), 404, 'missing', 'name');

  const party = city.reporter(codes[0].code);
  const own = (await party.read('/api/receipt/papers')).items.map((p) => p.name);
  assert.deepEqual(own, ['application', 'acceptance', 'notice', 'session', 'agreement', 'receipt']);
  const get = async (who, name) => read(await who.post(`/api/receipt/papers/${name}`)).text;
  const agreement = await get(party, 'agreement');
  assert.ok(agreement.includes(rare) && agreement.includes(shop), 'both sign it');
  assert.ok(agreement.includes('19900001001'), 'with the own telephone');
  assert.ok(!agreement.includes('打印：'), "a party's own copy bears no mark");
  assert.ok(!agreement.includes('19900001002'), "without the other side's");
  const other = await get(city.reporter(codes[1].code), 'agreement');
  assert.ok(other.includes(rare) && other.includes('19900001002') && !other.includes('19900001001'));
  const answering = city.reporter(codes[1].code);
  for (const name of ['application', 'acceptance']) {
    const claim = await get(answering, name);
    assert.ok(claim.includes(rare) && claim.includes(shop), `${name}: who claims what of whom`);
    assert.ok(!claim.includes('19900001001'), `${name}: not how to reach them`);
  }
  const session = await get(party, 'session');
  assert.ok(session.includes(rare) && !session.includes(shop), 'elsewhere only the own name');
  assert.ok(!session.includes('19900001002'));
  for (const name of ['cover', 'identity', 'closing', 'visit', 'evidence', 'dossier'])
    assert.equal((await party.post(`/api/receipt/papers/${name}`)).status, 404, name);
});

test('an agreement that was not kept stands in the dossier with what became of it', async () => {
  const { number } = await register();
  await go(number, ...accepted(), ...settled(), ...signed());
  lapse(city, number);
  await go(number, ['broken', { promise: 1, note: '没有收到钱' }], ['mediate_again', { note: '公司要求缓一周' }]);
  const between = (await paper(mediator, number, 'dossier')).text;
  assert.ok(between.includes('二、双方不再追究。') && between.includes('记录未履行'));
  await go(number, ...accepted().slice(0, -1), ['sitting', { text: '再谈', result: 'agreed' }],
    ['agree_written', { text: '一次付清两千元。', promises: [
      { party: 2, what: '一次付清', amount: 2000, due_ms: Date.now() + 10 * day, way: '转账' }] }],
    ...signed(), ['kept', { promise: 101 }], ['call_back', { reply: '款已付清，双方满意' }]);
  const { text } = await paper(mediator, number, 'dossier');
  const order = ['第1次协议', '二、双方不再追究。', '第2次协议', '一次付清两千元。', '协议没有履行',
    '支付赔偿款', '记录未履行', '再次调解：公司要求缓一周', '款已付清，双方满意', '结案报告表',
    '第1次协议', '记录未履行', '再次调解', '第2次协议', '一次付清', '已履行'];
  let from = 0;
  for (const words of order) {
    const next = text.indexOf(words, from);
    assert.ok(next >= 0, `${words} after ${text.slice(from - 60, from)}`);
    from = next + words.length;
  }
  assert.equal(text.match(/人民调解协议书编号/g)?.length, 2);
});

test('what the court was asked and said of an agreement that was not kept stays in the dossier', async () => {
  const { number } = await register();
  const court = async () => found(await mediator.read(`${at(number)}/papers`), 'court').ready;
  await go(number, ...accepted(), ...settled(), ...signed());
  assert.equal(await court(), false, 'nobody has asked yet');
  await go(number, ...[1, 2].map((party) => ['apply_confirm', { party, how: 'written', ownership: 'no' }]));
  assert.equal(await court(), true);
  lapse(city, number);
  await go(number, ['broken', { promise: 1, note: '没有收到钱' }], ['mediate_again', { note: '再谈一次' }]);
  assert.equal(await court(), true, 'it was asked of the first agreement');
  assert.match((await paper(mediator, number, 'visit')).text, /申请司法确认，等待法院裁定。/);
  await go(number, ['court_decided', { result: 'confirmed' }], ...accepted().slice(0, -1),
    ['sitting', { text: '再谈', result: 'agreed' }],
    ['agree_written', { text: '一次付清两千元。', promises: [
      { party: 2, what: '一次付清', amount: 2000, due_ms: Date.now() + 10 * day, way: '转账' }] }],
    ...signed(), ['kept', { promise: 101 }], ['call_back', { reply: '款已付清，双方满意' }]);
  assert.equal(await court(), true);
  const { text } = await paper(mediator, number, 'dossier');
  assert.equal(text.match(/请求确认申请人于\d+年/g)?.length, 1, 'one application, of the agreement that it was of');
  for (const name of ['visit', 'closing'])
    assert.match((await paper(mediator, number, name)).text, /申请司法确认，法院裁定协议有效。/, name);
});

test('what was never signed is neither wanted in the dossier nor in it', async () => {
  const { number } = await register();
  await go(number, ...accepted(), ...settled(), ['sign', { party: 1, how: 'signature' }],
    ['end', { reason: 'no_agreement', reply: '被申请人不愿签字，可以起诉' }]);
  const papers = await mediator.read(`${at(number)}/papers`);
  const { must, ready, lacking } = found(papers, 'agreement');
  assert.deepEqual([must, ready, lacking], [false, false, '']);
  assert.deepEqual([found(papers, 'termination').must, found(papers, 'termination').ready], [true, true]);
  const file = await mediator.read(at(number));
  assert.deepEqual([file.state, file.effective_ms, file.promises], ['ended', undefined, []]);
});

test('a character that no font has is a mark in the documents, and keeps none of them back', async () => {
  const { number, codes } = await register({ text: `谁来赔\u{10fffd}漏水的钱🙂${rare}` });
  await go(number, ...accepted(), ['sitting', { text: '谈妥', result: 'agreed' }],
    ['agree_oral', { text: '一、各修各的👨‍👩‍👧' }], ['call_back', { reply: '满意👍🏻，款已付清' }]);
  for (const text of [(await paper(mediator, number, 'dossier')).text,
    (await paper(mediator, number, 'oral')).text,
    (read(await city.reporter(codes[0].code).post('/api/receipt/papers/oral'))).text]) {
    assert.ok(text.includes('谁来赔〔U+10FFFD〕漏水的钱'), text);
    assert.ok(text.includes(rare) && text.includes('各修各的'));
  }
  assert.equal((await mediator.post(`${at(number)}/zip`)).type, 'application/zip');
});

test('a respondent reads the application at once, and the register once it is accepted', async () => {
  const { number, codes } = await register();
  const respondent = city.reporter(codes[1].code);
  const offered = async () => (await respondent.read('/api/receipt/papers')).items.map((p) => p.name);
  assert.deepEqual(await offered(), ['application', 'notice']);
  refused(await respondent.post('/api/receipt/papers/acceptance'), 404, 'missing', 'name');
  const before = await mediator.read(`${at(number)}/papers`);
  assert.equal(found(before, 'acceptance').ready, false);
  assert.equal(found(before, 'acceptance').lacking, '还没有受理');
  await go(number, ...accepted());
  assert.deepEqual(await offered(), ['application', 'acceptance', 'notice']);
  assert.equal(found(await mediator.read(`${at(number)}/papers`), 'acceptance').lacking, '');
});

test('facts not in dispute are a document of their own, with who signed these facts', async () => {
  const { number, codes } = await register();
  await go(number, ...accepted(), ['sitting', { text: '谈了水管，甲方愿让五百', result: 'continue' }]);
  assert.equal(found(await mediator.read(`${at(number)}/papers`), 'undisputed').ready, false);
  await go(number, ['facts', { text: '七月一日漏过水' }], ['sign_facts', { party: 1, how: 'signature' }],
    ['facts', { text: '七月一日楼上水管破裂，楼下天花板受潮。' }], ['sign_facts', { party: 2, how: 'seal' }]);
  assert.equal(found(await mediator.read(`${at(number)}/papers`), 'undisputed').ready, true);
  const { text, pages } = await paper(mediator, number, 'undisputed');
  assert.equal(pages, 1);
  assert.ok(text.includes('无争议事实记录') && text.includes('楼下天花板受潮'), text);
  assert.ok(!text.includes('七月一日漏过水') && !text.includes('让五百'), 'the last text, and nothing that was offered');
  assert.match(text, new RegExp(`${shop}（盖章，`));
  assert.ok(!text.includes(`${rare}（签名，`), 'the text before was signed, not this one');
  assert.ok((await paper(mediator, number, 'dossier')).text.includes('楼下天花板受潮'), 'it has a place in the dossier');
  const own = read(await city.reporter(codes[0].code).post('/api/receipt/papers/undisputed')).text;
  assert.ok(own.includes(rare) && own.includes(shop) && !/1990000100/.test(own));
  assert.deepEqual(reads('文书：无争议事实记录').length, 4, 'each opening is noted for both names');
  assert.equal((await town.post(`${at(number)}/papers/undisputed`)).status, 404);
  assert.ok(read(await worker.get('/api/papers/undisputed/blank')).text.includes('无争议事实记录'));
});

test('who answers beside others reads nothing of them in its copies', async () => {
  const { codes } = await register({ parties: [
    { side: 'applicant', name: '赵一丁' }, { side: 'respondent', name: '钱二毛', phone: '19900001003' },
    { side: 'respondent', name: shop, kind: 'organisation', phone: '19900001002' }] });
  const second = city.reporter(codes[2].code);
  const names = (await second.read('/api/receipt/papers')).items.map(({ name }) => name);
  assert.ok(names.length >= 2);
  for (const name of names) {
    const { text } = read(await second.post(`/api/receipt/papers/${name}`));
    assert.ok(!/钱二毛|19900001003/.test(text), name);
    assert.equal(text.includes('赵一丁'), name === 'application', `${name}: only the claim names who claims`);
    assert.ok(text.includes(shop), name);
  }
});

test('an agreement that never came into force is not the outcome', async () => {
  const { number, codes } = await register();
  await go(number, ...accepted(), ...settled(), ['sign', { party: 1, how: 'signature' }]);
  await city.reporter(codes[1].code).write('/api/receipt/withdraw', { text: '不想签了' });
  const { text } = read(await mediator.post(`${at(number)}/papers/closing`));
  assert.match(text, /处理结果一方当事人要求终止调解/);
  const { text: told } = read(await city.reporter(codes[0].code).post('/api/receipt/papers/termination'));
  assert.doesNotMatch(told, /不想签了/, 'what somebody writes on leaving is not for the other side');
});

test('nobody but the committee of the case opens its documents', async () => {
  const { number } = await register({ source: 'initiative' });
  for (const who of [town, police]) {
    refused(await who.get(`${at(number)}/papers`), who === town ? 404 : 403,
      who === town ? 'missing' : 'denied');
    assert.equal((await who.post(`${at(number)}/papers/cover`)).status, who === town ? 404 : 403);
  }
  await go(number, ['escalate', { note: '涉及多户' }]);
  assert.equal((await mediator.get(at(number))).status, 200, 'who had it goes on seeing where it stands');
  refused(await mediator.post(`${at(number)}/papers/cover`), 404, 'missing');
  assert.ok((await paper(town, number, 'cover')).text.includes('人民调解卷宗'));
  refused(await worker.post(`${at(number)}/papers/cover`), 403, 'denied');
});

test('what was done before a hand-up stays in the name of those who did it', async () => {
  const { number } = await register();
  await go(number, ...accepted(), ['sitting', { text: '第一次没有谈妥', result: 'continue' }],
    ['escalate', { note: '涉及多户' }]);
  await town.write(`/api/matters/${number}/step`,
    { action: 'name_mediator', mediator: town.me.account, how: 'committee' });
  const committee = (await town.read(at(number))).committee_name;
  const session = (await paper(town, number, 'session')).text;
  assert.ok(session.includes(mediator.me.name) && !session.includes(town.me.name), session);
  refused(await town.post(`${at(number)}/papers/acceptance`), 404, 'missing', 'name');
  for (const step of [...[1, 2].map((party) => ({ action: 'consent', party, how: 'phone' })), { action: 'accept' }])
    await town.write(`/api/matters/${number}/step`, step);
  const acceptance = (await paper(town, number, 'acceptance')).text;
  assert.ok(acceptance.includes(`${committee}（印章）`), acceptance);
  assert.ok((await paper(town, number, 'cover')).text.includes(town.me.name));
});

test('a letter names those who agreed, and in the dossier it says the same', async () => {
  const { number } = await police.write('/api/disputes', {
    source: 'police', grid: grids.ours, kind: '0201', text: '邻居吵架', document: '平公调移9号',
    reason: '双方愿意调解',
    parties: [{ side: 'applicant', name: rare }, { side: 'respondent', name: '李乙' }],
  });
  const [{ id }] = (await police.read('/api/transfers')).items;
  const letter = (who, of = id) => who.post(`${at(number)}/transfers/${of}/letter`);
  const sent = read(await letter(police));
  assert.ok(sent.text.includes('委托调解函') && sent.text.includes('平公调移9号'));
  for (const words of [`纠纷编号：${number}`, '纠纷类型：邻里', '前答复是否接受']) assert.ok(sent.text.includes(words), words);
  assert.ok(!/同意|办结/.test(sent.text), 'no consent was recorded, and the term is for the answer');
  assert.ok(!sent.text.includes('反馈函') && !sent.text.includes(rare));
  assert.ok(!(await mediator.read(`${at(number)}/papers`)).items.find((p) => p.name === 'feedback').ready, 'nobody has answered');
  await go(number, ...accepted());
  assert.ok(read(await letter(police)).text.includes('委托调解反馈函'));
  assert.equal((await letter(mediator)).status, 200);
  assert.ok(!(await paper(mediator, number, 'letter')).text.includes(rare), 'nobody agreed to be handed over');
  await go(number, ['refer', { office: '区人民法院', note: '请立案前调解',
    consents: [1, 2].map((party) => ({ party, how: 'phone' })) }],
  ['refer', { office: '派出所', note: '请关注', reason: 'danger' }]);
  const { transfers } = await mediator.read(at(number));
  const agreed = read(await letter(mediator, transfers[1].id)).text;
  for (const words of [`申请人${rare}、被申请人李乙`, '邻居吵架', '请立案前调解']) assert.ok(agreed.includes(words), agreed);
  const reported = read(await letter(mediator, transfers[2].id)).text;
  assert.ok(reported.includes('情况报告函') && reported.includes('矛盾可能激化'), reported);
  assert.ok(!/委托|同意委托|吵架/.test(reported) && !reported.includes(rare), reported);
  assert.ok((await paper(mediator, number, 'letter')).text.includes(`申请人${rare}、被申请人李乙`), 'the same in the dossier');
  const inDossier = (await paper(mediator, number, 'notification')).text;
  assert.ok(inDossier.includes('矛盾可能激化') && !inDossier.includes(rare), inDossier);
  assert.equal((await letter(town)).status, 404);
  await go(number, ['escalate', { note: '涉及多户' }]);
  const mine = (await town.read(at(number))).committee_name;
  const above = (action, more = {}) => town.write(`/api/matters/${number}/step`, { action, ...more });
  for (const party of [1, 2]) await above('consent', { party, how: 'phone' });
  await above('accept');
  const own = (await police.read('/api/transfers')).items.find((t) => t.id === id);
  assert.ok(read(await letter(police)).text.includes(`${own.to_name.replace(/\s/g, '')}（印章）`), 'it answered');
  await above('feed_back', { transfer: id, reply: '已调解成功' });
  const fed = read(await letter(police)).text;
  assert.ok(fed.includes(`${mine.replace(/\s/g, '')}（印章）`) && mine !== own.to_name, fed);
});

test('oral and refused disputes have what they need and no more; both rounds of an agreement are kept', async () => {
  const oral = await register();
  await go(oral.number, ...accepted(), ['agree_oral', { text: '各修各的管' }], ['call_back', { reply: '都已修好了' }]);
  const papers = await mediator.read(`${at(oral.number)}/papers`);
  assert.equal(papers.complete, true, JSON.stringify(papers.items.filter((p) => p.lacking)));
  assert.deepEqual([found(papers, 'oral').ready, found(papers, 'agreement').ready], [true, false]);
  assert.ok((await paper(mediator, oral.number, 'oral')).text.includes('各修各的管'));

  const no = await register();
  await go(no.number, ['consent_refused', { party: 2, how: 'phone', reply: '对方不愿调解，可以起诉' }]);
  const ended = await mediator.read(`${at(no.number)}/papers`);
  assert.equal(ended.complete, true, JSON.stringify(ended.items.filter((p) => p.lacking)));
  assert.ok((await paper(mediator, no.number, 'termination')).text.includes('■当事人明确拒绝'));

  const again = await register();
  await go(again.number, ...accepted(), ...settled(), ...signed());
  lapse(city, again.number);
  await go(again.number, ['broken', { promise: 1, note: '没有付' }], ['mediate_again', { note: '改期' }],
    ...accepted().slice(0, 5), ['sitting', { text: '第二次', result: 'agreed' }],
    ['agree_written', { text: '改为分期', promises: [{ party: 2, what: '支付头期', amount: 1234567.89,
      due_ms: Date.now() + day, way: '转账' }] }], ...signed());
  const { text, raw } = await paper(mediator, again.number, 'agreement');
  assert.match(raw, /1234567\.89 ?元/, 'an amount stands in one line');
  assert.equal(text.split('人民调解协议书').length - 1, 2);
  assert.ok(text.includes('双方不再追究') && text.includes('改为分期'));

  // Handed up, the agreements keep the number in the book of the committee that made them.
  const numbered = text.match(/编号：（\d{4}）\S+?第\d+号/g);
  assert.equal(numbered.length, 2, text);
  lapse(city, again.number);
  const owed = (await mediator.read(at(again.number))).promises.find((p) => !p.kept_ms);
  await go(again.number, ['broken', { promise: owed.no, note: '没有付' }], ['mediate_again', { note: '再议' }],
    ['escalate', { note: '涉及多户' }]);
  const above = (await paper(town, again.number, 'agreement')).text;
  assert.deepEqual(above.match(/编号：（\d{4}）\S+?第\d+号/g), numbered);
  for (const party of [1, 2])
    await town.write(`/api/matters/${again.number}/step`, { action: 'consent', party, how: 'phone' });
  await town.write(`/api/matters/${again.number}/step`, { action: 'accept' });
  const later = await paper(town, again.number, 'agreement');
  assert.deepEqual(later.text.match(/编号：（\d{4}）\S+?第\d+号/g), numbered);
});

test('scans go with documents, identity stays with the committee, and the filed dossier no longer changes', async () => {
  const { number, codes } = await register();
  await go(number, ...accepted(), ...settled(), ...signed(), ['kept', { promise: 1 }]);
  const scan = (body) => mediator.post(`${at(number)}/scans`, body);
  refused(await scan({ paper: 'nothing', uploads: [await upload()] }), 422, 'input', 'paper');
  refused(await scan({ paper: 'identity', uploads: [await upload()] }), 422, 'input', 'party');
  refused(await scan({ paper: 'evidence', party: 1, uploads: [await upload()] }), 422, 'input', 'caption');
  refused(await scan({ paper: 'agreement' }), 422, 'input', 'uploads');
  refused(await scan({ paper: 'evidence', caption: '收据', photo: 99 }), 422, 'input', 'photo');
  assert.equal((await scan({ paper: 'identity', party: 1, caption: '身份证原件已核验' })).status, 200);
  const party = city.reporter(codes[1].code);
  const sent = (await party.call('POST', '/api/uploads', png(), { 'Content-Type': 'image/png' })).body.upload;
  await party.write('/api/receipt/message', { text: '漏水的照片', uploads: [sent] });
  const { photos } = await mediator.read(`/api/matters/${number}`);
  assert.equal((await scan({ paper: 'evidence', party: 2, caption: '漏水照片', photo: photos[0].id })).status, 200);
  assert.equal((await scan({ paper: 'signature', party: 1, uploads: [await upload()] })).status, 200);
  const withId = (await scan({ paper: 'identity', party: 2, caption: '营业执照', uploads: [await upload()] })).body;
  const pictures = withId.scans.find((s) => s.caption === '营业执照').photos;
  assert.equal(pictures.length, 1);
  assert.equal((await mediator.get(`/api/matters/${number}/photos/${pictures[0].id}`)).status, 200);
  assert.equal((await party.get(`/api/receipt/photos/${pictures[0].id}`)).status, 404);
  assert.equal((await party.read('/api/receipt/papers')).scans.length, 0);
  assert.ok(!(await mediator.read(`/api/matters/${number}`)).photos.some((p) => p.id === pictures[0].id));

  const identity = await paper(mediator, number, 'identity');
  assert.ok(identity.text.includes('身份证原件已核验') && identity.text.includes('营业执照'));
  assert.equal(identity.pages, 2, 'a scan is a page');
  assert.equal((await paper(mediator, number, 'evidence')).pages, 2);

  const file = (body) => mediator.post(`${at(number)}/archive`, body);
  refused(await file({ retention: 'long' }), 409, 'step');
  await go(number, ['call_back', { reply: '已付清，都满意' }]);
  const wrong = withId.scans.find((s) => s.caption === '身份证原件已核验').no;
  await mediator.write(`${at(number)}/scans/${wrong}/off`, { note: '登错了' });
  const { message } = refused(await file({ retention: 'long' }), 422, 'input', 'note');
  assert.match(message, /当事人身份证明（还有当事人没有身份核验记录）/);
  const filed = (await file({ retention: 'long', note: '申请人身份证已核对原件，未留复印件' })).body;
  assert.deepEqual([filed.retention, filed.can_file, filed.note],
    ['long', false, '申请人身份证已核对原件，未留复印件']);
  refused(await file({ retention: 'ever' }), 409, 'step');
  refused(await scan({ paper: 'agreement', uploads: [await upload()] }), 409, 'step');
  const whole = await paper(mediator, number, 'dossier');
  assert.ok(whole.text.includes('未留复印件') && whole.text.includes('■长期'));

  const list = async (q) => (await mediator.read(`/api/disputes?view=archive&${q}`)).items;
  const docket = encodeURIComponent((await mediator.read(at(number))).docket);
  assert.deepEqual((await list(`q=${docket}`)).map((r) => [r.number, r.filed]), [[number, true]]);
  assert.deepEqual((await list(`q=${number}`)).map((r) => r.number), [number]);
  assert.deepEqual(await list(`q=${encodeURIComponent(rare.slice(0, 3))}`), [], 'names are sealed');
  assert.ok((await list('')).every((r) => !r.open));
  refused(await mediator.get('/api/disputes?view=archive&q=%25'), 422, 'input', 'q');
});

test('blank forms for whoever fills in by hand', async () => {
  const blank = read(await worker.get('/api/papers/agreement/blank'));
  assert.ok(blank.text.includes('人民调解协议书') && !blank.text.includes(rare));
  assert.equal((await city.anybody().get('/api/papers/agreement/blank')).status, 401);
});

test("the deployer's templates are used, and faulty ones stop the start", async () => {
  const own = mkdtempSync(join(folder, 'own-'));
  writeFileSync(join(own, 'notice.txt'), 'document paper\nname 本地告知书\nplace 50\nmust\ntitle 本地告知书\n');
  await city.restart('--no-limits', '--templates', own);
  assert.ok(read(await mediator.get('/api/papers/notice/blank')).text.includes('本地告知书'));
  writeFileSync(join(own, 'notice.txt'), 'document paper\nname 告知书\np {nobody}\n');
  await assert.rejects(() => city.another('--templates', own), /notice\.txt:3/);
  await city.restart('--no-limits');
});
