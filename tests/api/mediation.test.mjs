// mediation.test.mjs: mediation as the people in it live it: wages that the police hand over, agreed
// in instalments, broken, mediated again and paid; water between neighbours, settled in a talk; land
// that climbs from the community to the county and ends with the confirmation of the court. And the
// circle that nobody else looks into.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { grids, lapse, listen, startCity } from './city.mjs';

let city, community, town, county, police, labour, dispatcher, supervisor;
before(async () => {
  city = await startCity('--no-limits');
  [community, town, county, police, labour, dispatcher, supervisor] = await Promise.all(
    ['mediator3', 'mediator1', 'mediator2', 'clerk5', 'clerk3', 'dispatcher1', 'supervisor1'].map(
      (name) => city.signIn(name),
    ),
  );
});
after(() => city?.stop());

const two = [
  { side: 'applicant', name: '周阿根', phone: '19900001001' },
  { side: 'respondent', name: '明远装饰有限公司', kind: 'organisation' },
];
const register = (who, more) =>
  who.write('/api/disputes', { source: 'apply', grid: grids.ours, parties: two, ...more });
const file = (who, number) => who.read(`/api/disputes/${number}`);
const refused = async (who, number, action, more, code) => {
  const answer = await who.post(`/api/matters/${number}/step`, { action, ...more });
  assert.equal(answer.body.error?.code ?? answer.body.code, code, answer.text);
};
/** Steps one after another; each is [action, fields]. */
async function go(who, number, ...steps) {
  let matter;
  for (const [action, more] of steps) {
    matter = await who.write(`/api/matters/${number}/step`, { action, ...more });
  }
  return matter;
}
const consents = (who, how = 'in_person') => [
  ['consent', { party: 1, how }],
  ['consent', { party: 2, how }],
  ['tell_rights', { party: 1, how }],
  ['tell_rights', { party: 2, how }],
  ['accept', {}],
  ['name_mediator', { mediator: who.me.account, how: 'parties' }],
];
const held = ['sitting', { text: '双方到场，谈妥', result: 'agreed' }];
const signed = [
  ['sign', { party: 1, how: 'fingerprint' }],
  ['sign', { party: 2, how: 'seal' }],
  ['sign_mediator', {}],
  ['seal', {}],
];
const day = 86_400_000;

