// route.test.mjs: why a matter went where it went, for staff and for its reporter; made-up matters;
// what keeps a matter from going round or being pushed down; rules drafted, rehearsed, stopped and
// switched on; and the same on the command line.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { action, grids, refused, run, startCity } from './city.mjs';

let city, anybody;
const p = {};
before(async () => {
  city = await startCity('--no-limits');
  anybody = city.anybody('en');
  for (const name of ['worker1', 'dispatcher1', 'dispatcher2', 'dispatcher3', 'supervisor2',
    'admin1', 'clerk1', 'clerk4', 'auditor1']) {
    p[name] = await city.signIn(name, 'en');
  }
});
after(() => city?.stop());

const report = (more) => anybody.write('/api/reports', {
  text: 'The hydrant leaks', grid: grids.ours, ...more,
});
const step = (who, number, name, more = {}) =>
  p[who].write(`/api/matters/${number}/step`, { action: name, ...more });
const tried = (who, number, name, more = {}) =>
  p[who].post(`/api/matters/${number}/step`, { action: name, ...more });
const unitOf = (who) => p[who].me.memberships[0].unit;

test('a matter says which rule, which facts, and on what the others were lost', async () => {
  const { number } = await report({ category: '0701', text: 'Spoiled food' });
  const { body } = await p.dispatcher2.get(`/api/matters/${number}/route`);
  assert.equal(body.rule, '食品安全');
  assert.equal(body.version, 1);
  assert.equal(body.in_force, true);
  assert.match(body.sentence, /County duties are not passed down/);
  assert.match(body.basis, /article 24/);
  assert.equal(body.max_level, 'county');
  assert.deepEqual(body.facts.map((f) => f.name),
    ['category', 'tier_min', 'origin', 'area', 'time', 'place']);
  assert.equal(body.tried.at(-1).unit_name, body.unit_name);
  const lost = Object.fromEntries(body.others.map((o) => [o.code, o.lost]));
  assert.equal(lost['重大提级'], 'tier_min');
  assert.equal(lost['部件·道路'], 'category');
  assert.equal(lost['网格上报'], 'origin');
  assert.equal(lost['网格先办'], 'later');
});

test('the reporter reads why in a plain sentence, and no rule names', async () => {
  const receipt = await report({ category: '0701', text: 'Spoiled food' });
  const reporter = city.reporter(receipt.code, 'en');
  const { body } = await reporter.get('/api/receipt');
  assert.match(body.owner_why, /^It went to .*: County duties are not passed down/);
  const zh = (await city.reporter(receipt.code).get('/api/receipt')).body;
  assert.match(zh.owner_why, /^由.*办理：县级部门职责不下推/);
});

test('a foreign matter has no explanation', async () => {
  const { number } = await report({ category: '0701', text: 'Spoiled food' });
  refused(await p.clerk1.get(`/api/matters/${number}/route`), 404, 'missing');
});

test('a made-up matter is answered without being made', async () => {
  const before = city.database.rows('SELECT count(*) AS n FROM matter')[0].n;
  const ask = (query) => p.dispatcher1.get(`/api/route?${new URLSearchParams(query)}`);
  const { body } = await ask({ category: '0602', grid: grids.ours });
  assert.equal(body.rule, '生活噪声');
  assert.match(body.unit_name, /Police Station/);
  const major = (await ask({ category: '0701', tier: 4, grid: grids.ours })).body;
  assert.equal(major.rule, '重大提级');
  refused(await ask({ category: '9999', grid: grids.ours }), 422, 'input', 'category');
  refused(await ask({ category: '0602' }), 422, 'input', 'place_text');
  assert.equal(city.database.rows('SELECT count(*) AS n FROM matter')[0].n, before);
});

test('what is a county\'s duty is not pushed down, and the article is named', async () => {
  const { number } = await report({ category: '0702', text: 'Refund refused' });
  const answer = await tried('dispatcher2', number, 'assign', { unit: unitOf('dispatcher1') });
  refused(answer, 422, 'input', 'unit');
  assert.match(answer.body.message, /article 24/);
});

test('a matter about a unit is kept from it', async () => {
  const town = p.dispatcher1.me.memberships[0];
  const zhTown = (await city.signIn('dispatcher1')).me.memberships[0].unit_name;
  const { number } = await report({ category: '1001', text: `${zhTown}的电话总是没人接` });
  const { body } = await p.dispatcher2.get(`/api/matters/${number}/route`);
  assert.equal(body.about_name, town.unit_name);
  assert.equal(body.chosen_name, town.unit_name);
  assert.equal(body.unit, unitOf('dispatcher2'));
  refused(await tried('dispatcher2', number, 'assign', { unit: town.unit }), 422, 'input', 'unit');
});

