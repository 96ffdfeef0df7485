// map.test.mjs: what maps of the desk get: whole layers that are asked for once, zones with counts,
// and matters within what the asker may see. Lists are the measure of what somebody may see.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { unpack, lonOf, latOf, zoneAt, worldX, worldY } from '../../web/desk/map/packed.ts';
import { grids, program, refused, startCity } from './city.mjs';

let city, anybody;
const p = {};
const whole = 'w=119&s=30&e=122&n=33';
before(async () => {
  city = await startCity('--no-limits');
  anybody = city.anybody();
  const names = ['worker1', 'dispatcher1', 'dispatcher2', 'dispatcher3', 'clerk1', 'supervisor2', 'admin1'];
  await Promise.all(names.map(async (name) => {
    p[name] = await city.signIn(name);
  }));
  // Everybody of the region has something open, whatever the hour has left of the demo's own matters.
  const { lon, lat } = await anybody.read(`/api/grids/${grids.ours}`);
  await anybody.write('/api/reports', { text: '窨井盖松动', category: '0402', lon, lat });
});
after(() => city?.stop());

/** All open matters that a list shows to somebody. */
async function listed(person, query) {
  const rows = [];
  for (let next = '', page = 0; page < 100; page++) {
    const answer = await person.read(`/api/matters?${query}&limit=100${next && `&after=${next}`}`);
    rows.push(...answer.items);
    if (!answer.next) return rows;
    next = encodeURIComponent(answer.next);
  }
  throw new Error('too many');
}
const numbers = (rows) => rows.map((m) => m.number).sort();
const placed = (rows) => rows.filter((m) => m.lon !== undefined);

for (const [who, view] of [['worker1', 'region'], ['dispatcher1', 'region'], ['dispatcher2', 'region'],
  ['dispatcher3', 'region'], ['supervisor2', 'region'], ['clerk1', 'unit']]) {
  test(`${who} sees on the map what the list of the ${view} has`, async () => {
    const rows = placed(await listed(p[who], `view=${view}`));
    const map = await p[who].read(`/api/matters/map?${whole}`);
    assert.ok(rows.length > 0 || who.startsWith('worker') || who === 'clerk1');
    assert.equal(map.matters, rows.length);
    assert.deepEqual(numbers(map.points), numbers(rows));
    for (const point of map.points) {
      const row = rows.find((m) => m.number === point.number);
      assert.deepEqual([point.lon, point.lat, point.state, point.category, point.overdue],
        [row.lon, row.lat, row.state, row.category, row.overdue]);
    }
  });
}

test('a point tells where and of what kind, and nothing that people wrote or are', async () => {
  const { points } = await p.dispatcher3.read(`/api/matters/map?${whole}`);
  const known = ['number', 'state', 'state_name', 'category', 'category_name', 'tier', 'lon', 'lat', 'grid',
    'place_name', 'created_ms', 'due_ms', 'overdue'];
  for (const point of points)
    assert.deepEqual(Object.keys(point).filter((key) => !known.includes(key)), []);
});

test('residents, and people without matters of their own, get none', async () => {
  refused(await anybody.get(`/api/matters/map?${whole}`), 401, 'login');
  refused(await anybody.get('/api/layers/grid'), 401, 'login');
  refused(await p.admin1.get(`/api/matters/map?${whole}`), 403, 'denied');
  const zones = await p.admin1.read(`/api/zones?${whole}&layer=county`);
  assert.equal(zones.items.length, 10);
  assert.ok(zones.items.every((z) => z.matters === undefined));
});

test('filters and boxes narrow the map as they narrow a list', async () => {
  const rows = placed(await listed(p.dispatcher3, 'view=region'));
  const some = rows[Math.floor(rows.length / 2)];
  for (const [query, fits] of [
    [`state=${some.state}`, (m) => m.state === some.state],
    [`category=${some.category.slice(0, 2)}`, (m) => m.category.startsWith(some.category.slice(0, 2))],
    ['tier=2', (m) => m.tier === 2],
    [`from_ms=${some.created_ms}`, (m) => m.created_ms >= some.created_ms],
    [`to_ms=${some.created_ms}`, (m) => m.created_ms < some.created_ms],
    [`layer=grid&zone=${some.grid}`, (m) => m.grid === some.grid],
  ]) {
    const map = await p.dispatcher3.read(`/api/matters/map?${whole}&${query}`);
    assert.deepEqual(numbers(map.points), numbers(rows.filter(fits)), query);
  }
  const [w, s, e, n] = [some.lon - 0.05, some.lat - 0.05, some.lon + 0.05, some.lat + 0.05];
  const map = await p.dispatcher3.read(`/api/matters/map?w=${w}&s=${s}&e=${e}&n=${n}`);
  assert.deepEqual(numbers(map.points),
    numbers(rows.filter((m) => m.lon >= w && m.lon <= e && m.lat >= s && m.lat <= n)));
  assert.ok(map.points.length > 0 && map.points.length < rows.length);
});