test('wages: police, committee, instalments, breach, again, performed', async () => {
  const made = await register(police, {
    kind: '0703',
    source: 'police',
    text: '装修工人被拖欠三个月工资',
    document: '平公调移3号',
    reason: '双方愿意调解',
  });
  const { number } = made;
  assert.deepEqual(made.codes, [], 'codes speak for the parties, so the police get none');
  assert.equal((await police.get(`/api/disputes/${number}`)).status, 404);
  const handed = () => police.read(`/api/disputes/${number}/handed`);
  assert.deepEqual([(await handed()).state, (await handed()).text], ['registered', '装修工人被拖欠三个月工资']);
  assert.doesNotMatch(JSON.stringify(await handed()), /周阿根/);
  assert.equal((await supervisor.get(`/api/disputes/${number}/handed`)).status, 404);
  const [sent] = (await police.read('/api/transfers')).items;
  assert.deepEqual([sent.number, sent.state, sent.document], [number, 'sent', '平公调移3号']);
  await refused(community, number, 'accept', {}, 'step');
  await go(community, number, ...consents(community), [
    'cohandle',
    { units: [{ unit: labour.me.memberships[0].unit, task: '核对工资表' }],
      consents: [{ party: 1, how: 'in_person' }, { party: 2, how: 'phone' }] },
  ]);
  const [accepted] = (await police.read('/api/transfers')).items;
  assert.equal(accepted.state, 'accepted');
  const seen = await file(labour, number);
  assert.equal(seen.type, 'wages');
  assert.equal(seen.accepted_ms + 15 * day - seen.due_ms < 2 * day, true);
  await go(labour, number, ['cohandle_done', { note: '欠九千元属实' }]);

  const soon = Date.now() + 1200;
  const pay = (n, due_ms) => ({
    party: 2, what: `支付第${n}期工资`, amount: 4500, due_ms, way: '转入工资卡',
  });
  const unclear = { party: 2, what: '支付工资', due_ms: Date.now() + day, way: '转账' };
  await go(community, number, held);
  await refused(community, number, 'agree_written', { text: '付清', promises: [unclear] }, 'input');
  await go(community, number,
    ['agree_written', { text: '欠薪九千元分两期付清', promises: [pay(1, soon), pay(2, soon + day)] }],
    ...signed);
  city.database.change(`UPDATE dispute SET effective_ms = effective_ms - ${day} WHERE matter =
    (SELECT id FROM matter WHERE number = '${number}')`);
  let now = await file(community, number);
  assert.deepEqual([now.state, now.amount, now.promises.length], ['performing', 9000, 2]);
  assert.match(now.docket, /人调字第\d+号$/);
  await sleep(Math.max(0, soon - Date.now() + 100));
  await go(community, number,
    ['broken', { promise: 1, note: '没有转账' }],
    ['mediate_again', { note: '公司要求缓一周' }]);
  const first = now;
  now = await file(community, number);
  assert.deepEqual([now.state, now.effective_ms, now.parties[0].consent],
    ['registered', undefined, 'asked']);
  const wasAgreed = async (who, path) => {
    const [one, ...more] = (await who.read(path)).earlier;
    assert.deepEqual([one.no, one.form, one.text, one.amount, one.effective_ms, more.length],
      [1, 'written', '欠薪九千元分两期付清', 9000, first.effective_ms, 0]);
    assert.deepEqual(one.promises.map((p) => [p.no, p.what, Boolean(p.broken_ms), p.kept_ms]),
      [[1, '支付第1期工资', true, undefined], [2, '支付第2期工资', false, undefined]]);
    assert.ok(one.broken_ms > one.effective_ms && one.ended_ms >= one.broken_ms);
  };
  await wasAgreed(community, `/api/disputes/${number}`);
  const again = consents(community).slice(0, 5);
  await go(community, number, ...again, held,
    ['agree_written', { text: '一次付清', promises: [pay(1, Date.now() + day)] }],
    ...signed,
    ['kept', { promise: 101, note: '已核对转账截图' }],
    ['feed_back', { transfer: accepted.id, reply: '已调解成功并付清' }],
    ['call_back', { reply: '双方都说已经了结' }]);
  now = await file(community, number);
  assert.deepEqual([now.state, now.amount, now.promises.length], ['closed', 4500, 1]);
  assert.equal(now.accepted_ms, first.accepted_ms, 'it is the same case');
  await wasAgreed(community, `/api/disputes/${number}`);
  const [done] = (await police.read('/api/transfers')).items;
  assert.equal(done.result, '已调解成功并付清');
  assert.deepEqual([(await handed()).state, (await handed()).transfers[0].result],
    ['closed', '已调解成功并付清']);
  await police.post(`/api/matters/${number}/reveal`, { reporter: 1, purpose: '交给本人' })
    .then((answer) => assert.equal(answer.status, 404));
  const { code } = await community.write(`/api/matters/${number}/reveal`, { reporter: 1, purpose: '交给本人' });
  await wasAgreed(city.reporter(code), '/api/receipt/dispute');
  const own = await city.reporter(code).read('/api/receipt');
  assert.ok(own.timeline.some((line) => line.action === 'agree_written'));
});

test('water: settled in a talk, one command, and a call', async () => {
  const { number, codes } = await register(community, { kind: '0201', text: '两家合用水表，水费谁付' });
  await go(community, number, ...consents(community, 'phone'),
    ['agree_oral', { text: '各付一半，本月装两只水表' }],
    ['call_back', { reply: '水表已装好，两家满意' }]);
  const own = await city.reporter(codes[1].code).read('/api/receipt/dispute');
  assert.deepEqual([own.state, own.form, own.transfers.length], ['closed', 'oral', 0]);
});

