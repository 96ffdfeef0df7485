// fusion.test.mjs: both layers of grids over each other: who is responsible at a place, and for
// whom to see; lists of what does not fit; a sliver drafted into its neighbour; the same on the
// command line; the grids of many points in a table.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { grids, program, refused, run, startCity } from './city.mjs';

const ours = { lon: 120.62, lat: 31.3 };
let city, anybody, town, whole, clerk, place;
before(async () => {
  city = await startCity('--no-limits');
  anybody = city.anybody();
  [town, whole, clerk] = await Promise.all(
    ['dispatcher1', 'dispatcher3', 'clerk1'].map((name) => city.signIn(name)),
  );
  place = await anybody.read(where(ours));
});
after(() => city?.stop());

const where = (q) => `/api/responsible?${new URLSearchParams(q)}`;
const list = (who, name, more = {}) => who.read(`/api/fusion/${name}?${new URLSearchParams(more)}`);
async function all(who, name, more = {}) {
  const items = [];
  for (let page = { next: 0 }; page.next !== undefined; ) {
    page = await list(who, name, { ...more, limit: 500, after: page.next });
    items.push(...page.items);
    if (page.next === undefined) assert.equal(items.length, page.total);
  }
  return items;
}

test('a resident learns the grids and whom to call, and nothing else', async () => {
  const here = await anybody.read(where(ours));
  assert.match(here.grid, /^320508\d{9}$/);
  assert.ok(here.micro_grid.startsWith(here.grid) && here.micro_grid.length === 17);
  assert.ok(here.police_grid && here.community_name && here.town_name && here.county_name);
  assert.deepEqual(here.people.map((p) => p.duty), ['grid_worker', 'police_officer']);
  for (const person of here.people) {
    assert.match(person.phone, /^1990000\d{4}$/);
    assert.equal(person.unit_name, undefined);
  }
  assert.equal(here.units?.length ?? 0, 0);
});

test('a colleague learns the units too: desks and station', async () => {
  const here = await clerk.read(where(ours));
  assert.deepEqual(here.units.map((u) => u.part), ['community', 'station', 'town', 'county']);
  assert.ok(here.people.every((p) => p.unit_name));
});

test('only the first in charge of a grid is shown to residents', async () => {
  const { grid } = await anybody.read(where(ours));
  city.database.change(`INSERT INTO duty (layer, zone, position, account)
    SELECT 'grid', ${grid}, 1, MIN(id) FROM account WHERE username = 'worker1'`);
  const workers = (here) => here.people.filter((p) => p.duty === 'grid_worker');
  const seen = async (who) => workers(await who.read(where(ours))).length;
  assert.equal(await seen(anybody), 1);
  assert.equal(await seen(town), 2);
});

test('words name a place as well: a grid, or a community with all its workers', async () => {
  const here = await anybody.read(where(ours));
  const exact = await anybody.read(where({ text: here.place_name }));
  assert.equal(exact.grid, here.grid);
  const { community, county_name, town_name, community_name } = here;
  const text = `${county_name}${town_name}${community_name}附近`;
  const around = await anybody.read(where({ text }));
  assert.equal(around.community, community);
  assert.equal(around.grid, undefined);
  assert.ok(around.people.length > 1 && around.people.every((p) => p.zone.startsWith(community)));
});

test('a kind of matter tells who would get it here, to colleagues with every reason', async () => {
  const asked = { ...ours, category: '0701' };
  const { goes } = await town.read(where(asked));
  assert.match(goes.sentence, /^由.*市场监督管理局办理：/);
  assert.equal(goes.why.unit, goes.unit);
  assert.equal(goes.why.rule, '食品安全');
  assert.ok(goes.why.facts.length && goes.why.tried.length && goes.why.others.length);
  const same = await town.read(`/api/route?${new URLSearchParams(asked)}`);
  assert.deepEqual([same.unit, same.rule], [goes.unit, goes.why.rule], 'as a matter would go');
  const resident = (await anybody.read(where(asked))).goes;
  assert.equal(resident.unit_name, goes.unit_name);
  assert.equal(resident.why, undefined, 'no rules for residents');
  const words = await town.read(where({ text: '姑苏区平江街道大儒巷社区', category: '0902' }));
  assert.equal(words.goes.hotline, '110');
  assert.equal((await anybody.read(where(ours))).goes, undefined);
  refused(await anybody.get(where({ ...ours, category: '7777' })), 422, 'input', 'category');
});