test('matters that have ended are shown when asked for, by when they ended', async () => {
  const all = placed(await listed(p.dispatcher3, 'view=region&order=new'));
  const ended = all.filter((m) => ['closed', 'rejected', 'merged', 'withdrawn'].includes(m.state));
  assert.ok(ended.length > 10);
  const only = await p.dispatcher3.read(`/api/matters/map?${whole}&ended=only`);
  assert.deepEqual(numbers(only.points), numbers(ended));
  const too = await p.dispatcher3.read(`/api/matters/map?${whole}&ended=too`);
  assert.deepEqual(numbers(too.points), numbers(all));
  const later = await p.dispatcher3.read(`/api/matters/map?${whole}&ended=only&from_ms=${Date.now() + 1000}`);
  assert.equal(later.matters, 0);
  // Found by time in a wide view, by place in a narrow one.
  const some = only.points.toSorted((a, b) => b.created_ms - a.created_ms)[0];
  const [w, s, e, n] = [some.lon - 0.01, some.lat - 0.01, some.lon + 0.01, some.lat + 0.01];
  const from = `ended=only&from_ms=${some.created_ms}`;
  const wide = await p.dispatcher3.read(`/api/matters/map?${whole}&${from}`);
  const here = await p.dispatcher3.read(`/api/matters/map?w=${w}&s=${s}&e=${e}&n=${n}&${from}`);
  assert.ok(here.points.some((m) => m.number === some.number));
  assert.ok(wide.matters < ended.length, `${wide.matters} of ${ended.length}`);
  assert.deepEqual(numbers(here.points),
    numbers(wide.points.filter((m) => m.lon >= w && m.lon <= e && m.lat >= s && m.lat <= n)));
  const zone = await p.dispatcher3.read(
    `/api/matters/map?w=${w}&s=${s}&e=${e}&n=${n}&ended=only&layer=grid&zone=${some.grid}`);
  assert.deepEqual(numbers(zone.points), numbers(ended.filter((m) => m.grid === some.grid
    && m.lon >= w && m.lon <= e && m.lat >= s && m.lat <= n)));
  const town = placed(await listed(p.dispatcher1, 'view=region&order=new'));
  const own = await p.dispatcher1.read(`/api/matters/map?${whole}&ended=too`);
  assert.deepEqual(numbers(own.points), numbers(town));
});

test('zones count what is in them, in every layer', async () => {
  const map = await p.dispatcher3.read(`/api/matters/map?${whole}`);
  for (const layer of ['county', 'town']) {
    const { items, more } = await p.dispatcher3.read(`/api/zones?${whole}&layer=${layer}`);
    assert.equal(more, false);
    assert.equal(items.reduce((sum, z) => sum + z.matters, 0), map.matters, layer);
    assert.equal(items.reduce((sum, z) => sum + z.overdue, 0),
      map.points.filter((m) => m.overdue).length);
  }
  const own = await p.dispatcher1.read(`/api/zones?${whole}&layer=county`);
  const mine = await p.dispatcher1.read(`/api/matters/map?${whole}`);
  const known = own.items.filter((z) => z.matters !== undefined);
  assert.deepEqual(known.map((z) => z.matters), [mine.matters], 'what one may not see is not counted as none');
  assert.ok(own.items.length > 1);
  assert.deepEqual(known.map((z) => z.partly), [true], 'a town sees but its part of the county');
  const towns = await p.dispatcher1.read(`/api/zones?${whole}&layer=town`);
  const ours = towns.items.filter((z) => z.matters !== undefined);
  assert.deepEqual(ours.map((z) => z.partly), [false]);
  const many = await p.dispatcher3.read(`/api/zones?${whole}&layer=grid`);
  assert.deepEqual([many.items.length, many.more], [400, true]);
  const point = map.points.find((m) => m.grid !== '0');
  const zone = await p.dispatcher3.read(`/api/layers/grid/${point.grid}`);
  assert.equal(zone.matters, map.points.filter((m) => m.grid === point.grid).length);
  assert.ok(zone.area_m2 > 1000 && zone.name.length > 2 && zone.above_name.length > 2);
});