test('land: from the community to the county and the court', async () => {
  const { number } = await register(community, { kind: '0901', text: '两户承包地边界说不清' });
  await go(community, number, ...consents(community), ['escalate', { note: '涉及历史确权' }]);
  assert.equal((await town.get(`/api/disputes/${number}`)).status, 200);
  await refused(community, number, 'accept', {}, 'denied');
  await go(town, number, ['escalate', { note: '跨镇' }]);
  const listed = async (who, view) =>
    (await who.read(`/api/disputes?view=${view}`)).items.find((r) => r.number === number);
  for (const former of [community, town]) {
    const row = await listed(former, 'handed');
    assert.equal(row.committee_name, (await file(former, number)).committee_name);
    assert.equal(await listed(former, 'unit'), undefined);
    const seen = await former.read(`/api/disputes/${number}/handed`);
    assert.deepEqual([seen.state, seen.transfers], ['registered', []]);
    await refused(former, number, 'consent', { party: 1, how: 'phone' }, 'denied');
  }
  assert.equal(await listed(county, 'handed'), undefined);
  assert.equal((await labour.get(`/api/disputes/${number}/handed`)).status, 404);
  await refused(county, number, 'escalate',
    { unit: (await file(county, number)).committee, note: '原地' }, 'input');
  await go(county, number, ...consents(county), held,
    ['facts', { text: '双方承认田埂在一九九八年确权图上' }],
    ['sign_facts', { party: 1, how: 'signature' }],
    ['caucus', { party: 2, text: '他私下说愿意让半米' }],
    ['agree_written', { text: '以确权图为界', promises: [
      { party: 2, what: '拆除越界围栏', due_ms: Date.now() + 10 * day, way: '自行拆除', place: '田埂' },
    ] }],
    ...signed, ['apply_confirm', { party: 1, how: 'written', ownership: 'no' }],
    ['apply_confirm', { party: 2, how: 'in_person', ownership: 'no' }], ['court_decided', { result: 'confirmed' }]);
  const now = await file(county, number);
  assert.deepEqual([now.confirm, now.state, now.facts_signed], ['confirmed', 'performing', '1']);
  const noted = () => city.database.rows("SELECT * FROM access_log WHERE fields = 'caucus'").length;
  const before = noted();
  const [talk] = (await county.write(`/api/disputes/${number}/caucus`, {})).items;
  assert.equal(talk.text, '他私下说愿意让半米');
  assert.equal((await town.post(`/api/disputes/${number}/caucus`, {})).status, 404);
  assert.equal(noted(), before + 1, 'the reading leaves a row, and who may not leaves none');
  const everything = JSON.stringify(city.database.rows('SELECT * FROM note'));
  assert.doesNotMatch(everything, /让半米|一九九八/);
});

test('what the court does not confirm is told to nobody as open to confirmation', async () => {
  for (const [kind, why] of [['0403', /物权、知识产权确权/], ['1001', /物权、知识产权确权/],
    ['0101', /身份关系/], ['0401', undefined]]) {
    const { number, codes } = await register(town, { kind, text: '商量归谁所有' });
    await go(town, number, ...consents(town), held, ['agree_written', { text: '写明归谁', promises: [
      { party: 2, what: '配合办理手续', due_ms: Date.now() + day, way: '双方到场' }] }], ...signed);
    const confirm = await town.post(`/api/matters/${number}/step`,
      { action: 'apply_confirm', party: 1, how: 'written', ownership: 'no' });
    const party = city.reporter(codes[1].code);
    const ask = await party.post('/api/receipt/ask_court', { ownership: 'no' });
    const row = (await town.read('/api/disputes')).items.find((r) => r.number === number);
    const until = [row.confirm_by_ms, (await file(town, number)).confirm_by_ms,
      (await party.read('/api/receipt/dispute')).confirm_by_ms];
    assert.deepEqual([confirm.status, ask.status], why ? [409, 409] : [200, 200], kind);
    if (why) {
      assert.match(confirm.text, why);
      assert.match(ask.text, why);
      assert.deepEqual(until, [undefined, undefined, undefined]);
    }
  }
});

test('a party reads who is only invited, and where its dispute went with its consent', async () => {
  const { number, codes } = await register(town, { kind: '0202', text: '楼上漏水，两家争执' });
  const own = (i) => city.reporter(codes[i].code).read('/api/receipt/dispute');
  const unit = labour.me.memberships[0].unit;
  await go(town, number, ...consents(town), ['invite', { who: '王大伯', how: 'relative' }],
    ['refer', { unit, note: '有人受伤，依法报告', reason: 'danger' }]);
  assert.deepEqual([(await own(0)).guests[0].admitted_ms, (await own(0)).handed], [undefined, []]);
  // Whom it was reported to by law no party reads: in its course, or among what is held of them.
  const [{ id }] = (await labour.read('/api/transfers')).items.filter((t) => t.number === number);
  await labour.write(`/api/disputes/${number}/transfers/${id}`, { answer: 'accepted' });
  for (const { code } of codes) {
    const party = city.reporter(code);
    const told = JSON.stringify([(await party.read('/api/receipt')).timeline, await party.read('/api/receipt/data')]);
    assert.ok(!/refer|handed_over|依法报告/.test(told) && !told.includes(labour.me.memberships[0].unit_name), told);
  }
  await go(town, number, ['admit', { guest: 1, party: 1 }], ['admit', { guest: 1, party: 2 }],
    ['refer', { unit, note: '请核对工资', consents: [1, 2].map((party) => ({ party, how: 'phone' })) }]);
  for (const i of [0, 1]) {
    const { guests, handed, transfers } = await own(i);
    assert.ok(guests[0].admitted_ms);
    assert.deepEqual(handed.map((h) => [h.reason, h.state, h.to_name]),
      [['请核对工资', 'sent', labour.me.memberships[0].unit_name]]);
    assert.deepEqual(transfers, []);
  }
  assert.deepEqual((await file(town, number)).handed, []);
});