test('the third hand-over goes to a desk that is named, and nobody else may go on', async () => {
  const { number } = await report({ category: '0101', text: 'Boxes in the stairway' });
  const first = (await p.dispatcher1.get(`/api/matters/${number}`)).body;
  const { owner_unit: community } = first;
  const order = unitOf('clerk1');
  for (const unit of [order, community]) {
    const body = await step('dispatcher1', number, 'assign', { unit });
    assert.equal(body.owner_unit, unit);
    assert.equal(body.route.decider_name, undefined);
  }
  const third = await step('dispatcher1', number, 'assign', { unit: order });
  assert.equal(third.route.handovers, 3);
  assert.equal(third.route.decider_name, p.dispatcher2.me.memberships[0].unit_name);
  assert.equal(third.owner_unit, unitOf('dispatcher2'));
  assert.equal(third.state, 'received');
  refused(await tried('dispatcher1', number, 'assign', { unit: community }), 403, 'denied');
  const decided = await step('dispatcher2', number, 'assign', { unit: community });
  assert.equal(decided.owner_unit, community);
  refused(await tried('worker1', number, 'pass', { unit: order, note: 'no' }), 409, 'step');
  assert.equal(action(decided, 'assign').ok, true);
  const { body } = await p.dispatcher1.get(`/api/matters/${number}/route`);
  assert.equal(body.handovers, 3);
  assert.equal(body.decider_name, p.dispatcher2.me.memberships[0].unit_name);
});

test('a unit that objects stays responsible until the desk decides, within a limit', async () => {
  const { number } = await report({ category: '0701', text: 'Spoiled food' });
  const asked = await step('clerk4', number, 'ask_return',
    { reason: 'not_duty', note: 'Not ours' });
  assert.equal(asked.owner_unit, unitOf('clerk4'));
  assert.ok(asked.request.due_ms > Date.now());
  assert.equal(asked.request.unit_name, p.dispatcher2.me.memberships[0].unit_name);
  await step('dispatcher2', number, 'refuse', { note: 'It is yours' });
  refused(await tried('clerk4', number, 'ask_return', { reason: 'not_duty', note: 'Again' }), 409,
    'step');
});

// Rules -----------------------------------------------------------------------------------------

const rulesNow = async (who = 'supervisor2') => (await p[who].get('/api/rules')).body;
/** The rules in force with noise at home going to the community. */
const changed = (csv) => csv.replace('生活噪声,0602,0,,,,,town,station', '生活噪声,0602,0,,,,,community,desk');
const save = (who, body, more = {}) =>
  p[who].write('/api/drafts', { kind: 'rule', name: 'quiet nights', body, ...more });

test('rules are shown in plain words', async () => {
  const body = await rulesNow('auditor1');
  assert.equal(body.version, 1);
  assert.equal(body.may_edit, false);
  const food = body.rules.find((r) => r.code === '食品安全');
  assert.equal(food.when, 'Food safety');
  assert.match(food.goes, /^county: department that the category names · not to be handed below county/);
  assert.equal(body.rules.at(-1).when, 'everything else');
  assert.equal((await rulesNow()).may_edit, true);
  refused(await p.clerk1.get('/api/rules'), 403, 'denied');
});

async function rehearsed(id) {
  for (let i = 0; i < 300; i++) {
    const { body } = await p.supervisor2.get(`/api/rehearsals/${id}`);
    assert.ok(body.done <= body.total);
    if (body.state !== 'waiting' && body.state !== 'running') return body;
    await sleep(100);
  }
  throw new Error('the rehearsal does not end');
}

test('a draft is rehearsed: who would get what', async () => {
  await report({ category: '0602', text: 'Loudspeakers' });
  const draft = await save('supervisor2', changed((await rulesNow()).csv));
  assert.equal(draft.faults_total, 0);
  const begun = await p.supervisor2.write('/api/rehearsals', { draft: draft.id, days: 90 });
  const done = await rehearsed(begun.id);
  assert.equal(done.state, 'done', done.message);
  const r = (await p.supervisor2.get(`/api/rehearsals/${begun.id}/result`)).body;
  assert.ok(r.matters >= 50);
  assert.ok(r.moved >= 1);
  assert.equal(r.moves.reduce((sum, m) => sum + m.matters, 0), r.moved);
  assert.deepEqual(r.kinds.map((k) => k.category), ['0602']);
  for (const m of r.moves) {
    assert.match(m.from_name, /Police Station/);
    assert.match(m.examples[0], /^\d{6}-/);
  }
  const change = r.units.reduce((sum, u) => sum + u.after - u.before, 0);
  assert.equal(change, 0);
  const csv = await p.supervisor2.call('GET', `/api/rehearsals/${begun.id}/csv`);
  assert.match(csv.text, /^\ufeffpart,unit,to_unit/);
  assert.match(csv.text, /\nmove,/);
  const list = (await p.supervisor2.get('/api/rehearsals')).body;
  assert.equal(list.rehearsals[0].state, 'done');
  const asked = (await p.supervisor2.get(`/api/route?category=0602&grid=${grids.ours}&draft=${draft.id}`)).body;
  assert.doesNotMatch(asked.unit_name, /Police/);
  const words = (await p.supervisor2.get(`/api/rules?draft=${draft.id}`)).body;
  assert.match(words.rules.find((x) => x.code === '生活噪声').goes, /^community/);
});

