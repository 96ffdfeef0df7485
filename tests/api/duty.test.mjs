// duty.test.mjs: the roster as the people in it use it: a lead writes it, the public page and a
// matter's page name who is on duty, a colleague stands in, work is handed over; and where nobody is
// on duty a matter waits in its unit's queue.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { grids, refused, run, startCity } from './city.mjs';

const hour = 3600_000;
const day = 24 * hour;
let city, lead, worker1, worker2, clerk, dispatcher, unit;

before(async () => {
  city = await startCity('--no-limits');
  setting('none'); // tests run at any hour
  for (const table of ['shift', 'absence', 'handover']) city.database.change(`DELETE FROM ${table}`);
  city.database.change('UPDATE roster_stamp SET stamp = stamp + 1');
  [lead, worker1, worker2, clerk, dispatcher] = await Promise.all(
    ['lead1', 'worker1', 'worker2', 'clerk1', 'dispatcher1'].map((name) => city.signIn(name)),
  );
  unit = worker1.me.memberships[0].unit;
  assert.equal(lead.me.memberships[0].unit, unit);
});
after(() => city?.stop());

function setting(value) {
  city.database.change(`DELETE FROM setting WHERE name = 'quiet_hours'`);
  city.database.change(`INSERT INTO setting (name, value) VALUES ('quiet_hours', '${value}')`);
  city.database.change(`INSERT INTO catalogue (name, version, valid_from_ms, made_ms, made_by, body)
    SELECT 'template', max(version) + 1, 0, 0, 0, (SELECT body FROM catalogue c WHERE c.name =
    'template' ORDER BY version DESC LIMIT 1) FROM catalogue`);
}

const week = (person = lead) => person.read(`/api/duty?unit=${unit}`);
const zoneOf = async (person = lead) =>
  (await week(person)).zones.find((z) => z.layer === 'grid' && z.zone === grids.ours);

/** Writes the turns of our grid. */
async function roster(turns, person = lead) {
  const { layer, zone, version } = await zoneOf(person);
  return person.write('/api/duty/zone', { layer, zone, version, turns });
}
const allDay = (account) => ({ days: 'daily', from: '00:00', to: '24:00', account });

async function report(more = {}) {
  return city.anybody().write('/api/reports', { text: '楼道堆物', grid: grids.ours, ...more });
}
const dutyOf = async (number, person = worker1) =>
  (await person.read(`/api/matters/${number}`)).duty;

/** A matter of the community's own, not taken yet. */
async function ours() {
  const { number } = await report();
  const matter = await lead.read(`/api/matters/${number}`).catch(() => null);
  if (matter?.owner_unit !== unit) await dispatcher.step(number, 'assign', { unit });
  return number;
}

/** Waits until the newest catalogue or roster is in use. Waiting comes first: while a command ran,
 * the server may have ended a silent connection, which is noticed now. */
async function until(look) {
  for (let i = 0; i < 100; i++) {
    await new Promise((again) => setTimeout(again, 100));
    if (await look()) return;
  }
  assert.fail('it did not come to be');
}

test('a lead writes the roster, and from then on its people are named', async () => {
  await until(async () => (await week()).quiet === 'none');
  const before = await city.anybody().read(`/api/grids/${grids.ours}`);
  assert.equal(before.worker_name, '陆晓棠', 'who has charge of the grid');
  await roster([allDay(worker2.me.account)]);
  const place = await city.anybody().read(`/api/grids/${grids.ours}`);
  assert.equal(place.worker_name, worker2.me.name, 'who is on duty');
  assert.equal(place.worker_phone, '19900000002');
  const number = await ours();
  const [duty] = await dutyOf(number);
  assert.deepEqual([duty.why, duty.name, duty.phone], ['called', worker2.me.name, '19900000002']);
  const mine = await worker2.read('/api/duty/mine');
  assert.ok(mine.called.some((c) => c.number === number));
  assert.ok(!(await worker1.read('/api/duty/mine')).called.some((c) => c.number === number));
  assert.ok(mine.turns.some((t) => t.zone === grids.ours && t.now));
});