test('points in other coordinate systems are understood', async () => {
  const far = await anybody.read(where({ ...ours, crs: 'gcj02' }));
  assert.ok(Math.abs(far.lon - ours.lon) > 0.001, 'some hundred metres aside');
});

test('what cannot be placed is refused with a remedy', async () => {
  refused(await anybody.get(where({ lon: 100, lat: 20 })), 404, 'missing');
  refused(await anybody.get(where({ text: '不知道什么地方' })), 404, 'missing', 'text');
  refused(await anybody.get(where({ lon: 120.6 })), 422, 'input', 'lat');
  const swapped = refused(await city.anybody('en').get(where({ lon: 31.3, lat: 120.6 })), 422, 'input', 'lon');
  assert.match(swapped.message, /Longitude and latitude are swapped; exchange them/);
  refused(await anybody.get(where({ lon: 120.6, lat: 120.6 })), 422, 'input', 'lat');
  refused(await anybody.get(where({ lon: 120.6, lat: 31.3, crs: 'utm' })), 422, 'input', 'crs');
});

test('the shares of every grid add up to one', async () => {
  const shares = new Map();
  for (const link of await all(whole, 'links', { division: '320508000000' })) {
    shares.set(link.code, (shares.get(link.code) ?? 0) + link.share);
    assert.ok(link.m2 > 0 && link.share_other <= 1.000000001);
  }
  assert.ok(shares.size > 500);
  for (const [grid, share] of shares) assert.ok(Math.abs(share - 1) < 1e-6, `${grid}: ${share}`);
  assert.equal((await list(whole, 'gaps')).total, 0);
});

test('lists are for colleagues, and of their own territory', async () => {
  refused(await anybody.get('/api/fusion/links'), 401, 'login');
  const own = await all(town, 'links');
  assert.ok(own.length > 10 && own.every((f) => f.code.startsWith('320508018')));
  refused(await town.get('/api/fusion/links?division=320581000000'), 404, 'missing', 'division');
  refused(await town.get('/api/fusion/nonsense'), 422, 'input', 'list');
});

test('slivers are small, and may be drafted into the neighbour in the same community', async () => {
  const slivers = await all(town, 'slivers');
  assert.ok(slivers.length > 0);
  assert.ok(slivers.every((f) => f.m2 <= 10000 && f.share <= 0.05 && f.share_other <= 0.05));
  assert.ok((await all(town, 'slivers', { m2: 1000 })).length < slivers.length);
  const sliver = (await all(whole, 'slivers')).find((f) => f.into);
  assert.equal(sliver.into.slice(0, 12), sliver.code.slice(0, 12));
  assert.ok(sliver.border_m > 0);
  const answer = await whole.post('/api/fusion/merge', { grid: sliver.code, police: sliver.other });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.into, sliver.into);
  const [draft] = city.database.rows(
    `SELECT kind, name, body FROM draft WHERE id = ${answer.body.draft}`,
  );
  assert.equal(draft.kind, 'grid');
  const seen = await whole.read(`/api/drafts/${answer.body.draft}`);
  assert.equal(seen.region, `${sliver.code.slice(0, 6)}000000`, 'its county finds it among its drafts');
  const { features } = JSON.parse(draft.body);
  assert.deepEqual(features.map((f) => f.properties.code), [sliver.code, sliver.into]);
  assert.ok(features.every((f) => f.geometry.coordinates.flat(2).length > 4));
});

test('a merger needs an overlap, one\'s own territory and the right', async () => {
  const [link] = await all(town, 'links');
  const foreign = (await list(whole, 'links', { division: '320581000000' })).items[0];
  const merge = (who, grid, police) => who.post('/api/fusion/merge', { grid, police });
  refused(await merge(town, link.code, foreign.other), 404, 'missing', 'police');
  refused(await merge(town, foreign.code, foreign.other), 404, 'missing', 'grid');
  refused(await merge(clerk, link.code, link.other), 403, 'denied');
});

