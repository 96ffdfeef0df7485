// requests.test.mjs: people ask to see, correct and erase what is held of them: by their code,
// through a colleague, or about their own account. What is granted is carried out at once, what must
// stay is told with its reason, and of what they wrote nothing stands in a log, a list or the record.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { grids, refused, startCity } from './city.mjs';

let city, desk, dispatcher, worker, mediator, admin;
before(async () => {
  city = await startCity('--no-limits');
  [desk, dispatcher, worker, mediator, admin] = await Promise.all(
    ['supervisor3', 'dispatcher1', 'worker1', 'mediator1', 'admin1'].map((name) => city.signIn(name, 'en')));
});
after(() => city?.stop());

const phone = '13911112222';
async function report(more = {}) {
  const made = await city.anybody().write('/api/reports',
    { text: '楼道堆满杂物', grid: grids.ours, category: '0101', name: '沈阿姨', phone, ...more });
  return { ...made, who: city.reporter(made.code, 'en') };
}
const ask = (who, body) => who.write('/api/receipt/data/requests', body);
const answer = (who, number, body) => who.post(`/api/personal/requests/${number}/answer`, body);
const waiting = async (who) => (await who.read('/api/personal/requests')).items.map((r) => r.number);
const item = (held, key) => held.items.find((i) => i.key === key);
async function settle(number) {
  await worker.step(number, 'take');
  await worker.step(number, 'reply', { reply: '已经清理干净' });
  await dispatcher.step(number, 'verify');
  await dispatcher.step(number, 'close');
}

test('what is held, whom it went to and what could go is told at once; name and telephone to who proves it', async () => {
  const { who, number } = await report();
  const held = await who.read('/api/receipt/data');
  assert.equal(item(held, 'matter.text').value, '楼道堆满杂物');
  assert.deepEqual([item(held, 'person.phone').value, item(held, 'person.phone').class], [undefined, 4]);
  assert.match(item(held, 'person.phone').purpose, /Reaching reporters/);
  assert.ok(held.handed.length && held.stays.length > 2 && held.provable);
  assert.match(held.limit, /fifteen working days/);
  assert.ok(held.erasable.every((part) => !part.now && /not settled/.test(part.why)));
  assert.doesNotMatch(JSON.stringify(held), /沈阿姨|13911112222/);
  const open = await ask(who, { kind: 'see' });
  refused(await who.post(`/api/receipt/data/requests/${open.number}/copy`), 409, 'step');
  await who.write(`/api/receipt/data/requests/${open.number}/withdraw`);
  refused(await who.post('/api/receipt/data/requests', { kind: 'see', proof: '13900000000' }), 422, 'input', 'proof');
  const request = await ask(who, { kind: 'see', proof: phone });
  assert.deepEqual([request.state, request.about], ['granted', number]);
  const at = `/api/receipt/data/requests/${request.number}/copy`;
  refused(await who.post(at), 422, 'input', 'proof');
  refused(await who.post(at, { proof: '13900000000' }), 422, 'input', 'proof');
  const copy = await who.write(at, { proof: '139-1111 2222' });
  assert.deepEqual([item(copy, 'person.name').value, item(copy, 'person.phone').value, copy.whole],
    ['沈阿姨', phone, true]);
  const { items } = await who.read('/api/receipt/reads');
  assert.deepEqual([items[0].role, items[0].what], ['Whoever has this receipt code', 'name, telephone']);
});