test('whoever is on duty takes it, and nobody is called any more', async () => {
  const number = await ours();
  await worker2.step(number, 'take');
  assert.deepEqual(await dutyOf(number), []);
});

test('where nobody is on duty a matter waits in the queue, and the gap is listed', async () => {
  const tomorrow = new Date(Date.now() + day + 8 * hour).toISOString().slice(0, 10);
  await roster([{ days: tomorrow, from: '08:00', to: '09:00', account: worker1.me.account }]);
  const number = await ours();
  const [duty] = await dutyOf(number);
  assert.equal(duty.why, 'gap');
  const queue = await worker1.read(`/api/matters?view=pool&unit=${unit}&limit=100`);
  assert.ok(queue.items.some((m) => m.number === number), 'all of the unit see it');
  assert.ok((await lead.read(`/api/matters/${number}`)).due_ms > 0, 'its clock runs');
  const { items } = await lead.read('/api/duty/gaps?days=3');
  const gaps = items.filter((g) => g.zone === grids.ours && g.layer === 'grid');
  assert.ok(gaps.length >= 2 && gaps.every((g) => g.to_ms > g.from_ms && g.unit === unit));
  const others = items.find((g) => g.layer === 'grid' && g.zone !== grids.ours);
  assert.equal(others.from_ms, undefined, 'no roster is kept there at all');
  assert.equal((await city.anybody().read(`/api/grids/${grids.ours}`)).worker_name, '陆晓棠');
});

test('in quiet hours it waits unless it is urgent', async () => {
  await roster([allDay(worker2.me.account)]);
  const now = new Date(Date.now() + 8 * hour).getUTCHours();
  const two = (n) => String(n % 24).padStart(2, '0');
  setting(`${two(now)}:00-${two(now + 2)}:00`);
  await until(async () => (await week()).quiet !== 'none');
  const [quiet] = await dutyOf(await ours());
  assert.equal(quiet.why, 'quiet');
  assert.ok(quiet.until_ms > Date.now());
  const urgent = await report({ text: '楼道着火了', category: '0103' });
  const matter = await dispatcher.read(`/api/matters/${urgent.number}`).catch(() => undefined);
  if (matter) assert.notEqual(matter.duty[0]?.why, 'quiet');
  setting('none');
  await until(async () => (await week()).quiet === 'none');
});

test('a colleague stands in while somebody is not there', async () => {
  await roster([allDay(worker2.me.account)]);
  const away = await worker2.write('/api/duty/absence', {
    from_ms: Date.now() - hour,
    to_ms: Date.now() + hour,
    substitute: worker1.me.account,
  });
  assert.equal(away.substitute_name, worker1.me.name);
  const number = await ours();
  const [duty] = await dutyOf(number);
  assert.deepEqual([duty.name, duty.instead_of], [worker1.me.name, worker2.me.name]);
  const turn = (await worker1.read('/api/duty/mine')).turns.find((t) => t.zone === grids.ours && t.now);
  assert.equal(turn.instead_of, worker2.me.name);
  await worker2.write(`/api/duty/absence/${away.id}/end`);
  assert.equal((await dutyOf(number))[0].name, worker2.me.name);
});

test('asking without a name leaves it to the lead', async () => {
  const span = { from_ms: Date.now() + 10 * day, to_ms: Date.now() + 11 * day };
  const asked = await worker1.write('/api/duty/absence', span);
  assert.equal(asked.substitute, '0');
  assert.ok((await week()).absences.some((a) => a.id === asked.id && a.substitute === '0'));
  const named = await lead.write('/api/duty/absence', {
    account: worker1.me.account,
    ...span,
    substitute: worker2.me.account,
  });
  assert.equal(named.id, asked.id, 'the same absence, sent again or completed');
  refused(await worker1.post('/api/duty/absence', { ...span, from_ms: span.from_ms + 1 }), 422, 'input', 'from_ms');
  refused(await worker1.post('/api/duty/absence', { ...span, substitute: clerk.me.account }), 422, 'input', 'substitute');
  refused(await worker1.post('/api/duty/absence', { ...span, account: worker2.me.account }), 404, 'missing', 'account');
  refused(await worker2.post('/api/duty/absence', { ...span, substitute: worker1.me.account }), 422,
    'input', 'substitute');
  await worker1.write(`/api/duty/absence/${asked.id}/end`);
});