test('grids without anybody in charge and people with two homes are named', async () => {
  const before = await all(whole, 'vacant');
  assert.ok(before.some((f) => f.layer === 'police'));
  const { grid } = await anybody.read(where(ours));
  city.database.change(`DELETE FROM duty WHERE layer = 'grid' AND zone = ${grid} AND position = 0`);
  const now = await all(whole, 'vacant');
  assert.deepEqual(
    now.filter((f) => !before.some((b) => b.code === f.code)).map((f) => [f.layer, f.code]),
    [['grid', grid]],
  );
  const homes = await all(whole, 'homes');
  assert.ok(homes.length >= 2 && homes.every((f) => f.person && f.layer === 'police'));
  const mine = await all(town, 'homes');
  assert.ok(mine.length >= 2 && mine.every((f) => f.person === '高远'), JSON.stringify(mine));
  city.database.change(`UPDATE duty SET account = (SELECT account FROM duty WHERE layer = 'grid'
    AND zone = 320581006001001 AND position = 0)
    WHERE layer = 'grid' AND zone = 320508018023001 AND position = 0`);
  const moved = (f) => f.layer === 'grid' && f.code === '320508018023001';
  assert.ok((await all(whole, 'homes')).some(moved));
});

test('communities cut by a police border have at least two parts', async () => {
  const parts = Map.groupBy(await all(town, 'cut'), (f) => f.code);
  assert.ok(parts.size > 0);
  for (const of of parts.values()) {
    assert.ok(of.length > 1 && of.every((f) => f.share >= 0.02));
    assert.ok(of.reduce((sum, f) => sum + f.share, 0) < 1.000001);
  }
});

test('each list is a table and a map as well', async () => {
  for (const name of ['slivers', 'vacant', 'cut']) {
    const { total } = await list(town, name);
    const table = await town.get(`/api/fusion/${name}/csv`);
    assert.match(table.headers.get('content-type'), /^text\/csv/);
    const lines = table.text.trim().split('\n');
    assert.match(lines[0], /^layer,code,name,other,/);
    assert.equal(lines.length, total + 1);
    const map = JSON.parse((await town.get(`/api/fusion/${name}/map`)).text);
    assert.equal(map.features.length, total);
    assert.equal(map.truncated, false);
    assert.ok(map.features.every((f) => f.geometry.type === 'MultiPolygon' && f.properties.name));
  }
  const few = JSON.parse((await town.get('/api/fusion/links/map?limit=2')).text);
  assert.deepEqual([few.features.length, few.truncated], [2, true]);
});

test('the command line gives the same lists', async () => {
  const [slivers, cuts] = [await list(town, 'slivers'), await list(town, 'cut')];
  const done = run('fuse', 'slivers', ...city.database.where, '--division', '320508018000');
  assert.equal(done.status, 0, done.stderr);
  assert.equal(done.stdout.trim().split('\n').length - 1, slivers.total);
  const inTown = [...city.database.where, '--division', '320508018000'];
  const map = run('fuse', 'cut', ...inTown, '--format', 'geojson');
  assert.equal(JSON.parse(map.stdout).features.length, cuts.total);
  for (const wrong of [['nothing'], ['cut', '--format', 'xml'], ['cut', '--share', '7']]) {
    const refusal = run('fuse', ...wrong, ...city.database.where);
    assert.equal(refusal.status, 2);
    assert.ok(refusal.stderr);
  }
  const nowhere = run('fuse', 'cut', ...city.database.where, '--division', '999999000000');
  assert.equal(nowhere.status, 1);
  assert.match(nowhere.stderr, /999999000000/);
});

const locate = (input, ...more) =>
  spawnSync(program, ['locate', ...city.database.where, ...more], {
    input, encoding: 'utf8', env: { ...process.env, LANG: 'en', LC_ALL: 'en' }, maxBuffer: 64 << 20,
  });