test('many matters come as groups that lose none', async () => {
  for (let i = 0; i < 520; i++) {
    const report = { text: `路灯不亮 ${i}`, category: '0402', lon: 120.6 + (i % 26) / 500, lat: 31.3 + Math.floor(i / 26) / 500 };
    await anybody.write('/api/reports', report);
  }
  const rows = placed(await listed(p.dispatcher3, 'view=region'));
  const map = await p.dispatcher3.read(`/api/matters/map?${whole}`);
  assert.equal(map.points.length, 0);
  assert.equal(map.matters, rows.length);
  assert.equal(map.groups.reduce((sum, g) => sum + g.matters, 0), rows.length);
  assert.ok(map.groups.length > 1 && map.groups.length <= 400);
  const around = map.groups.reduce((sum, g) => sum + g.lon * g.matters, 0) / rows.length;
  const middle = rows.reduce((sum, m) => sum + m.lon, 0) / rows.length;
  assert.ok(Math.abs(around - middle) < 1e-6);
});

test('what makes no sense is refused with the field', async () => {
  const get = (path) => p.dispatcher3.get(path);
  refused(await get('/api/matters/map?w=121&s=31&e=120&n=32'), 422, 'input', 'e');
  refused(await get('/api/matters/map?w=120&s=32&e=121&n=31'), 422, 'input', 'n');
  refused(await get('/api/matters/map?w=120&s=31&e=121'), 422, 'input', 'n');
  refused(await get(`/api/matters/map?${whole}&state=lost`), 422, 'input', 'state');
  refused(await get(`/api/matters/map?${whole}&layer=moon&zone=1`), 422, 'input', 'layer');
  refused(await get(`/api/zones?${whole}`), 422, 'input', 'layer');
  refused(await get('/api/layers/moon'), 422, 'input', 'layer');
  refused(await get('/api/layers/grid/123'), 404, 'missing', 'code');
  refused(await get('/api/layers/grid/123/outlines'), 404, 'missing', 'code');
  assert.equal((await p.dispatcher3.read(`/api/matters/map?${whole}&layer=grid&zone=1`)).matters, 0);
});