test('how long it is kept is told in days, and until which day once the matter has ended', async () => {
  const { who, number } = await report();
  const contact = async () => item(await who.read('/api/receipt/data'), 'person.phone');
  assert.match((await contact()).kept, /^1095 days after it has ended, then erased \(it is not settled yet/);
  assert.equal((await contact()).until_ms, undefined);
  await settle(number);
  assert.equal((await contact()).kept, '1095 days after it has ended, then erased');
  assert.ok(Math.abs((await contact()).until_ms - Date.now() - 1095 * 86_400_000) < 3_600_000);
  const mine = await (await city.signIn('clerk1')).read('/api/account/data');
  assert.equal(item(mine, 'known_place.token').kept, '最后一次使用后保存 400 天，到期删除');
});

test('without a telephone on file nothing is shown to who holds the code; it is printed at the desk', async () => {
  const { who, number } = await report({ phone: undefined });
  const asked = await worker.write(`/api/matters/${number}/requests`, { reporter: 1, kind: 'see', how: 'in_person' });
  await answer(desk, asked.number, { answer: 'grant', text: '副本已打印交给本人' });
  refused(await who.post(`/api/receipt/data/requests/${asked.number}/copy`), 409, 'step');
  assert.equal(item(await desk.write(`/api/personal/requests/${asked.number}/copy`), 'person.name').value, '沈阿姨');
});

test('wrong numbers are few: who tries at a receipt is kept out for a while, and its owner is not', async () => {
  const strict = await startCity('--proxies', '127.0.0.1');
  try {
    const made = await strict.anybody().write('/api/reports',
      { text: '楼道堆满杂物', grid: grids.ours, category: '0101', name: '沈阿姨', phone });
    const from = (address) => (proof) => strict.reporter(made.code, 'en')
      .call('POST', '/api/receipt/data/requests', { kind: 'see', proof }, { 'X-Forwarded-For': address });
    const finder = from('192.0.2.1');
    for (let i = 0; i < 5; i++) refused(await finder(`1380000000${i}`), 422, 'input', 'proof');
    const kept = await finder(phone);
    refused(kept, 429, 'limit', 'proof');
    assert.match(kept.body.message, /try again in (29|30) minutes, or leave it out/);
    const wait = Number(kept.headers.get('retry-after'));
    assert.ok(wait > 1500 && wait <= 1800, `${wait}`);
    const seen = (await from('192.0.2.2')(phone)).body;
    assert.equal(seen.state, 'granted');
    const copy = await strict.reporter(made.code, 'en').call('POST', `/api/receipt/data/requests/${seen.number}/copy`,
      { proof: phone }, { 'X-Forwarded-For': '192.0.2.1' });
    refused(copy, 429, 'limit', 'proof');
    for (const n of [3, 4, 5, 6, 7]) await from(`192.0.2.${n}`)('13800000000');
    refused(await from('192.0.2.8')(phone), 429, 'limit', 'proof');
  } finally {
    await strict.stop();
  }
});

test('who read it stands on the page of the person: the unit, the role, and why; nobody by name', async () => {
  const { who, number } = await report();
  assert.deepEqual((await who.read('/api/receipt/reads')).items, []);
  await desk.write(`/api/matters/${number}/reveal`, { reporter: 1, purpose: '约上门时间' });
  const { items } = await who.read('/api/receipt/reads');
  assert.equal(items.length, 1);
  assert.equal(items[0].why, '约上门时间');
  assert.equal(items[0].role, 'Supervisor');
  assert.ok(items[0].by.length > 3);
  assert.doesNotMatch(JSON.stringify(items), new RegExp(desk.me.name));
});

test('what one person opened several times within an hour is one line with a count', async () => {
  const { who, number } = await report();
  const asked = await ask(who, { kind: 'erase' });
  for (let i = 0; i < 3; i++) await desk.write(`/api/personal/requests/${asked.number}/open`);
  await dispatcher.write(`/api/personal/requests/${asked.number}/open`);
  await desk.write(`/api/matters/${number}/reveal`, { reporter: 1, purpose: '约上门时间' });
  await desk.write(`/api/personal/requests/${asked.number}/open`);
  const { items } = await who.read('/api/receipt/reads');
  assert.deepEqual(items.map((one) => one.times), [4, 1, 1]);
  assert.deepEqual(items.map((one) => one.why === '约上门时间'), [false, true, false]);
  const area = Number(number.slice(0, 6));
  const [log] = city.database.rows(`SELECT count(*) AS n FROM access_log WHERE area = ${area}
    AND matter = (SELECT id FROM matter WHERE number = '${number}')`);
  assert.equal(log.n, 6, 'the record keeps each');
});

test('a correction changes the sealed field, and the record says that and nothing of the content', async () => {
  const { who, number } = await report();
  refused(await who.post('/api/receipt/data/requests', { kind: 'correct' }), 422, 'input', 'field');
  refused(await who.post('/api/receipt/data/requests', { kind: 'erase', value: 'x' }), 422, 'input', 'value');
  for (const value of ['abc', '1', '不知道'])
    refused(await who.post('/api/receipt/data/requests', { kind: 'correct', field: 'phone', value }), 422, 'input', 'value');
  refused(await who.post('/api/receipt/data/requests', { kind: 'correct', field: 'name', value: '沈'.repeat(41) }), 422,
    'input', 'value');
  const asked = await ask(who, { kind: 'correct', field: 'phone', value: '13733334444', text: '换号了' });
  assert.equal(asked.state, 'open');
  refused(await who.post('/api/receipt/data/requests', { kind: 'correct', field: 'phone', value: '13733335555' }), 409, 'step');
  assert.ok((await waiting(desk)).includes(asked.number));
  for (const other of [mediator, await city.signIn('dispatcher4')]) {
    assert.ok(!(await waiting(other)).includes(asked.number));
    assert.equal((await other.get(`/api/personal/requests/${asked.number}`)).status, 404);
    assert.equal((await answer(other, asked.number, { answer: 'grant', how: 'phone', text: '可以的可以' })).status, 404);
  }
  const opened = await desk.write(`/api/personal/requests/${asked.number}/open`);
  assert.deepEqual([opened.text, opened.value, opened.phone], ['换号了', '13733334444', phone]);
  refused(await answer(desk, asked.number, { answer: 'grant', text: '已经更正号码' }), 422, 'input', 'how');
  refused(await answer(desk, asked.number, { answer: 'refuse', text: '不能更正号码' }), 422, 'input', 'reason');
  const done = (await answer(desk, asked.number, { answer: 'grant', how: 'phone', text: '已经更正为新号码' })).body;
  assert.equal(done.state, 'granted');
  refused(await answer(desk, asked.number, { answer: 'grant', how: 'phone', text: '已经更正号码' }), 409, 'step');
  assert.equal((await desk.write(`/api/matters/${number}/reveal`, { reporter: 1, purpose: '核对' })).phone, '13733334444');
  const mine = (await who.read('/api/receipt/data')).requests;
  assert.deepEqual([mine.length, mine[0].answer], [1, '已经更正为新号码']);
  const page = await desk.read(`/api/matters/${number}`);
  const entries = page.timeline.filter((line) => line.action.startsWith('data_'));
  assert.deepEqual(entries.map((line) => line.action), ['data_asked', 'data_granted']);
  assert.equal(entries[1].facts.field, 'phone');
  assert.doesNotMatch(JSON.stringify(page.timeline), /13733334444|换号|新号码/);
  assert.doesNotMatch(JSON.stringify((await who.read('/api/receipt')).timeline), /data_/);
  assert.doesNotMatch(city.log, /13733334444|13911112222|换号/);
});

test('what is open, held or of others blocks erasing, and says so; what may go goes at once', async () => {
  const { who, number } = await report();
  const other = await city.anybody().write('/api/reports', { text: '我也看到了', join: number, phone: '13755556666' });
  const asked = await ask(who, { kind: 'erase', proof: phone });
  const one = () => desk.read(`/api/personal/requests/${asked.number}`);
  const part = async (what) => (await one()).erasable.find((p) => p.what === what);
  const grant = () => answer(desk, asked.number, { answer: 'grant', text: '已删除可以删除的' });
  assert.match((await one()).why_not, /Nothing can be erased now/);
  refused(await grant(), 409, 'step');
  await settle(number);
  assert.equal((await part('contact')).now, true);
  assert.match((await part('words')).why, /Others reported the same/);
  await desk.write(`/api/matters/${number}/step`, { action: 'hold', note: '行政复议' });
  assert.match((await part('contact')).why, /proceeding/);
  refused(await grant(), 409, 'step');
  await desk.write(`/api/matters/${number}/step`, { action: 'release_hold', note: '已结束' });
  assert.equal((await grant()).body.state, 'granted');
  const held = await who.read('/api/receipt/data');
  assert.equal(item(held, 'person.phone'), undefined);
  assert.equal(item(held, 'matter.text').value, '楼道堆满杂物');
  assert.equal(held.requests[0].answer, '已删除可以删除的');
  assert.ok(held.erasable.every((p) => p.what !== 'contact'));
  assert.equal(item(await city.reporter(other.code).read('/api/receipt/data'), 'person.phone').class, 4);
  const auditor = await city.signIn('auditor1', 'en');
  const { items } = await auditor.read('/api/personal/deletions');
  assert.ok(items.some((l) => l.what === 'contact' && l.days === 0 && l.things === 1));
  refused(await desk.post(`/api/matters/${number}/reveal`, { reporter: 1, purpose: '核对' }), 404, 'missing');
});

test('a colleague asks for who has no telephone; refusing needs a reason of the list', async () => {
  const { who, number } = await report();
  const path = `/api/matters/${number}/requests`;
  refused(await worker.post(path, { reporter: 9, kind: 'see', how: 'in_person' }), 422, 'input', 'reporter');
  refused(await worker.post(path, { reporter: 1, kind: 'see', how: 'proof' }), 422, 'input', 'how');
  const asked = await worker.write(path, { reporter: 1, kind: 'see', how: 'in_person' });
  assert.equal(asked.entered, true);
  refused(await answer(desk, asked.number, { answer: 'refuse', reason: 'busy', text: '没有时间办' }), 422, 'input', 'reason');
  await answer(desk, asked.number, { answer: 'refuse', reason: 'not_proven', text: '请带身份证再来' });
  const [mine] = (await who.read('/api/receipt/data')).requests;
  assert.equal(mine.state, 'refused');
  assert.match(mine.reason_name, /made sure/);
  const again = await worker.write(path, { reporter: 1, kind: 'see', how: 'in_person' });
  refused(await desk.post(`/api/personal/requests/${again.number}/copy`), 409, 'step');
  await answer(desk, again.number, { answer: 'grant', text: '副本已打印交给本人' });
  assert.equal(item(await desk.write(`/api/personal/requests/${again.number}/copy`), 'person.phone').value, phone);
  const third = await ask(who, { kind: 'erase' });
  assert.equal((await who.write(`/api/receipt/data/requests/${third.number}/withdraw`)).state, 'withdrawn');
});

test('parties of a dispute ask by their own code; their committee answers', async () => {
  const made = await mediator.write('/api/disputes', { type: 'neighbour', source: 'apply', text: '漏水纠纷',
    grid: grids.ours, parties: [{ side: 'applicant', name: '王甲', phone },
      { side: 'respondent', name: '李乙', phone: '13766667777' }] });
  const party = city.reporter(made.codes?.[1]?.code ?? made.parties[1].code, 'en');
  const held = await party.read('/api/receipt/data');
  assert.equal(item(held, 'party.side').value, 'respondent');
  assert.doesNotMatch(JSON.stringify(held), /王甲|李乙|1391111|1376666/);
  const asked = await ask(party, { kind: 'correct', field: 'name', value: '李一' });
  assert.ok(!(await waiting(desk)).includes(asked.number));
  assert.ok((await waiting(mediator)).includes(asked.number));
  await answer(mediator, asked.number, { answer: 'grant', how: 'in_person', text: '姓名已更正' });
  const see = await ask(party, { kind: 'see', proof: '13766667777' });
  assert.equal(see.state, 'granted');
  const copy = await party.write(`/api/receipt/data/requests/${see.number}/copy`, { proof: '13766667777' });
  assert.equal(item(copy, 'person.name').value, '李一');
  assert.doesNotMatch(JSON.stringify(copy), /王甲/);
  const other = city.reporter(made.codes?.[0]?.code ?? made.parties[0].code, 'en');
  assert.deepEqual((await other.read('/api/receipt/reads')).items, []);
  assert.equal((await other.post(`/api/receipt/data/requests/${see.number}/withdraw`)).status, 404);
});

test('somebody who works here sees what is held of their account, and the administrator above corrects it', async () => {
  const clerk = await city.signIn('clerk2', 'en');
  assert.equal(item(await clerk.read('/api/account/data'), 'account.username').value, 'clerk2');
  refused(await clerk.post('/api/account/requests', { kind: 'see' }), 422, 'input', 'kind');
  refused(await clerk.post('/api/account/requests', { kind: 'correct', field: 'phone', value: 'abc' }), 422, 'input', 'value');
  const asked = await clerk.write('/api/account/requests', { kind: 'correct', field: 'phone', value: '13744445555' });
  assert.ok((await waiting(admin)).includes(asked.number));
  assert.ok(!(await waiting(desk)).includes(asked.number));
  assert.equal((await desk.get(`/api/personal/requests/${asked.number}`)).status, 404);
  assert.equal((await admin.write(`/api/personal/requests/${asked.number}/open`)).value, '13744445555');
  await answer(admin, asked.number, { answer: 'grant', text: '号码已经更正' });
  const held = await clerk.read('/api/account/data');
  assert.equal(item(held, 'account.phone').value, '13744445555');
  assert.equal(held.requests[0].answer, '号码已经更正');
});
