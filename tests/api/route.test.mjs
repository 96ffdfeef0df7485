// route.test.mjs: why a matter went where it went, for staff and for its reporter; made-up matters;
// what keeps a matter from going round or being pushed down; rules drafted, rehearsed, stopped and
// switched on; and the same on the command line.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { action, grids, refused, run, startCity, until } from './city.mjs';

let city, anybody;
const p = {};
before(async () => {
  city = await startCity('--no-limits');
  anybody = city.anybody('en');
  for (const name of ['worker1', 'dispatcher1', 'dispatcher2', 'dispatcher3', 'supervisor2',
    'admin1', 'clerk1', 'clerk4', 'clerk5', 'auditor1', 'chief6']) {
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
  assert.equal(body.rule_name, 'Food safety');
  assert.equal(body.others.find((o) => o.code === '网格上报').name, 'Passed up by grid workers');
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

/** Given on three times, as the desk sees it then. */
async function thrice() {
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
  return { number, third, community, order };
}
/** Who of the county's desk was named; and somebody who was not. By day it is the chief. */
const named = (m) => (m.holder_name === p.chief6.me.name ? ['chief6', 'dispatcher2']
  : ['dispatcher2', 'chief6']);

test('the third hand-over goes to a desk that is named, and nobody else may go on', async () => {
  const { number, third, community, order } = await thrice();
  const [decider] = named(third);
  assert.equal(third.route.handovers, 3);
  assert.equal(third.route.decider_name, p.dispatcher2.me.memberships[0].unit_name);
  assert.equal(third.owner_unit, unitOf('dispatcher2'));
  assert.equal(third.state, 'received');
  refused(await tried('dispatcher1', number, 'assign', { unit: community }), 403, 'denied');
  const decided = await step(decider, number, 'assign', { unit: community });
  assert.equal(decided.owner_unit, community);
  refused(await tried('worker1', number, 'pass', { unit: order, note: 'no' }), 409, 'step');
  assert.equal(action(decided, 'assign').ok, true);
  const { body } = await p.dispatcher1.get(`/api/matters/${number}/route`);
  assert.equal(body.handovers, 3);
  assert.equal(body.decider_name, p.dispatcher2.me.memberships[0].unit_name);
});

test('there it lies with a person, by name, who alone decides or hands it to a colleague', async () => {
  const { number, third, order } = await thrice();
  const [decider, other] = named(third);
  const { name } = p[decider].me;
  assert.equal(third.holder_name, name);
  assert.equal(third.route.decider_person, name);
  const why = (await p.dispatcher1.get(`/api/matters/${number}/route`)).body;
  assert.equal(why.decider_person, name);
  const mine = async (who) => (await p[who].get('/api/matters?view=mine')).body.items;
  assert.ok((await mine(decider)).some((m) => m.number === number && !m.taken), 'in their work');
  assert.ok(!(await mine(other)).some((m) => m.number === number));
  const refusal = await tried(other, number, 'assign', { unit: order });
  refused(refusal, 409, 'step');
  assert.match(refusal.body.message, /named to decide/);
  refused(await tried(other, number, 'take'), 409, 'step');
  refused(await tried(decider, number, 'hand_over', { person: p.worker1.me.account }), 422, 'input',
    'person');
  const handed = await step(decider, number, 'hand_over', { person: p[other].me.account });
  assert.deepEqual([handed.state, handed.holder_name], ['received', p[other].me.name]);
  const decided = await step(other, number, 'assign', { unit: order });
  assert.deepEqual([decided.owner_unit, decided.holder_name], [order, '']);
  assert.equal(decided.route.decider_person, p[other].me.name, 'the ledger knows who it was');
});

test('whoever is named but goes away is replaced, and nobody waits for them', async () => {
  const { number, third } = await thrice();
  const [decider, other] = named(third);
  const [from, to] = [Date.now() - 60_000, Date.now() + 3600_000];
  await p[decider].write('/api/duty/absence', { from_ms: from, to_ms: to });
  let now = third;
  await until(async () => {
    now = (await p[other].get(`/api/matters/${number}`)).body;
    return now.holder_name !== third.holder_name;
  });
  assert.deepEqual([now.state, now.holder_name], ['received', p[other].me.name]);
  city.database.change('DELETE FROM absence');
  city.database.change('UPDATE roster_stamp SET stamp = stamp + 1');
});

test('an emergency keeps the time of its first sending; the police\'s is kept from communities', async () => {
  const fire = await report({ category: '0103', text: 'Flames' });
  const sent = await step('dispatcher2', fire.number, 'assign', { unit: unitOf('clerk4') });
  await sleep(20);
  const again = await step('dispatcher2', fire.number, 'assign', { unit: unitOf('clerk1') });
  assert.equal(again.clock.stage, 'sign');
  assert.equal(again.due_ms, sent.due_ms);
  const { number } = await report({ category: '0902', text: 'Somebody is beaten' });
  const theirs = (await p.dispatcher1.get(`/api/matters/${number}`)).body;
  assert.equal(theirs.owner_unit, unitOf('clerk5'), 'the police have it');
  assert.equal(theirs.route.max_level, 'town');
  const answer = await tried('dispatcher1', number, 'assign', { unit: unitOf('worker1') });
  refused(answer, 422, 'input', 'unit');
  assert.match(answer.body.message, /choose Pingjiang Subdistrict Police Station/);
  const lost = await report({ category: '0904', text: 'A lost wallet' });
  const given = await step('dispatcher1', lost.number, 'assign', { unit: unitOf('worker1') });
  assert.equal(given.owner_unit, unitOf('worker1'), 'what is no emergency may go there');
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
const changed = (csv) => csv.replace(
  ',0602,0,,,,,town,station', ',0602,0,,,,,community,desk');
const save = (who, body, more = {}) =>
  p[who].write('/api/drafts', { kind: 'rule', name: 'quiet nights', body, ...more });

test('rules are shown in plain words', async () => {
  const body = await rulesNow('auditor1');
  assert.equal(body.version, 1);
  assert.equal(body.may_edit, false);
  const food = body.rules.find((r) => r.code === '食品安全');
  assert.equal(food.when, 'Food safety');
  assert.match(food.goes, /^county: department that the category names · not to be handed below county/);
  assert.equal(food.name, 'Food safety');
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
  const [last] = list.rehearsals;
  assert.equal(last.state, 'done');
  assert.ok(last.total > 0);
  assert.deepEqual([last.done, last.matters, last.message], [last.total, r.matters, undefined]);
  const asked = (await p.supervisor2.get(`/api/route?category=0602&grid=${grids.ours}&draft=${draft.id}`)).body;
  assert.doesNotMatch(asked.unit_name, /Police/);
  const words = (await p.supervisor2.get(`/api/rules?draft=${draft.id}`)).body;
  assert.match(words.rules.find((x) => x.code === '生活噪声').goes, /^community/);
});

test('rehearsing rules is for the city; what has faults or does not exist is not rehearsed', async () => {
  const faulty = await save('supervisor2', 'code,category,tier_min,level,function,why,why_en\n'
    + 'a,77,0,nowhere,desk,x,x\n');
  assert.ok(faulty.faults_total >= 2);
  const early = refused(await p.supervisor2.post('/api/rehearsals', { draft: faulty.id }), 422, 'input', 'draft');
  assert.match(early.message, /mend and save it/);
  // faults that came after it was saved show when it is rehearsed
  city.database.change(`UPDATE draft SET faults = 0 WHERE id = ${faulty.id}`);
  const begun = await p.supervisor2.write('/api/rehearsals', { draft: faulty.id });
  const ended = await rehearsed(begun.id);
  assert.equal(ended.state, 'failed');
  assert.match(ended.message, /faults/);
  const [listed] = (await p.supervisor2.get('/api/rehearsals')).body.rehearsals;
  assert.deepEqual([listed.state, listed.message], ['failed', ended.message]);
  refused(await p.supervisor2.post('/api/rehearsals', { draft: '12345' }), 404, 'missing', 'draft');
  refused(await p.dispatcher2.post('/api/rehearsals', { draft: faulty.id }), 404, 'missing', 'draft');
  refused(await p.dispatcher2.get(`/api/rehearsals/${begun.id}`), 404, 'missing', 'id');
  const town = refused(await p.dispatcher1.post('/api/rehearsals', { draft: faulty.id }), 403, 'denied');
  assert.match(town.message, /^Drafts are rehearsed by the desks of the city and its counties/);
  refused(await p.supervisor2.call('GET', `/api/rehearsals/${begun.id}/csv`), 409, 'step');
});

test('a county rehearses its own boundaries over its own matters', async () => {
  const { name, geometry } = await p.dispatcher2.read(`/api/zones/grid/${grids.ours}`);
  const feature = { type: 'Feature', geometry, properties: { code: grids.ours, name } };
  const draft = await p.dispatcher2.write('/api/drafts', { kind: 'grid', name: 'ours',
    body: JSON.stringify({ type: 'FeatureCollection', features: [feature] }) });
  const begun = await p.dispatcher2.write('/api/rehearsals', { draft: draft.id, days: 90 });
  assert.equal((await rehearsed(begun.id)).state, 'done', 'the city sees it too');
  const { matters, moved } = await p.dispatcher2.read(`/api/rehearsals/${begun.id}/result`);
  const since = Date.now() - 90 * 86400_000;
  const [{ n }] = city.database.rows(`SELECT COUNT(*) AS n FROM matter WHERE area = 320508
    AND created_ms > ${since} AND kind <> 'dispute'`);
  assert.deepEqual([matters, moved], [Number(n), 0]);
  const { rehearsals } = await p.dispatcher2.read('/api/rehearsals');
  assert.deepEqual(rehearsals.map((r) => r.draft), [draft.id], 'none of others');
  refused(await (await city.signIn('dispatcher5', 'en')).get(`/api/rehearsals/${begun.id}`), 404, 'missing', 'id');
});

test('what may stand in the columns is told with names', async () => {
  const choices = async (who, field = '') => {
    const query = field && `?field=${field}`;
    const { items } = (await p[who].get(`/api/rules/choices${query}`)).body;
    return (column, code) => items.find((c) => c.field === column && c.code === code);
  };
  const found = await choices('dispatcher2');
  assert.deepEqual(found('category', '0602'), { field: 'category', code: '0602',
    name: 'Neighbourhood noise', within: found('category', '06').name });
  assert.equal(found('function', 'market').name, 'Market Regulation');
  assert.equal(found('function', 'station').name, 'local police station');
  assert.equal(found('origin', 'patrol').name, 'Grid patrol');
  assert.equal(found('place', 'dedicated').name, 'dedicated grid');
  assert.match(found('tier_min', '3').name, /or higher$/);
  assert.equal(found('level', 'county').name, 'county');
  assert.equal((await choices('dispatcher2', 'area'))('area', '320508').name, '姑苏区');
  const units = await choices('dispatcher2', 'avoid');
  assert.match(units('avoid', '320508-market').name, /Market Regulation$/);
  assert.ok(units('avoid', 'named'));
  const zh = (await (await city.signIn('dispatcher2')).get('/api/rules/choices')).body.items;
  assert.equal(zh.find((c) => c.field === 'function' && c.code === 'police').name, '公安局');
  refused(await p.clerk1.get('/api/rules/choices'), 403, 'denied');
  refused(await p.dispatcher2.get('/api/rules/choices?field=code'), 422, 'input', 'field');
});

test('a rule without an English name is called after its kind of matter', async () => {
  const draft = await save('supervisor2', 'code,category,tier_min,level,function,why,why_en\n'
    + '噪声,0602,0,town,station,x,x\n其余,,0,community,desk,x,x\n');
  const { rules } = (await p.supervisor2.get(`/api/rules?draft=${draft.id}`)).body;
  assert.deepEqual(rules.map((r) => r.name), ['Neighbourhood noise', '其余']);
});

test('rules that leave matters out are advised against, and may be published', async () => {
  const table = 'code,category,tier_min,level,function,why,why_en\na,0602,0,town,station,x,x\n';
  const draft = await save('supervisor2', table);
  assert.equal(draft.faults_total, 0);
  assert.match(draft.advice[0].message, /Add a rule without any condition/);
  const whole = await save('supervisor2', `${table}b,,0,community,desk,x,x\n`);
  assert.deepEqual(whole.advice, []);
  const file = join(city.folder, 'partial.csv');
  writeFileSync(file, table);
  const told = run('import', 'rule', file, '--dry-run', ...city.database.where);
  assert.equal(told.status, 0);
  assert.match(told.stderr, /Add a rule without any condition/);
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

const day = 86400_000;
const versions = async (who = 'supervisor2', name = 'rule') =>
  (await p[who].get(`/api/versions/${name}`)).body.items;
const one = async (number) => (await versions()).find((v) => v.version === number);
async function plan(who, from, name = 'planned') {
  const draft = await save(who, changed((await rulesNow()).csv), { name });
  const { version } = await p[who].write(`/api/drafts/${draft.id}/publish`,
    { changed: draft.changed, valid_from: from });
  return { id: draft.id, version };
}

test('rules cannot begin in the past, and it says so of rules', async () => {
  const draft = await save('supervisor2', changed((await rulesNow()).csv));
  const late = await p.supervisor2.post(`/api/drafts/${draft.id}/publish`,
    { changed: draft.changed, valid_from: Date.now() - 3 * day });
  refused(late, 422, 'input', 'valid_from');
  assert.match(late.body.message, /keep the rules of their day. Choose a time to come/);
});

test('planned rules are listed, and each takes its place on its own day', async () => {
  const from = Date.now() + 40 * day;
  const later = await plan('supervisor2', from, 'in forty days');
  const soon = await plan('supervisor2', Date.now() + 20 * day, 'in twenty days');
  const shown = await one(later.version);
  assert.deepEqual([shown.state, shown.valid_from, shown.draft_name, shown.draft],
    ['planned', from, 'in forty days', later.id]);
  assert.equal(shown.made_by, p.supervisor2.me.name);
  assert.equal(shown.may_take_back, true);
  assert.equal((await one(soon.version)).state, 'planned');
  assert.equal((await one(2)).state, 'in_force');
  assert.equal((await one(1)).state, 'past');
  assert.equal((await versions('auditor1')).find((v) => v.state === 'planned').may_take_back, false);
  const draft = (await p.supervisor2.get(`/api/drafts/${later.id}`)).body;
  assert.deepEqual([draft.state, draft.version, draft.may_publish], ['planned', later.version, false]);
  const inForce = (await p.supervisor2.get('/api/drafts')).body.items.find((d) => d.version === 2);
  assert.equal(inForce.state, 'in_force');
});

test('what is planned is taken back with a reason, and is a draft again', async () => {
  const { id, version } = await plan('supervisor2', Date.now() + 60 * day, 'to be taken back');
  const at = `/api/versions/rule/${version}/take_back`;
  refused(await p.supervisor2.post(at, {}), 422, 'input', 'why');
  refused(await p.dispatcher3.post(at, { why: 'not mine' }), 403, 'denied');
  refused(await p.dispatcher2.post(at, { why: 'not mine' }), 403, 'denied');
  refused(await p.supervisor2.post('/api/versions/rule/2/take_back', { why: 'too late' }), 409,
    'conflict', 'version');
  refused(await p.supervisor2.post('/api/versions/rule/99/take_back', { why: 'unknown' }), 404,
    'missing', 'version');
  refused(await p.supervisor2.post('/api/versions/units/1/take_back', { why: 'no days' }), 422,
    'input', 'name');
  const { items } = await p.supervisor2.write(at, { why: 'the wrong table' });
  const back = items.find((v) => v.version === version);
  assert.deepEqual([back.state, back.back_why, back.back_by, back.may_take_back],
    ['taken_back', 'the wrong table', p.supervisor2.me.name, false]);
  refused(await p.supervisor2.post(at, { why: 'once more' }), 409, 'conflict', 'version');
  const draft = (await p.supervisor2.get(`/api/drafts/${id}`)).body;
  assert.deepEqual([draft.state, draft.version, draft.may_publish], ['draft', undefined, true]);
  const { changed: seen } = draft;
  await p.supervisor2.write('/api/drafts', { id, changed: seen, kind: 'rule', name: 'mended', body: draft.body });
  const [row] = city.database.rows(`SELECT b.back_by, b.back_why, c.body FROM catalogue c
    JOIN taken_back b ON b.name = c.name AND b.version = c.version
    WHERE c.name = 'rule' AND c.version = ${version}`);
  assert.equal(row.back_why, 'the wrong table');
  assert.ok(row.body.length > 100);
});

test('on its day the latest first day that has come is valid', async () => {
  const later = await plan('supervisor2', Date.now() + 3000, 'in three seconds');
  const sooner = await plan('supervisor2', Date.now() + 500, 'in a moment');
  assert.ok(sooner.version > later.version);
  await until(async () => (await rulesNow()).version === later.version);
  assert.equal((await rulesNow()).version, later.version);
  assert.equal((await one(later.version)).state, 'in_force');
  assert.equal((await one(sooner.version)).state, 'past');
  assert.match(run('export', 'rule', ...city.database.where).stdout, /^code,/);
});

test('the command line lists versions and takes one back', async () => {
  const { version } = await plan('supervisor2', Date.now() + 70 * day, 'for the command line');
  const { where } = city.database;
  const listed = run('versions', 'rule', ...where);
  assert.equal(listed.status, 0, listed.stderr);
  assert.match(listed.stdout, new RegExp(`^ *${version} .* planned$`, 'm'));
  assert.match(listed.stdout, /in force$/m);
  const mute = run('versions', 'rule', '--take-back', String(version), ...where);
  assert.equal(mute.status, 1);
  assert.match(mute.stderr, /Say with --why/);
  const done = run('versions', 'rule', '--take-back', String(version), '--why', 'tried only', ...where);
  assert.equal(done.status, 0, done.stderr);
  assert.match(done.stdout, new RegExp(`^ *${version} .* taken back .*tried only$`, 'm'));
  assert.equal((await one(version)).back_by, '');
  assert.equal(run('versions', 'rule', '--take-back', '1', '--why', 'too late', ...where).status, 1);
  assert.equal(run('versions', 'units', ...where).status, 2);
  const file = join(city.folder, 'past.csv');
  writeFileSync(file, (await rulesNow()).csv);
  const past = run('import', 'rule', file, '--valid-from', '2020-01-01', ...where);
  assert.equal(past.status, 1);
  assert.match(past.stderr, /keep the rules of their day/);
});

test('the command line explains and rehearses too', async () => {
  const { number } = await report({ category: '0701', text: 'Spoiled food' });
  const told = run('explain', number, ...city.database.options);
  assert.equal(told.status, 0, told.stderr);
  assert.match(told.stdout, /It went to .*: County duties are not passed down/);
  assert.match(told.stdout, /Major matters go up: the tier is too low/);
  assert.equal(run('explain', '320508-0000-0000', ...city.database.options).status, 1);
  const file = join(city.folder, 'draft.csv');
  const table = join(city.folder, 'out.csv');
  writeFileSync(file, (await rulesNow()).csv.replace(',0204,0,,,,,county', ',0204,0,,,,,city'));
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

test('deputies are a table; who may not decide is named with the line', async () => {
  const { options } = city.database;
  const file = join(city.folder, 'deputy.csv');
  const csv = run('export', 'deputy', ...city.database.where).stdout;
  assert.match(csv, /320508000000,dispatcher2/);
  writeFileSync(file, 'unit,person\n320508000000,worker1\n320508-order,clerk1\n320508000000,nobody\n');
  const bad = run('import', 'deputy', file, ...options);
  assert.equal(bad.status, 1);
  const said = bad.stdout + bad.stderr;
  assert.match(said, /:2: person: worker1 is neither chief nor dispatcher/);
  assert.match(said, /:3: unit: No desk has the code 320508-order/);
  assert.match(said, /:4: person: There is no account nobody/);
  writeFileSync(file, csv);
  assert.equal(run('import', 'deputy', file, ...options).status, 0);
});

test('rules drafted before another version was put in force do not undo it unseen', async () => {
  const { csv } = await rulesNow();
  const late = await save('supervisor2', csv);
  const first = await save('supervisor2', csv);
  const switchOn = (d) => p.supervisor2.post(`/api/drafts/${d.id}/publish`, { changed: d.changed });
  const { version } = (await switchOn(first)).body;
  assert.match(refused(await switchOn(late), 422, 'input', 'draft').message,
    new RegExp(`Version ${version} was put in force after this draft was saved`));
});