test('work is handed over with a note, each matter by a step of its own', async () => {
  const [first, second] = [await ours(), await ours()];
  for (const number of [first, second]) await worker1.step(number, 'take');
  const done = await worker1.write('/api/duty/handover', {
    to: worker2.me.account,
    note: '三单元钥匙在值班室',
  });
  assert.deepEqual(done.kept, []);
  assert.ok([first, second].every((number) => done.numbers.includes(number)));
  const matter = await worker2.read(`/api/matters/${first}`);
  assert.deepEqual([matter.state, matter.holder_name], ['working', worker2.me.name]);
  assert.equal(matter.timeline.at(-1).action, 'hand_over');
  for (const [person, mine] of [[worker1, true], [worker2, false]]) {
    const note = (await person.read('/api/duty/mine')).notes.find((n) => n.note.includes('钥匙'));
    assert.equal(note.mine, mine);
    assert.ok(note.numbers.includes(first));
    assert.deepEqual([note.from_name, note.to_name], [worker1.me.name, worker2.me.name]);
  }
  const back = await worker2.write('/api/duty/handover', { note: '先放回队列' });
  assert.ok(back.numbers.includes(first));
  const waiting = await worker1.read(`/api/matters/${first}`);
  assert.deepEqual([waiting.state, waiting.holder_name], ['assigned', '']);
  assert.ok(waiting.due_ms > 0);
});

test('work goes only to people of its unit', async () => {
  const number = await ours();
  await worker1.step(number, 'take');
  refused(await worker1.post(`/api/matters/${number}/step`, { action: 'hand_over', person: clerk.me.account }), 422, 'input', 'person');
  refused(await worker1.post('/api/duty/handover', { to: clerk.me.account, note: '请接手' }), 422, 'input', 'to');
  refused(await worker1.post('/api/duty/handover', { to: worker1.me.account, note: '自己' }), 422, 'input', 'to');
  await worker1.step(number, 'hand_over', { note: '放回' });
});

test('what somebody who is not there had in hand goes on with others', async () => {
  const [withSubstitute, without] = [await ours(), await ours()];
  await worker2.step(withSubstitute, 'take');
  await lead.step(without, 'take');
  const span = { from_ms: Date.now(), to_ms: Date.now() + hour };
  const away = await worker2.write('/api/duty/absence', { ...span, substitute: worker1.me.account });
  const ill = await lead.write('/api/duty/absence', span);
  for (let i = 0; i < 150; i++) {
    const [a, b] = await Promise.all([withSubstitute, without].map((n) => worker1.read(`/api/matters/${n}`)));
    if (a.holder_name !== worker2.me.name && b.holder_name !== lead.me.name) {
      assert.deepEqual([a.state, a.holder_name], ['working', worker1.me.name]);
      assert.deepEqual([b.state, b.holder_name], ['assigned', '']);
      break;
    }
    assert.ok(i < 149, 'it stays with people who are not there');
    await new Promise((again) => setTimeout(again, 1000));
  }
  for (const { id } of [away, ill]) await lead.write(`/api/duty/absence/${id}/end`);
});

test('two who change a roster at once: the second is told', async () => {
  const { layer, zone, version } = await zoneOf();
  await lead.write('/api/duty/zone', { layer, zone, version, turns: [allDay(worker1.me.account)] });
  refused(
    await dispatcher.post('/api/duty/zone', { layer, zone, version, turns: [allDay(worker2.me.account)] }),
    409,
    'conflict',
    'version',
  );
});

