// layers.test.mjs: a deployer imports layers as files of every usual format: faults are named by row,
// a page shows gaps and overlaps, faultless layers become versions with a day, and a past matter
// keeps the name of its grid.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { grids, newKey, run, startCity, until } from './city.mjs';
import { dbf, gbk, shp, xlsx, zip } from './files.mjs';

let city, all;
const community = '320508018023';
const exported = (...more) => {
  const done = run('export', 'grid', ...city.database.where, ...more);
  assert.equal(done.status, 0, done.stderr);
  return done.stdout;
};
const importFile = (name, content, ...more) => {
  const file = join(city.folder, name);
  writeFileSync(file, content);
  return run('import', 'grid', file, ...city.database.options, ...more);
};
const outcome = (done) => {
  assert.ok(done.stdout.startsWith('{'), done.stderr);
  return JSON.parse(done.stdout);
};
const zone = (code, at) => city.anybody('en')
  .get(`/api/zones/grid/${code}${at === undefined ? '' : `?at=${at}`}`);
const named = async (code, name) => {
  await until(async () => (await zone(code)).body.name === name);
  assert.equal((await zone(code)).body.name, name);
};

before(async () => {
  city = await startCity('--no-limits');
  all = JSON.parse(exported());
});
after(() => city?.stop());

const ours = () => all.features.filter(({ properties }) => properties.parent === community);
const rings = ({ geometry }) => geometry.coordinates.flat();
const wkt = (feature) => `POLYGON((${rings(feature)[0].map((p) => p.join(' ')).join(',')}))`;

test('a layer can be exported and imported unchanged, as GeoJSON and in parts as CSV', () => {
  assert.equal(all.features.length, 12278);
  const csv = exported('--as', 'csv').split('\n')
    .filter((line, i) => i === 0 || line.startsWith(community)).join('\n');
  for (const [name, text, same, ...more] of [['all.geojson', exported(), 12278],
    ['part.csv', csv, ours().length, '--part']]) {
    const done = outcome(importFile(name, text, '--json', '--dry-run', ...more));
    assert.equal(done.faults_total, 0);
    assert.deepEqual(done.changes, { same, added: 0, changed: 0, removed: 0, bad: 0 });
    assert.deepEqual(done.findings, []);
  }
});

test('a zipped Shapefile, GBK text and a spreadsheet bring the same grids', async () => {
  const features = ours();
  const rows = (suffix) => features.map((f) =>
    [f.properties.code, `${f.properties.name.slice(0, 8)}${suffix}`]);
  const head = ['网格编码', '网格名称'];
  const polygons = features.map((f) => rings(f).map((ring) => ring.toReversed()));
  const prj = 'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000"]]';
  const files = {
    'a.zip': zip({ '网格/a.shp': shp(polygons), '网格/a.dbf': dbf(head, rows('甲'), gbk, 0x4d),
      '网格/a.prj': prj }),
    'b.csv': gbk(`${[[...head, 'WKT'].join(','), ...features.map((f, i) =>
      `${rows('乙')[i].join(',')},"${wkt(f)}"`)].join('\r\n')}\r\n`),
    'c.xlsx': xlsx([[...head, '边界'], ...features.map((f, i) => [...rows('丙')[i], wkt(f)])]),
  };
  for (const [i, [name, content]] of Object.entries(files).entries()) {
    const done = outcome(importFile(name, content, '--json', '--part'));
    assert.equal(done.faults_total, 0, JSON.stringify(done.faults));
    assert.equal(done.changes.changed, features.length);
    assert.equal(done.version, i + 1);
    await named(grids.ours, rows('甲乙丙'[i])[0][1]);
  }
  // a Shapefile beside its companions, names in UTF-8 without a word about it
  writeFileSync(join(city.folder, 'd.DBF'), dbf(['code', 'name'], rows('丁'), Buffer.from));
  const beside = outcome(importFile('d.shp', shp(polygons), '--json', '--part', '--dry-run'));
  assert.equal(beside.changes.changed, features.length);
});