test('a party agrees and leaves by its code, and nothing goes on', async () => {
  const { number, codes } = await register(town, { type: 'family', text: '兄妹分担照顾母亲的费用' });
  const brother = city.reporter(codes[0].code);
  await brother.write('/api/receipt/agree');
  await go(town, number, ...consents(town).slice(1));
  await go(town, number, ['plan_sitting', { at_ms: Date.now() + day, place: '街道调解室，二楼' }]);
  const calendar = await brother.get('/api/receipt/sittings.ics');
  assert.equal(calendar.status, 200);
  assert.match(calendar.text, /^BEGIN:VCALENDAR\r\n[^]*LOCATION:街道调解室，二楼\r\n[^]*END:VCALENDAR\r\n$/);
  assert.doesNotMatch(calendar.text, /兄妹|周阿根/);
  assert.match((await brother.read('/api/receipt')).messages.map((m) => m.text).join(), /二楼/);
  await brother.write('/api/receipt/withdraw');
  for (const { timeline } of [await town.read(`/api/matters/${number}`), await brother.read('/api/receipt')]) {
    const [first, last] = [timeline[0], timeline.at(-1)];
    assert.equal(first.action_name, '已登记', 'nobody reported it');
    assert.deepEqual([last.by, last.action_name], ['当事人（1 号）', '不同意或退出调解']);
  }
  await refused(town, number, 'sitting', held[1], 'step');
  assert.equal((await file(town, number)).state, 'ended');
});