test('faults in a roster are explained and change nothing', async () => {
  const { layer, zone, version, turns } = await zoneOf();
  for (const turn of [
    { ...allDay(worker1.me.account), days: 'funday' },
    { ...allDay(worker1.me.account), from: '25:00' },
    allDay(clerk.me.account),
  ]) {
    refused(await lead.post('/api/duty/zone', { layer, zone, version, turns: [turn] }), 422, 'input', 'turns');
  }
  assert.deepEqual((await zoneOf()).turns, turns);
});

test('a roster is changed by those who keep it, and seen within the territory', async () => {
  const { layer, zone, version } = await zoneOf();
  const change = { layer, zone, version, turns: [] };
  refused(await worker1.post('/api/duty/zone', change), 403, 'denied');
  refused(await clerk.post('/api/duty/zone', change), 403, 'denied');
  const far = await city.signIn('dispatcher3').catch(() => null);
  if (far) assert.ok((await far.read('/api/duty')).units.length > 0);
  refused(await clerk.get(`/api/duty?unit=${unit}`), 404, 'missing', 'unit');
  assert.equal((await week(worker1)).may_edit, false);
  assert.equal((await week(dispatcher)).may_edit, true);
  refused(await lead.post('/api/duty/zone', { ...change, zone: grids.far }), 404, 'missing', 'zone');
});

test('the list goes out and in again; faults are named and nothing is stored', async () => {
  const where = city.database.where;
  const csv = run('export', 'duty', ...where).stdout;
  assert.match(csv, new RegExp(`^grid,${grids.ours},daily,00:00,24:00,worker1$`, 'm'));
  const file = join(city.folder, 'duty.csv');
  writeFileSync(file, csv.replace('worker1', 'clerk1'));
  const bad = run('import', 'duty', file, ...where);
  assert.equal(bad.status, 1);
  assert.match(bad.stderr, /duty\.csv:2: person: clerk1 does not work in the unit/);
  assert.equal(run('export', 'duty', ...where).stdout, csv);
  writeFileSync(file, csv.replace('worker1', 'worker2'));
  const good = run('import', 'duty', file, ...where);
  assert.equal(good.status, 0, good.stderr);
  await until(async () =>
    (await city.anybody().read(`/api/grids/${grids.ours}`)).worker_name === worker2.me.name);
  assert.ok(readFileSync(file, 'utf8').includes('worker2'));
});

test('what is past is deleted after thirty days', async () => {
  const old = Date.now() - 31 * day;
  const date = new Date(old).toISOString().slice(0, 10).replaceAll('-', '');
  const { change, rows } = city.database;
  change(`INSERT INTO absence (id, account, from_ms, to_ms, substitute) VALUES (7, ${worker1.me.account}, ${old - day}, ${old}, 0)`);
  change(`INSERT INTO handover (id, unit, from_account, to_account, at_ms, note, numbers) VALUES (7, ${unit}, ${worker1.me.account}, 0, ${old}, 'x', '')`);
  change(`INSERT INTO shift (layer, zone, position, day, from_min, to_min, account) VALUES ('grid', ${grids.ours}, 99, ${date}, 0, 60, 0)`);
  await city.restart('--no-limits'); // cleans up when it starts, then every ten minutes
  await until(() => rows('SELECT id FROM absence WHERE id = 7 UNION ALL SELECT id FROM handover WHERE id = 7'
    + ' UNION ALL SELECT position AS id FROM shift WHERE position = 99').length === 0);
});

test('the first who ask a server that has just started are all told', async () => {
  await city.restart();
  const answers = await Promise.all(
    Array.from({ length: 48 }, (_, i) => [lead, worker1, worker2][i % 3].get('/api/duty')),
  );
  assert.deepEqual([...new Set(answers.map((a) => a.status))], [200]);
});