test('faults are named by row with the remedy, and nothing is stored unless good rows are asked for', async () => {
  const [first, second] = ours();
  const was = (await zone(grids.ours)).body.name;
  const rows = ['code,name,parent,shape',
    `${first.properties.code},好,,"${wkt(first)}"`,
    `${second.properties.code},两家,汀兰社区,"${wkt(second)}"`,
    `320508018023,短,,"${wkt(second)}"`,
    `${community}801,空,,`,
    `3.20508E+14,指数,,"${wkt(second)}"`].join('\n');
  const done = importFile('bad.csv', rows, '--part');
  assert.equal(done.status, 1);
  assert.match(done.stderr, /bad\.csv:3: parent: .*two communities claim this grid; decide whose it is/);
  assert.match(done.stderr, /bad\.csv:4: code: A grid's code has 15 digits/);
  assert.match(done.stderr, /bad\.csv:5: shape: There is no outline/);
  assert.match(done.stderr, /bad\.csv:6: code: .*exponent.*format the column as text/);
  assert.match(done.stdout, /nothing was stored/);
  assert.match(importFile('bad.csv', rows, '--part', '--lang', 'zh').stderr, /bad\.csv:4: code: 网格编码为 15 位/);
  assert.equal((await zone(grids.ours)).body.name, was);
  const good = importFile('bad.csv', rows, '--good-rows');
  assert.equal(good.status, 0, good.stderr);
  await named(first.properties.code, '好');
});

test('a part taken for the whole is refused, unless it is meant', () => {
  const part = importFile('few.geojson', JSON.stringify({ type: 'FeatureCollection', features: ours() }));
  assert.equal(part.status, 1);
  assert.match(part.stderr, /More than half of the layer, 12\d{3} zones.*--part.*--whole/);
  assert.equal(JSON.parse(exported()).features.length, all.features.length);
  const meant = importFile('few.geojson',
    JSON.stringify({ type: 'FeatureCollection', features: ours() }), '--whole', '--dry-run');
  assert.doesNotMatch(meant.stderr, /More than half/);
});

test('a dry run shows gaps and overlaps as a page and stores nothing', () => {
  const features = structuredClone(ours());
  const ring = features[0].geometry.coordinates[0][0];
  const [x, y] = ring.reduce(([a, b], [lon, lat]) => [a + lon / ring.length, b + lat / ring.length], [0, 0]);
  const shrink = ([lon, lat]) => [lon + (x - lon) * 0.2, lat + (y - lat) * 0.2];
  features[0].geometry.coordinates[0][0] = ring.map(shrink);
  const page = join(city.folder, 'out.html');
  const text = JSON.stringify({ type: 'FeatureCollection', features });
  const done = outcome(importFile('gap.geojson', text, '--part', '--dry-run', '--json', '--report', page));
  assert.equal(done.version, undefined);
  const gap = done.findings.find(({ kind, sliver }) => kind === 'gap' && !sliver);
  assert.equal(gap.parent, community);
  assert.ok(gap.area_m2 > 100);
  const html = readFileSync(page, 'utf8');
  assert.match(html, /^<!doctype html><html lang="en">/);
  assert.match(html, /<svg role="img"[^>]*aria-label="大儒巷/);
  assert.match(html, new RegExp(`<th scope="row">大儒巷[^<]* ${community}</th><td>Gap</td>`));
  assert.doesNotMatch(html, /<script|https?:|url\((?!#)/);
});

test('coordinates of another map are found out, and said', () => {
  // the whole of one town, moved as a map of GCJ-02 would be, roughly: half a kilometre
  const features = structuredClone(all.features.filter(({ properties }) =>
    properties.code.startsWith('320508018')));
  for (const ring of features.flatMap(rings)) {
    for (const p of ring) {
      p[0] += 0.0042;
      p[1] -= 0.0021;
    }
  }
  const text = JSON.stringify({ type: 'FeatureCollection', features });
  const done = outcome(importFile('gcj.geojson', text, '--part', '--dry-run', '--json'));
  assert.equal(done.placing.crs, 'gcj02');
  assert.equal(done.placing.how, 'found');
  assert.ok(done.placing.inside > 0.9);
  const wrong = outcome(importFile('gcj.geojson', text, '--part', '--dry-run', '--json', '--crs', 'wgs84'));
  assert.equal(wrong.placing.best, 'gcj02');
  for (const ring of features.flatMap(rings)) for (const p of ring) p.reverse();
  const swapped = outcome(importFile('swapped.geojson',
    JSON.stringify({ type: 'FeatureCollection', features }), '--part', '--dry-run', '--json'));
  assert.equal(swapped.placing.swapped, true);
  assert.equal(swapped.placing.crs, 'gcj02');
});

test('a grid goes: its matters keep its name of their day, and the import says where they come to', async () => {
  const [first, second] = ours();
  const name = (await zone(first.properties.code)).body.name;
  const report = { text: '路灯坏了一排', grid: first.properties.code };
  const { number } = await city.anybody().write('/api/reports', report, { 'Idempotency-Key': newKey() });
  const worker = await city.signIn('dispatcher1', 'en');
  const page = await worker.read(`/api/matters/${number}`);
  assert.ok(page.place_name.endsWith(name), page.place_name);
  const gone = { type: 'Feature', geometry: null,
    properties: { code: first.properties.code, removed: true } };
  const both = [gone, { ...second, geometry: { type: 'MultiPolygon',
    coordinates: [...first.geometry.coordinates, ...second.geometry.coordinates] } }];
  const done = importFile('gone.geojson', JSON.stringify({ type: 'FeatureCollection', features: both }), '--part');
  assert.equal(done.status, 0, done.stderr);
  const [from, into] = [first, second].map(({ properties }) => properties.code);
  assert.match(done.stdout,
    new RegExp(`Open matters of ${from} .*that will lie in ${into} .*: \\d+;`));
  await until(async () => (await zone(first.properties.code)).status !== 200);
  assert.equal((await zone(first.properties.code)).status, 404);
  assert.equal((await worker.read(`/api/matters/${number}`)).place_name, page.place_name);
  assert.ok(!exported().includes(`"${first.properties.code}"`));
  assert.ok(exported('--at', '2026-01-01').includes(`"${first.properties.code}"`));
});

test('addresses are imported, found while they are typed, and give a report its grid', async () => {
  const [feature] = all.features.filter(({ properties }) => properties.code === grids.far);
  const located = (await zone(grids.far)).body;
  const file = join(city.folder, 'places.csv');
  writeFileSync(file, `编码,名称,地址,类型,经度,纬度\nP1,枫桥新村,常熟市枫桥路18号,小区,${located.lon},${located.lat}\n`
    + 'P2,太远,远方路1号,小区,100,30\n');
  assert.ok(feature);
  const bad = run('import', 'place', file, ...city.database.options);
  assert.equal(bad.status, 1);
  assert.match(bad.stderr, /places\.csv:3: shape: The point lies in no grid/);
  assert.equal(run('import', 'place', file, ...city.database.options, '--good-rows').status, 0);
  const { items } = await city.anybody().read(`/api/addresses?q=${encodeURIComponent('枫桥路1')}`);
  assert.deepEqual(items.map(({ code, grid, kind }) => [code, grid, kind]), [['P1', grids.far, 'dwelling']]);
  const { number } = await city.anybody().write('/api/reports',
    { text: '下水道堵了', place_text: '枫桥新村门口' }, { 'Idempotency-Key': newKey() });
  const page = await (await city.signIn('dispatcher3')).read(`/api/matters/${number}`);
  assert.equal(page.grid, grids.far);
});

test('wrong usage says what to do', () => {
  assert.match(run('import', 'grid', 'x.dwg', ...city.database.options).stderr, /Cannot open/);
  const file = join(city.folder, 'x.dwg');
  writeFileSync(file, 'x');
  assert.match(run('import', 'grid', file, ...city.database.options).stderr, /\.geojson, \.csv, \.xlsx, \.shp or \.zip/);
  assert.match(importFile('x.csv', 'code\n1\n', '--map', 'colour=x').stderr, /FIELD=COLUMN/);
  assert.match(importFile('x.csv', 'code\n1\n', '--valid-from', '2020-01-01').stderr, /That day is past/);
  assert.equal(run('export', 'grid', ...city.database.where, '--as', 'dwg').status, 2);
  assert.ok(!existsSync(join(city.folder, 'x.html')));
});