test('for somebody under age the guardian speaks, and lists and errors say so', async () => {
  const { number, codes } = await register(community, { kind: '0202', text: '学生打球砸坏车窗', parties: [
    { side: 'applicant', name: '张小明', minor: true }, two[1],
    { side: 'applicant', name: '张大山', role: 'guardian', stands_for: 1 }, { side: 'applicant', name: '张小刚' }] });
  const [child, other, guardian] = codes.map(({ code }) => city.reporter(code));
  const say = (who, action, body) => who.post(`/api/matters/${number}/step`, { action, ...body });
  const accept = await say(community, 'accept', {});
  assert.equal(accept.status, 409);
  assert.ok(accept.text.includes('还没有（或不再）同意调解：'
    + '申请人1 张**（由监护人张**表示）、被申请人1 明**、申请人2 张**'), accept.text);
  const wrong = await say(community, 'consent', { party: 1, how: 'phone' });
  assert.deepEqual([wrong.status, wrong.body.field], [422, 'party']);
  assert.match(wrong.text, /申请人1 张\*\*（由监护人张\*\*表示），请选监护人/);
  for (const action of ['agree', 'withdraw']) assert.equal((await child.post(`/api/receipt/${action}`)).status, 409);
  assert.equal((await guardian.post('/api/receipt/ask_stop')).status, 409);
  await child.write('/api/receipt/ask_stop');
  assert.equal((await file(community, number)).state, 'registered');
  const first = async (who) => (await who.read('/api/receipt/dispute')).parties[0];
  assert.ok((await first(guardian)).stop_ms && (await first(child)).stop_ms);
  assert.equal((await first(other)).stop_ms, undefined, 'it is not for the other side');
  const [seen, , by] = (await file(community, number)).parties;
  assert.deepEqual([seen.label, seen.guardian, seen.word, by.label, Boolean(seen.stop_ms)],
    ['申请人1', 3, false, '申请人1的监护人', true]);
  const missing = async () =>
    (await community.read('/api/disputes')).items.find((r) => r.number === number).missing;
  assert.equal(await missing(), 3, 'child and guardian are one');
  await guardian.write('/api/receipt/agree');
  assert.equal(await missing(), 2);
  assert.equal((await first(other)).word, true);
  await go(community, number, ['consent', { party: 2, how: 'phone' }], ['consent', { party: 4, how: 'phone' }],
    ['tell_rights', { party: 2, how: 'phone' }], ['tell_rights', { party: 3, how: 'phone' }], ['accept', {}],
    ['name_mediator', { mediator: community.me.account, how: 'parties' }]);
  const untold = await say(community, 'sitting', { text: '到场', result: 'continue' });
  assert.match(untold.text, /还没有告知权利义务：申请人2 张\*\*"/);
  assert.doesNotMatch((await child.read('/api/receipt')).can.map((c) => c.why ?? '').join(), /张/);
  await guardian.write('/api/receipt/withdraw');
  assert.equal((await file(community, number)).state, 'ended');
});

test('whoever is under age acts for nobody, and an organisation is not under age', async () => {
  const child = { side: 'applicant', name: '张小明', minor: true };
  const guardian = { side: 'applicant', name: '张小红', role: 'guardian', stands_for: 1 };
  for (const [wrong, why] of [
    [[child, two[1], { ...guardian, minor: true }], /未成年人不能作监护人/],
    [[two[0], two[1], { ...guardian, role: 'agent', scope: 'sign', minor: true }], /未成年人不能作监护人或代理人/],
    [[two[0], { ...two[1], minor: true }], /单位没有未成年/],
  ]) {
    const answer = await community.post('/api/disputes', { kind: '0202', text: '学生打球砸坏车窗',
      source: 'apply', grid: grids.ours, parties: wrong });
    assert.deepEqual([answer.status, answer.body.field], [422, 'parties'], answer.text);
    assert.match(answer.text, why);
  }
  const { number } = await register(community, { kind: '0202', text: '学生打球砸坏车窗',
    parties: [child, two[1]] });
  await refused(community, number, 'add_parties', { parties: [{ ...guardian, minor: true }] }, 'input');
  await go(community, number, ['add_parties', { parties: [guardian] }]);
  assert.equal((await file(community, number)).parties[0].guardian, 3);
});

test('that a session is called off is told as its plan was', async () => {
  const { number, codes } = await register(community, { kind: '0202', text: '空调滴水争执' });
  await go(community, number, ...consents(community),
    ['plan_sitting', { at_ms: Date.now() + day, place: '一楼调解室' }],
    ['cancel_sitting', { sitting: 1, note: '对方住院，改期另告' }]);
  const party = city.reporter(codes[0].code);
  const sittings = async () => (await party.read('/api/receipt/dispute')).sittings;
  const [off] = await sittings();
  assert.equal(off.result, 'cancelled');
  assert.match(off.why, /^\d{4}-\d\d-\d\d \d\d:\d\d · 一楼调解室\n对方住院，改期另告$/);
  for (const page of [await party.read('/api/receipt'), await community.read(`/api/matters/${number}`)])
    assert.ok(page.messages.some((m) => m.text === `取消安排：${off.why}`));
  await go(community, number, ['plan_sitting', { at_ms: Date.now() + 2 * day, place: '二楼调解室' }]);
  assert.deepEqual((await sittings()).map((s) => [s.result, Boolean(s.why)]),
    [['cancelled', true], ['', false]]);
});

test('a session that is no longer needed is called off, and the parties read it', async () => {
  for (const [why, ...steps] of [
    ['各方已达成协议', held, ['agree_written', { text: '移走空调', promises: [
      { party: 2, what: '移走空调', due_ms: Date.now() + day, way: '自行移走' }] }]],
    ['调解已结束', ['consent_refused', { party: 2, how: 'phone', reply: '对方退出，可以起诉' }]],
    ['纠纷已提交上级调解组织', ['escalate', { note: '涉及多户' }]],
  ]) {
    const { number, codes } = await register(community, { kind: '0202', text: '空调滴水争执' });
    await go(community, number, ...consents(community),
      ['plan_sitting', { at_ms: Date.now() + day, place: '一楼调解室' }], ...steps);
    const party = city.reporter(codes[0].code);
    const [off] = (await party.read('/api/receipt/dispute')).sittings;
    assert.equal(off.result, 'cancelled');
    assert.match(off.why, /^\d{4}-\d\d-\d\d \d\d:\d\d · 一楼调解室\n/);
    assert.equal(off.why.split('\n')[1], why);
    const own = await party.read('/api/receipt');
    assert.equal(own.messages.filter((m) => m.text === `取消安排：${off.why}`).length, 1);
    assert.deepEqual(own.timeline.slice(-2).map((line) => line.action),
      ['cancel_sitting', steps.at(-1)[0]]);
  }
});

test('what was recorded as kept by mistake is taken back with a reason, until the end', async () => {
  const { number } = await register(community, { kind: '0202', text: '装修噪音赔偿' });
  await go(community, number, ...consents(community), ['agree_oral', { text: '赔五百元', promises: [
    { party: 2, what: '付清赔偿', amount: 500, due_ms: Date.now() + day }] }]);
  await refused(community, number, 'unkept', { promise: 1, note: '记错了' }, 'step');
  await go(community, number, ['kept', { promise: 1 }]);
  assert.equal((await file(community, number)).state, 'performed');
  await refused(community, number, 'unkept', { promise: 1 }, 'input');
  await go(community, number, ['unkept', { promise: 1, note: '看错了转账人' }]);
  const now = await file(community, number);
  assert.deepEqual([now.state, now.promises[0].kept_ms], ['performing', undefined]);
  const line = (await community.read(`/api/matters/${number}`)).timeline.at(-1);
  assert.deepEqual([line.action, line.note], ['unkept', '看错了转账人']);
  await go(community, number, ['kept', { promise: 1 }], ['call_back', { reply: '已付清，都满意' }]);
  await refused(community, number, 'unkept', { promise: 1, note: '记错了' }, 'step');
});

test('what a dispute came from names it, and it names that', async () => {
  const report = await city.anybody().write('/api/reports', {
    text: '楼上楼下为漏水天天吵架', category: '0801', grid: grids.ours,
  });
  const { number } = await register(town, {
    kind: '0202', source: 'report', came_from: report.number, text: '楼上漏水，两家争执',
  });
  const links = (await town.read(`/api/matters/${number}`)).links;
  assert.deepEqual(links.map((l) => [l.kind, l.number]), [['report', report.number]]);
  const seen = await dispatcher.read(`/api/matters/${report.number}`);
  assert.deepEqual(seen.links, []);
  assert.ok(seen.timeline.some((line) => line.action === 'mediation'));
});

test('a dispute is for its committee: no list, count, map, search or event of a territory', async () => {
  const events = await listen(dispatcher);
  const before = await dispatcher.read('/api/counts');
  const { number } = await register(community, { kind: '0201', text: '甪直河埠头的过道纠纷' });
  const own = await community.read('/api/disputes');
  assert.equal(own.items[0].number, number);
  for (const outside of [dispatcher, supervisor, labour]) {
    assert.equal((await outside.get(`/api/disputes/${number}`)).status, 404);
    assert.equal((await outside.get(`/api/matters/${number}`)).status, 404);
    assert.equal((await outside.get(`/api/disputes/${number}/sittings.ics`)).status, 404);
  }
  for (const order of ['due', 'new']) {
    for (const person of [dispatcher, supervisor]) {
      const list = await person.read(`/api/matters?view=region&order=${order}&limit=100`);
      assert.ok(list.items.length > 0);
      assert.ok(list.items.every((row) => row.kind !== 'dispute'));
    }
  }
  assert.deepEqual(await dispatcher.read('/api/counts'), before);
  const place = await city.anybody().read(`/api/grids/${grids.ours}`);
  const box = `w=${place.lon - 0.01}&s=${place.lat - 0.01}&e=${place.lon + 0.01}&n=${place.lat + 0.01}`;
  const map = await dispatcher.get(`/api/matters/map?${box}`);
  assert.doesNotMatch(map.text, new RegExp(number));
  await sleep(1500);
  for (const person of [dispatcher, community]) {
    const found = await person.get(`/api/search?q=${encodeURIComponent('甪直河埠头')}`);
    assert.doesNotMatch(found.text, /河埠头/);
  }
  const byNumber = await dispatcher.read(`/api/search?q=${number}`);
  assert.deepEqual(byNumber.items, []);
  assert.equal((await community.read(`/api/search?q=${number}`)).items.length, 1);
  await events.stop();
  assert.ok(events.heard.every((event) => event.number !== number));
});

test('the register of a committee says what the law wants and is not so', async () => {
  const unit = community.me.memberships[0].unit;
  const codes = (view) => view.findings.map((f) => f.code).sort();
  assert.deepEqual(codes(await community.read(`/api/committees/${unit}`)),
    ['director', 'members', 'term_over', 'woman']);
  const member = (name, post, woman = false) => ({ name, post, woman });
  const view = await community.write(`/api/committees/${unit}`, {
    short_name: '大儒巷', kind: 'community', term_from_ms: Date.now() - 1000 * day,
    members: [member('王一', 'director'), member('李二', 'member', true), member('张三', 'member')],
  });
  assert.deepEqual(codes(view), []);
  assert.equal((await town.post(`/api/committees/${unit}`, {
    short_name: 'x', kind: 'community', term_from_ms: 0, members: [member('王', 'director')],
  })).status, 404);
});

test('the police hand over in their own name only', async () => {
  const sent = (more) => police.post('/api/disputes', { type: 'neighbour', source: 'police',
    text: '邻居吵架', reason: '双方愿意调解', document: '平公调8号', grid: grids.ours, parties: two, ...more });
  for (const [field, value] of [['source', 'court'], ['office', '姑苏区人民法院']]) {
    const answer = await sent({ [field]: value });
    assert.deepEqual([answer.status, answer.body.field], [422, field], answer.text);
  }
  assert.equal((await sent({})).status, 200);
});

test('where it lies is said in one of two ways, and the error names both', async () => {
  const sent = (where) => community.post('/api/disputes', { kind: '0201', source: 'apply', text: '楼上漏水',
    parties: two, ...where });
  const neither = await sent({ place_text: ' ' });
  assert.deepEqual([neither.status, neither.body.field], [422, 'place_text'], neither.text);
  assert.match(neither.body.message, /网格.*地点/);
  for (const where of [{ grid: grids.ours }, { place_text: '平江路 128 号' }])
    assert.equal((await sent(where)).status, 200);
});

test('in lists and on its pages a dispute is called by its kind, or its type', async () => {
  for (const [of, called] of [[{ kind: '0901' }, '土地承包经营'], [{ type: 'neighbour' }, '邻里']]) {
    const { number, codes } = await register(community, { ...of, text: '田埂归谁说不清' });
    const { items } = await community.read('/api/matters?view=unit&order=new&limit=20');
    assert.equal(items.find((r) => r.number === number).category_name, called);
    assert.equal((await community.read(`/api/matters/${number}`)).category_name, called);
    assert.equal((await city.reporter(codes[0].code).read('/api/receipt')).category_name, called);
  }
});

test('what is no matter of mediation is told where it belongs', async () => {
  const answer = await community.post('/api/disputes', {
    kind: '1401', source: 'apply', grid: grids.ours, text: '不服派出所处理', parties: two,
  });
  assert.equal(answer.status, 422);
  assert.match(answer.text, /依法提出/);
});

test('a list says what each dispute waits for, and a party which number it has', async () => {
  const { number, codes } = await register(community, { kind: '0901', text: '田埂归谁说不清' });
  const row = async () =>
    (await community.read('/api/disputes')).items.find((r) => r.number === number);
  const waits = async () => {
    const r = await row();
    return [r.waits, r.missing];
  };
  assert.deepEqual(await waits(), ['consent', 2]);
  await city.reporter(codes[1].code).write('/api/receipt/agree', {});
  assert.deepEqual(await waits(), ['consent', 1]);
  const own = await city.reporter(codes[1].code).read('/api/receipt/dispute');
  assert.equal(own.you, 2);
  assert.equal((await file(community, number)).you, undefined);
  assert.equal((await city.reporter(codes[1].code).read('/api/receipt')).kind, 'dispute');
  await refused(community, number, 'consent', { party: 2, how: 'phone' }, 'input');
  await go(community, number, ...consents(community).filter((_, i) => i !== 1));
  assert.deepEqual(await waits(), ['session', 0]);
  const at_ms = Date.now() + day;
  await go(community, number, ['plan_sitting', { at_ms, place: '调解室' }]);
  assert.deepEqual(await waits(), ['sitting', 0]);
  await go(community, number, held, ['agree_written', {
    text: '以确权图为界',
    promises: [{ party: 1, what: '移走界石', due_ms: Date.now() + day, way: '双方在场' }],
  }]);
  assert.deepEqual(await waits(), ['signature', 2]);
  assert.equal((await row()).confirm_by_ms, undefined, 'nothing to confirm before it binds');
  await go(community, number, ...signed);
  assert.deepEqual(await waits(), ['promise', 0]);
  const { effective_ms } = await file(community, number);
  const left = (await row()).confirm_by_ms - effective_ms;
  assert.ok(left >= 30 * day && left < 45 * day, 'to the end of the thirtieth day, or of the next that is worked');
  assert.equal(new Date((await row()).confirm_by_ms + 8 * 3_600_000).toISOString().slice(11), '23:59:59.999Z');
  await go(community, number, ['kept', { promise: 1 }],
    ['apply_confirm', { party: 1, how: 'written', ownership: 'no' }]);
  assert.equal((await row()).confirm, '', 'both sides ask together');
  await city.reporter(codes[1].code).write('/api/receipt/ask_court', { ownership: 'no' });
  const asked = await row();
  assert.deepEqual([asked.waits, asked.confirm, asked.confirm_by_ms],
    ['call_back', 'applied', undefined]);
});

test('the court is asked and heard after the case is closed, and of an agreement that was not kept', async () => {
  const agreed = async () => {
    const made = await register(community, { kind: '0201', text: '两家合用水表，水费谁付' });
    await go(community, made.number, ...consents(community), held, ['agree_written', { text: '一次付清', promises: [
      { party: 2, what: '支付水费', amount: 300, due_ms: Date.now() + day, way: '转账' }] }], ...signed);
    return made;
  };
  const asked = [1, 2].map((party) => ['apply_confirm', { party, how: 'written', ownership: 'no' }]);
  const kept = [['kept', { promise: 1 }], ['call_back', { reply: '款已付清，都满意' }]];
  const confirmed = ['court_decided', { result: 'confirmed' }];
  const court = async (number) => {
    const { state, confirm, earlier } = await file(community, number);
    return [state, confirm, ...earlier.map((e) => e.confirm)];
  };

  const early = await agreed();
  await go(community, early.number, ...asked, ...kept);
  const { closed_ms } = await community.read(`/api/matters/${early.number}`);
  await go(community, early.number, confirmed);
  assert.deepEqual(await court(early.number), ['closed', 'confirmed']);
  assert.equal((await community.read(`/api/matters/${early.number}`)).closed_ms, closed_ms);
  await refused(community, early.number, ...confirmed, 'step');

  const late = await agreed();
  await go(community, late.number, ...kept, asked[0]);
  const party = city.reporter(late.codes[1].code);
  const may = (await party.read('/api/receipt')).can.find((c) => c.action === 'ask_court');
  assert.deepEqual([may?.ok, (await party.read('/api/receipt/dispute')).confirm_by_ms > Date.now()], [true, true]);
  await party.write('/api/receipt/ask_court', { ownership: 'no' });
  assert.deepEqual(await court(late.number), ['closed', 'applied']);
  await go(community, late.number, ['court_decided', { result: 'dismissed' }]);
  assert.deepEqual(await court(late.number), ['closed', 'dismissed']);

  const never = await agreed();
  await go(community, never.number, ...kept);
  city.database.change(`UPDATE dispute SET effective_ms = effective_ms - ${31 * day}
    WHERE matter = (SELECT id FROM matter WHERE number = '${never.number}')`);
  await refused(community, never.number, ...asked[0], 'step');

  const again = await agreed();
  lapse(city, again.number);
  await go(community, again.number, ...asked, ['broken', { promise: 1, note: '没有付' }],
    ['mediate_again', { note: '再谈一次' }]);
  assert.deepEqual(await court(again.number), ['registered', '', 'applied']);
  await go(community, again.number, confirmed);
  assert.deepEqual(await court(again.number), ['registered', '', 'confirmed']);
  await refused(community, again.number, ...confirmed, 'step');
});

test('a room of the committee holds one session at a time', async () => {
  const at_ms = Date.now() + 9 * day;
  const two = await Promise.all([0, 1].map(() => register(town, { kind: '0201', text: '楼道堆物吵架' })));
  for (const { number } of two) await go(town, number, ...consents(town));
  await go(town, two[0].number, ['plan_sitting', { at_ms, minutes: 90, place: '三楼调解室' }]);
  const late = await town.post(`/api/matters/${two[1].number}/step`,
    { action: 'plan_sitting', at_ms: at_ms + 80 * 60_000, place: '三楼调解室' });
  assert.equal(late.status, 422);
  const from = new Date(at_ms + 8 * 3600_000).toISOString().slice(0, 16).replace('T', ' ');
  assert.match(late.text, new RegExp(from), 'it names the time of the other one');
  assert.doesNotMatch(late.text, new RegExp(two[0].number));
  await go(town, two[1].number, ['plan_sitting', { at_ms: at_ms + 90 * 60_000, place: '三楼调解室' }]);
});

test('whoever heads a committee has its desk; other heads have not', async () => {
  const [chair, head] = await Promise.all(['chief10', 'chief1'].map((name) => city.signIn(name)));
  assert.ok(chair.me.can.includes('mediate') && chair.me.can.includes('subsidy'));
  assert.ok(!head.me.can.includes('mediate') && !head.me.can.includes('subsidy'));
  assert.ok((await chair.read('/api/disputes')).items.length > 0);
});