test('a layer is fetched once: with its tag the answer is that nothing has changed', async () => {
  const first = await p.dispatcher3.get('/api/layers/grid?detail=overview');
  assert.equal(first.status, 200);
  assert.equal(first.type, 'application/octet-stream');
  assert.match(first.headers.get('cache-control'), /private, no-cache/);
  const tag = first.headers.get('etag');
  assert.match(tag, /^"grid-o-/);
  const again = await p.dispatcher3.get('/api/layers/grid?detail=overview', { 'If-None-Match': tag });
  assert.deepEqual([again.status, again.bytes.length, again.headers.get('etag')], [304, 0, tag]);
  const other = await p.dispatcher3.get('/api/layers/grid', { 'If-None-Match': tag });
  assert.equal(other.status, 200);
});

test('packed layers hold every zone where it is, and neighbours share their vertices at each detail', async () => {
  for (const detail of ['overview', 'full']) {
    const layer = unpack((await p.dispatcher3.get(`/api/layers/grid?detail=${detail}`)).bytes);
    assert.equal(layer.codes.length, 12278);
    const degree = new Map();
    for (let r = 0; r + 1 < layer.pointAt.length; r++)
      for (let k = layer.pointAt[r], end = layer.pointAt[r + 1], b = end - 1; k < end; b = k++) {
        const edge = `${layer.x[b]} ${layer.y[b]} ${layer.x[k]} ${layer.y[k]}`;
        degree.set(edge, (degree.get(edge) ?? 0) + 1);
      }
    let shared = 0;
    for (const edge of degree.keys()) {
      const [xa, ya, xb, yb] = edge.split(' ');
      if (degree.has(`${xb} ${yb} ${xa} ${ya}`)) shared++;
    }
    assert.ok(shared / degree.size > 0.85, `${detail}: ${shared} of ${degree.size} edges have their other side`);
    const at = layer.codes.indexOf(grids.ours);
    const place = await anybody.read(`/api/grids/${grids.ours}`);
    if (detail === 'full') assert.equal(zoneAt(layer, worldX(place.lon), worldY(place.lat)), at);
    assert.ok(Math.abs(lonOf(layer.box[4 * at]) - place.lon) < 0.01);
    assert.ok(Math.abs(latOf(layer.box[4 * at + 1]) - place.lat) < 0.01);
  }
});

test('borders hold each edge of both neighbours once, on the same lattice', async () => {
  const once = unpack((await p.dispatcher3.get('/api/layers/grid?detail=borders')).bytes);
  assert.equal(once.open, true);
  assert.equal(once.codes.length, 12278);
  const steps = (v) => Math.round(v * 500);
  const edge = (layer, a, b) => [a, b].map((k) =>
    `${steps(lonOf(layer.x[k]))} ${steps(latOf(layer.y[k]))}`).sort().join(' to ');
  const drawn = new Set();
  let edges = 0;
  for (let r = 0; r + 1 < once.pointAt.length; r++)
    for (let k = once.pointAt[r] + 1; k < once.pointAt[r + 1]; k++, edges++)
      drawn.add(edge(once, k - 1, k));
  assert.equal(drawn.size, edges, 'none twice');
  // What the outlines have on this lattice, and no more: a way there and back within one is left out.
  const full = unpack((await p.dispatcher3.get('/api/layers/grid')).bytes);
  const wanted = new Set();
  for (let r = 0; r + 1 < full.pointAt.length; r++)
    for (let k = full.pointAt[r], end = full.pointAt[r + 1], b = end - 1; k < end; b = k++)
      wanted.add(edge(full, b, k));
  const known = [...drawn].filter((e) => wanted.has(e)).length;
  assert.ok(known / drawn.size > 0.99, `${known} of ${drawn.size}`);
  const missing = [...wanted].filter((e) => new Set(e.split(' to ')).size === 2 && !drawn.has(e)).length;
  assert.ok(missing / wanted.size < 0.1, `${missing} of ${wanted.size} are missing`);
});

test('outlines for editing are exact, with all that lies around', async () => {
  const found = await p.dispatcher3.read(`/api/layers/grid/${grids.ours}/outlines`);
  const outlines = JSON.parse(typeof found === 'string' ? found : JSON.stringify(found));
  const codes = outlines.features.map((f) => f.properties.code);
  assert.ok(codes.includes(grids.ours) && codes.length > 3);
  const points = new Map();
  for (const f of outlines.features)
    for (const [lon, lat] of f.geometry.coordinates.flat(2)) {
      const key = `${lon} ${lat}`;
      points.set(key, (points.get(key) ?? new Set()).add(f.properties.code));
    }
  const ours = outlines.features.find((f) => f.properties.code === grids.ours);
  const alone = ours.geometry.coordinates.flat(2).filter(([lon, lat]) => points.get(`${lon} ${lat}`).size < 2);
  assert.deepEqual(alone, [], 'every vertex is shared with a neighbour to the last digit');
});

const setting = (...args) => spawnSync(program, ['setting', ...city.database.options.slice(0, 2), ...args],
  { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
const soon = async (look) => {
  for (let tries = 0; tries < 300; tries++) {
    const found = await look();
    if (found) return found;
    await new Promise((done) => { setTimeout(done, 100); });
  }
  throw new Error('it never came');
};
const policy = async () => {
  const page = await fetch(`${city.base}/desk/`, { headers: { Accept: 'text/html' } });
  return page.headers.get('content-security-policy');
};

test('a base map is none by default; one that is set is told, and its server alone may send images', async () => {
  const plain = await policy();
  assert.equal((await anybody.read('/api/config')).tiles, undefined);
  const url = 'https://t0.tiles.example/wmts?TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}&tk=key';
  const labels = 'http://127.0.0.1:19449/{z}/{x}/{y}.png';
  for (const [name, value] of [['tiles', url], ['tiles_labels', labels], ['tiles_crs', 'gcj02'],
    ['tiles_attribution', '某地图'], ['review_no', 'GS(2026)0001号']])
    assert.equal(setting(name, value).status, 0);
  const tiles = await soon(async () => {
    const { tiles: t, review_no: no } = await anybody.read('/api/config');
    return no === 'GS(2026)0001号' && t?.crs === 'gcj02' && t;
  });
  assert.deepEqual(tiles, { url, labels_url: labels, crs: 'gcj02', zoom_max: 18,
    attribution: '某地图', attribution_en: '' });
  if (plain) {
    const now = await policy();
    assert.equal(now, plain.replace("img-src 'self'", "img-src 'self' https://t0.tiles.example http://127.0.0.1:19449"));
  }
  assert.equal(setting('tiles').stdout.trim(), url);
  assert.match(setting().stdout, /tiles_crs +gcj02/);
  for (const name of ['tiles', 'tiles_labels']) assert.equal(setting(name, '').status, 0);
  await soon(async () => (await anybody.read('/api/config')).tiles === undefined);
  if (plain) assert.equal(await policy(), plain);
});

test('a setting that cannot be says what to write instead, and changes nothing', async () => {
  for (const [name, value, said] of [
    ['tiles', 'https://{s}.tiles.example/{z}/{x}/{y}', /without placeholders/],
    ['tiles', "https://tiles.example/{z}/{x}/{y}'; script-src *", /tile address/],
    ['tiles_crs', 'bd09', /wgs84 .* or gcj02/],
    ['center', '120,31', /\[longitude,latitude\]/],
    ['colour', 'red', /no setting "colour"/],
  ]) {
    const done = setting(name, value);
    assert.equal(done.status, 1, name);
    assert.match(done.stderr, said);
  }
  assert.equal((await anybody.read('/api/config')).tiles, undefined);
});