test('rehearsing is for the city; what has faults or does not exist is not rehearsed', async () => {
  const faulty = await save('supervisor2', 'code,category,tier_min,level,function,why,why_en\n'
    + 'a,77,0,nowhere,desk,x,x\n');
  assert.ok(faulty.faults_total >= 2);
  const begun = await p.supervisor2.write('/api/rehearsals', { draft: faulty.id });
  const ended = await rehearsed(begun.id);
  assert.equal(ended.state, 'failed');
  assert.match(ended.message, /faults/);
  refused(await p.supervisor2.post('/api/rehearsals', { draft: '12345' }), 404, 'missing');
  refused(await p.dispatcher2.post('/api/rehearsals', { draft: faulty.id }), 403, 'denied');
  refused(await p.dispatcher2.get(`/api/rehearsals/${begun.id}`), 403, 'denied');
  refused(await p.supervisor2.call('GET', `/api/rehearsals/${begun.id}/csv`), 409, 'step');
});

test('one at a time; one can be stopped before it begins', async () => {
  const draft = await save('supervisor2', changed((await rulesNow()).csv));
  const first = await p.supervisor2.write('/api/rehearsals', { draft: draft.id });
  const second = await p.admin1.post('/api/rehearsals', { draft: draft.id });
  const stopped = await p.supervisor2.post(`/api/rehearsals/${first.id}/cancel`, {});
  if (second.status === 503) assert.equal(second.body.code, 'busy');
  if (stopped.status === 200) {
    assert.equal(stopped.body.state, 'cancelled');
    assert.equal((await rehearsed(first.id)).state, 'cancelled');
  }
});

test('switched on, the next matter goes by the new rules; the old one keeps its explanation', async () => {
  const old = await report({ category: '0602', text: 'Loudspeakers' });
  const draft = await save('supervisor2', changed((await rulesNow()).csv));
  const on = await p.supervisor2.write(`/api/drafts/${draft.id}/publish`,
    { changed: draft.changed });
  assert.equal(on.version, 2);
  let next;
  for (let i = 0; i < 100; i++) {
    next = (await p.dispatcher1.get(`/api/route?category=0602&grid=${grids.ours}`)).body;
    if (next.version === 2) break;
    await sleep(100);
  }
  assert.equal(next.version, 2);
  const fresh = await report({ category: '0602', text: 'Loudspeakers again' });
  const now = (await p.dispatcher1.get(`/api/matters/${fresh.number}/route`)).body;
  assert.equal(now.version, 2);
  assert.doesNotMatch(now.unit_name, /Police/);
  const then = (await p.dispatcher1.get(`/api/matters/${old.number}/route`)).body;
  assert.equal(then.version, 1);
  assert.equal(then.in_force, false);
  assert.match(then.unit_name, /Police/);
  assert.match(then.why, /police station/);
  assert.equal(then.today_name, undefined);
});

test('the command line explains and rehearses too', async () => {
  const { number } = await report({ category: '0701', text: 'Spoiled food' });
  const told = run('explain', number, ...city.database.options);
  assert.equal(told.status, 0, told.stderr);
  assert.match(told.stdout, /It went to .*: County duties are not passed down/);
  assert.match(told.stdout, /重大提级: the tier is too low/);
  assert.equal(run('explain', '320508-0000-0000', ...city.database.options).status, 1);
  const file = join(city.folder, 'draft.csv');
  const table = join(city.folder, 'out.csv');
  writeFileSync(file, (await rulesNow()).csv.replace('电梯,0204,0,,,,,county', '电梯,0204,0,,,,,city'));
  const found = run('rehearse', '--rule', file, '--days', '365', '--csv', table, '--json',
    ...city.database.where);
  assert.equal(found.status, 0, found.stderr);
  const { matters, moved } = JSON.parse(found.stdout);
  assert.ok(matters > 50 && moved >= 0 && moved < matters);
  assert.match(readFileSync(table, 'utf8'), /^part,unit/);
  writeFileSync(file, 'code\nx\n');
  assert.equal(run('rehearse', '--rule', file, ...city.database.where).status, 1);
  assert.equal(run('rehearse', ...city.database.where).status, 2);
});
