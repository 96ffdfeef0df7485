// roster.test.mjs: the demo town's roster, as somebody finds it who has just started the demo: turns
// of every zone, a hand-over, somebody standing in, quiet hours, and one gap.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { grids, startCity } from './city.mjs';

const hour = 3600_000;
let city, town, worker, officer;
before(async () => {
  city = await startCity('--no-limits');
  [town, worker, officer] = await Promise.all(
    ['dispatcher1', 'worker1', 'clerk5'].map((name) => city.signIn(name)),
  );
});
after(() => city?.stop());

const week = (who, unit) => who.read(`/api/duty${unit ? `?unit=${unit}` : ''}`);

test('every zone of the town has somebody at any moment, but for one gap', async () => {
  const { items, truncated } = await town.read('/api/duty/gaps');
  assert.equal(truncated, false);
  assert.ok(items.length >= 1 && items.length <= 2, 'one, or what is left of it and the next');
  for (const gap of items) {
    assert.equal(gap.zone, '320508018025003');
    assert.ok(gap.to_ms > gap.from_ms && gap.to_ms - gap.from_ms <= 4.5 * hour);
    assert.equal(new Date(gap.to_ms + 8 * hour).getUTCDay(), 6, 'a Saturday');
  }
  const { units, quiet } = await week(town);
  assert.equal(quiet, '22:00-07:00');
  assert.ok(units.length > 25);
  for (const { unit, name } of units)
    for (const zone of (await week(town, unit)).zones)
      assert.ok(zone.spans.length, `${name}: ${zone.name} has a roster`);
});

test('turns give way to each other, and somebody stands in', async () => {
  const { zones } = await week(worker);
  const ours = zones.find((z) => z.zone === grids.ours);
  const people = new Set(ours.spans.map((s) => s.name));
  assert.deepEqual([...people].sort(), ['周文英', '陆晓棠', '顾喆'].sort());
  assert.ok(ours.spans.length >= 10, 'day and night');
  const station = await week(officer);
  const now = Date.now();
  const away = station.absences.find((a) => a.from_ms <= now && now < a.to_ms);
  assert.deepEqual([away.name, away.substitute_name], ['秦亦航', '高远']);
  const names = (await week(town, station.unit)).zones.filter((z) => z.layer === 'police')
    .flatMap((z) => z.spans.filter((s) => s.instead_of).map((s) => s.instead_of));
  assert.ok(names.length, 'shown in the week');
});

test('the last hand-over left a note, for a colleague and for a unit', async () => {
  const { notes, turns } = await worker.read('/api/duty/mine');
  assert.ok(turns.length && turns.every((t) => t.to_ms > Date.now()));
  assert.ok(notes.some((n) => n.from_name === '顾喆' && n.to_name === '陆晓棠'));
  assert.ok(notes.some((n) => n.from_name === '周文英' && n.to_name === ''));
});

test('whoever is on duty stands first where somebody asks who is responsible', async () => {
  const at = await city.anybody().read(`/api/grids/${grids.ours}`);
  const where = `lon=${at.lon}&lat=${at.lat}`;
  const here = await town.read(`/api/responsible?${where}`);
  const on = here.people.filter((p) => p.on_duty);
  assert.deepEqual(on.map((p) => p.duty), ['grid_worker', 'micro_worker', 'police_officer']);
  assert.ok(on.every((p) => p.name && p.phone && p.unit_name));
  assert.equal(on[0].name, at.worker_name);
});