test('points in a table find their grids; other columns stay as they are', () => {
  const here = place;
  const row = `1,"a ""b""\r\nc",${ours.lon},${ours.lat}`;
  const done = locate(`\ufeffid,"name, full",LON,lat\r\n${row}\r\n2,sea,123,31\r\n`);
  assert.equal(done.status, 0, done.stderr);
  const added = 'county,town,community,grid,micro_grid,police_grid';
  const { town: street, community, grid, micro_grid, police_grid } = here;
  const found = ['320508000000', street, community, grid, micro_grid, police_grid].join(',');
  assert.equal(done.stdout, `id,"name, full",LON,lat,${added}\n${row},${found}\n`
    + '2,sea,123,31,,,,,,\n');
  assert.match(done.stderr, /2 lines: 1 in a grid, 1 outside of all, 0 bad/);
  const shifted = locate(`lon,lat\n${ours.lon},${ours.lat}\n`, '--crs', 'bd09').stdout;
  assert.ok(!shifted.includes(here.micro_grid));
});

test('bad lines are named with their number and the remedy, and the rest is done', () => {
  const done = locate('lon,lat\n120.6,31.3\n31.3,120.6\nabc,31\n200,100\n120.6\n\n'
    + '"120.6,31.3\n120.6,31.3\n');
  assert.equal(done.status, 1);
  assert.match(done.stderr, /line 3: .*swapped/);
  assert.match(done.stderr, /line 4: .*numbers/);
  assert.match(done.stderr, /line 5: .*between/);
  assert.match(done.stderr, /line 6: .*numbers/);
  assert.match(done.stderr, /line 8: .*quote/);
  assert.match(done.stderr, /7 lines: 2 in a grid, 0 outside of all, 5 bad/);
  assert.equal(done.stdout.trim().split('\n').length, 1 + 6);
});

test('two lines that each lack a quote are both named', () => {
  const done = locate('lon,lat,name\n120.6,31.3,"a\n120.6,31.3,b\n120.6,31.3,"c\n120.6,31.3,d\n');
  assert.match(done.stderr, /line 2: .*quote/);
  assert.match(done.stderr, /line 4: .*quote/);
  assert.match(done.stderr, /4 lines: 2 in a grid, 0 outside of all, 2 bad/);
  assert.deepEqual(done.stdout.trim().split('\n').slice(1).map((line) => line.split(',')[2]), ['b', 'd']);
});

test('a table that has no coordinates, or is none, is refused', () => {
  assert.match(locate('a,b\n1,2\n').stderr, /\(lon\)/);
  assert.match(locate('lon,b\n1,2\n').stderr, /\(lat\)/);
  assert.match(locate('').stderr, /empty/);
  assert.match(locate('lon,lat,grid\n').stderr, /rename/);
  assert.equal(locate('lon,lat\n', '--crs', 'utm').status, 2);
  assert.match(locate('', '--csv', '/no/such/file').stderr, /no\/such\/file/);
  assert.match(locate('lon,lat\n', '--db', '/no/such.db').stderr,
    /locate: The database \/no\/such\.db cannot be opened or read; check --db \(db\)/);
  assert.match(locate('lon,lat\n', '--db', '/no/such.db', '--lang', 'zh').stderr, /请核对 --db/);
});

test('who is on duty now by the roster stands first, and once', async () => {
  assert.ok((await anybody.read(where(ours))).people.every((p) => !p.on_duty));
  const point = await anybody.read(`/api/grids/${grids.ours}`);
  const file = join(city.folder, 'roster.csv');
  writeFileSync(file,
    `layer,zone,days,from,to,person\ngrid,${grids.ours},daily,00:00,24:00,worker2\n`);
  const stored = run('import', 'duty', file, ...city.database.where);
  assert.equal(stored.status, 0, stored.stderr);
  let here;
  for (let i = 0; i < 2000 && !here?.people[0].on_duty; i++)
    here = await clerk.read(where({ lon: point.lon, lat: point.lat }));
  assert.equal(here.people[0].duty, 'grid_worker');
  const { name } = here.people[0];
  assert.equal(here.people.filter((p) => p.name === name && p.zone === grids.ours).length, 1);
});

test('an imported address is found by its words', async () => {
  const file = join(city.folder, 'places.csv');
  writeFileSync(file,
    `code,kind,name,address,lon,lat\nA1,address,,乌鹊桥路9号,${ours.lon},${ours.lat}\n`);
  const stored = run('import', 'place', file, ...city.database.options);
  assert.equal(stored.status, 0, stored.stderr + stored.stdout);
  assert.equal((await anybody.read(where({ text: '在乌鹊桥路9号门口' }))).grid, place.grid);
});
