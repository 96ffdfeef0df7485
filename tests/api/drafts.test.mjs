// drafts.test.mjs: boundaries are redrawn in drafts: faults are told for each feature, colleagues of
// the same desk see them, and the one who may puts them in force; past days keep their grids.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { grids, newKey, refused, run, startCity, until } from './city.mjs';

let city, county, lead, admin;
before(async () => {
  city = await startCity('--no-limits');
  county = await city.signIn('dispatcher2', 'en');
  lead = await city.signIn('supervisor1', 'en');
  admin = await city.signIn('admin1', 'en');
});
after(() => city?.stop());

const zone = (code, at) => city.anybody('en')
  .get(`/api/zones/grid/${code}${at === undefined ? '' : `?at=${at}`}`);

/** The grid cut into a western and an eastern half, along a line of longitude. */
function halves({ geometry }) {
  const ring = geometry.coordinates[0][0];
  const lons = ring.map(([lon]) => lon);
  const middle = (Math.min(...lons) + Math.max(...lons)) / 2;
  const cut = (keep) => {
    const out = [];
    for (let i = 0; i + 1 < ring.length; i++) {
      const [a, b] = [ring[i], ring[i + 1]];
      if (keep(a[0], middle)) out.push(a);
      if (keep(a[0], middle) !== keep(b[0], middle)) {
        out.push([middle, a[1] + ((middle - a[0]) / (b[0] - a[0])) * (b[1] - a[1])]);
      }
    }
    return { type: 'Polygon', coordinates: [[...out, out[0]]] };
  };
  return [cut((x, m) => x < m), cut((x, m) => x > m)];
}
const feature = (code, geometry, more = {}) => ({
  type: 'Feature', properties: { code, ...more }, geometry,
});
const collection = (...features) => JSON.stringify({ type: 'FeatureCollection', features });

test('a zone is shown as it is, and was; what never was is missing', async () => {
  const { body } = await zone(grids.ours);
  assert.equal(body.code, grids.ours);
  assert.equal(body.parent, '320508018023');
  assert.match(body.parent_name, /大儒巷/);
  assert.equal(body.geometry.type, 'MultiPolygon');
  assert.ok(body.area_m2 > 1000);
  refused(await zone('320508018023999'), 404, 'missing', 'code');
  refused(await city.anybody().get('/api/zones/street/1'), 422, 'input', 'layer');
});

test('faults are told for each feature, in the reader\'s language, and the draft is kept', async () => {
  const { body: { geometry } } = await zone(grids.ours);
  const bow = { type: 'Polygon',
    coordinates: [[[120.6, 31.3], [120.61, 31.31], [120.61, 31.3], [120.6, 31.31],
      [120.6, 31.3]]] };
  const kept = await county.write('/api/drafts', { kind: 'grid', name: 'try', body: collection(
    feature('320508018023777', bow, { name: 'bow tie' }),
    feature('320508018023778', geometry, { name: 'twice' }),
    feature('32050801802', geometry, { name: 'short' }),
    feature('320599999999001', geometry, { name: 'nowhere' })) });
  assert.deepEqual(kept.faults.map(({ row, code, field }) => [row, code, field]), [
    [1, '320508018023777', 'shape'], [2, '320508018023778', 'shape'], [3, undefined, 'code'],
    [4, '320599999999001', 'code']]);
  assert.match(kept.faults.find(({ row }) => row === 1).message, /crosses itself near longitude 120\.605\d*, latitude 31\.305\d*, .* correct it where it was drawn/);
  assert.match(kept.faults.find(({ row }) => row === 2).message, /Lies over 320508018023001/);
  const shown = await (await city.signIn('dispatcher2')).read(`/api/drafts/${kept.id}`);
  assert.match(shown.faults.find(({ row }) => row === 3).message, /网格编码为 15 位/);
  assert.equal(JSON.parse(shown.body).features.length, 4);
  assert.match(shown.faults.find(({ row }) => row === 1).message, /^边界自相交\(经度 120\.605.*改正后重新导入$/);
  const no = refused(await lead.post(`/api/drafts/${kept.id}/publish`, { changed: kept.changed }), 422,
    'input', 'draft');
  const told = kept.faults.map(({ message }) => message);
  assert.ok(told.some((m) => no.message.endsWith(m)), `the whole of a fault with its remedy: ${no.message}`);
  await county.write(`/api/drafts/${kept.id}/remove`);
  refused(await county.get(`/api/drafts/${kept.id}`), 404, 'missing', 'id');
});

test('who changes a draft that somebody else has changed meanwhile is told, and overwrites nothing', async () => {
  const { body: { geometry, name } } = await zone(grids.ours);
  const draft = { kind: 'grid', name: 'two hands', body: collection(feature(grids.ours, geometry, { name })) };
  const first = await county.write('/api/drafts', draft);
  const { id, changed } = first;
  const key = { 'Idempotency-Key': newKey() };
  const mine = { ...draft, id, changed, name: 'one hand' };
  const saved = await county.call('POST', '/api/drafts', mine, key);
  assert.ok(saved.body.changed > changed);
  refused(await county.post('/api/drafts', { ...draft, id, changed, name: 'the other' }), 409, 'conflict', 'changed');
  assert.equal((await county.call('POST', '/api/drafts', mine, key)).status, 200, 'the same once more is the same');
  const blind = refused(await county.post('/api/drafts', { ...draft, id, name: 'blind' }), 422, 'input', 'changed');
  assert.match(blind.message, /send "changed" as the draft shows it/);
  refused(await lead.post(`/api/drafts/${id}/publish`, {}), 422, 'input', 'changed');
  assert.equal((await county.read(`/api/drafts/${id}`)).name, 'one hand');
  await county.write(`/api/drafts/${id}/remove`);
});

test('a text that is no GeoJSON is refused, and so is a kind that a draft does not have', async () => {
  refused(await county.post('/api/drafts', { kind: 'grid', name: 'x', body: 'no json' }), 422,
    'input', 'file');
  refused(await county.post('/api/drafts', { kind: 'division', name: 'x', body: '{}' }), 422,
    'input', 'kind');
  refused(await county.post('/api/drafts', { kind: 'rule', name: 'x', body: 'code\n' }), 403,
    'denied', 'kind');
});

test('who works elsewhere sees no draft, and nobody drafts beyond the territory', async () => {
  const { body: { geometry } } = await zone(grids.far);
  const mine = await county.write('/api/drafts', { kind: 'grid', name: 'far', body: collection(
    feature(grids.far, geometry)) });
  assert.match(mine.faults[0].message, /Outside of your territory/);
  const other = await city.signIn('dispatcher5', 'en');
  refused(await other.get(`/api/drafts/${mine.id}`), 404, 'missing', 'id');
  assert.deepEqual((await other.read('/api/drafts')).items, []);
  const town = await city.signIn('dispatcher1', 'en');
  assert.deepEqual((await town.read('/api/drafts')).items, []);
  refused(await town.get(`/api/drafts/${mine.id}`), 404, 'missing', 'id');
  refused(await town.post('/api/drafts', { kind: 'grid', name: 'x', body: mine.body }), 403,
    'denied', undefined);
  refused(await (await city.signIn('worker1')).get('/api/drafts'), 403, 'denied', undefined);
  refused(await county.post(`/api/drafts/${mine.id}/publish`, { changed: mine.changed }), 403,
    'denied', undefined);
  const seen = (await admin.read('/api/drafts')).items.find(({ id }) => id === mine.id);
  assert.deepEqual([seen.may_publish, seen.state], [true, 'faulty'], 'the list tells that it cannot be put in force yet');
  assert.equal((await county.read('/api/drafts')).items[0].may_publish, false);
});

test('nobody redraws ground of the next county by an outline of their own', async () => {
  const all = JSON.parse(run('export', 'grid', ...city.database.where).stdout).features;
  const owners = new Map(); // of each vertex
  for (const f of all) {
    for (const p of f.geometry.coordinates[0][0]) owners.set(`${p}`, [...(owners.get(`${p}`) ?? []), f]);
  }
  const ofCounty = (f, is) => f.properties.code.startsWith('320508') === is;
  const [at, sharing] = [...owners].find(([, fs]) =>
    [true, false].every((is) => fs.some((f) => ofCounty(f, is))));
  const [mine, theirs] = [true, false].map((is) => sharing.find((f) => ofCounty(f, is)));
  const other = theirs.geometry.coordinates[0][0];
  const middle = [0, 1].map((k) => other.reduce((sum, p) => sum + p[k], 0) / other.length);
  const geometry = { type: 'Polygon', coordinates: [mine.geometry.coordinates[0][0].map((p) =>
    (`${p}` === at ? p.map((v, k) => v + 0.4 * (middle[k] - v)) : p))] };
  const draft = await county.write('/api/drafts', { kind: 'grid', name: 'over', body: collection(
    feature(mine.properties.code, geometry, { name: mine.properties.name })) });
  assert.match(draft.faults.map(({ message }) => message).join(), /two claim this ground/);
  refused(await lead.post(`/api/drafts/${draft.id}/publish`, { changed: draft.changed }), 422, 'input', 'draft');
  await county.write(`/api/drafts/${draft.id}/remove`);
});

test('a grid is split by a draft: new from now on, whole on the days before', async () => {
  const before = Date.now();
  const { body: whole } = await zone(grids.ours);
  const [west, east] = halves(whole);
  const draft = await county.write('/api/drafts', { kind: 'grid', name: '拆分', body: collection(
    feature(grids.ours, west), feature('320508018023777', east, { name: '大儒巷东' })) });
  assert.deepEqual(draft.faults, []);
  assert.equal(draft.added, 1);
  assert.equal(draft.altered, 1);
  const again = await county.write('/api/drafts', { id: draft.id, changed: draft.changed, kind: 'grid',
    name: '拆分二', body: draft.body });
  assert.equal(again.id, draft.id);
  refused(await lead.post(`/api/drafts/${draft.id}/publish`, { changed: draft.changed }), 409,
    'conflict', 'changed');
  refused(await lead.post(`/api/drafts/${draft.id}/publish`, { changed: again.changed,
    valid_from: before - 3 * 86400_000 }), 422, 'input', 'valid_from');
  const done = await lead.write(`/api/drafts/${draft.id}/publish`, { changed: again.changed });
  assert.ok(done.version >= 1);
  await until(async () => (await zone('320508018023777')).status === 200);
  const { body: half } = await zone(grids.ours);
  assert.ok(Math.abs(half.area_m2 - whole.area_m2) > 0.2 * whole.area_m2);
  assert.equal((await zone(grids.ours, before)).body.area_m2, whole.area_m2);
  assert.equal((await zone('320508018023777', before)).status, 404);
  const inside = east.coordinates[0].reduce(([x, y], [lon, lat], _, all) =>
    [x + lon / all.length, y + lat / all.length], [0, 0]);
  const located = async () => (await city.anybody()
    .read(`/api/locate?lon=${inside[0]}&lat=${inside[1]}`)).grid;
  await until(async () => (await located()) === '320508018023777');
  assert.equal(await located(), '320508018023777');
  const kept = await county.read(`/api/drafts/${draft.id}`);
  assert.equal(kept.version, done.version);
  assert.equal(kept.valid_from, done.valid_from);
  refused(await lead.post(`/api/drafts/${draft.id}/publish`, { changed: again.changed }), 409, 'conflict', 'id');
  refused(await county.post('/api/drafts', { id: draft.id, kind: 'grid', name: 'x', body: kept.body }),
    409, 'conflict', 'id');
});

test('a draft tells what is to be put in order with it, and matters left behind are moved', async () => {
  const [east, west] = ['320508018023777', grids.ours];
  const { body: from } = await zone(east);
  const { body: into } = await zone(west);
  const place = { lon: from.lon, lat: from.lat };
  const sent = [];
  for (let i = 0; i < 3; i++) {
    sent.push(await city.anybody().write('/api/reports', { text: `路灯不亮${i}`, category: '0402', ...place }));
  }
  const number = (i) => sent[i].number;
  const union = { type: 'MultiPolygon',
    coordinates: [...into.geometry.coordinates, ...from.geometry.coordinates] };
  const draft = await lead.write('/api/drafts', { kind: 'grid', name: '并回', body: collection(
    feature(west, union), feature(east, from.geometry, { removed: true })) });
  assert.deepEqual(draft.faults, []);
  const matters = draft.effects.filter(({ kind }) => kind === 'matters');
  assert.deepEqual(matters.map(({ code, other, n }) => [code, other, n]), [[east, west, 3]]);
  assert.match(matters[0].text, /Open matters of 320508018023777 大儒巷东 that will lie in 320508018023001 .*: 3;/);
  assert.equal(draft.effects_total, draft.effects.length);
  await lead.write(`/api/drafts/${draft.id}/publish`, { changed: draft.changed });
  await until(async () => (await zone(east)).status !== 200);
  const left = async () => (await lead.read('/api/regrid')).items.filter(({ grid }) => grid === east);
  await until(async () => (await left()).length);
  assert.deepEqual(await left(), [{ grid: east, grid_name: '大儒巷东', gone: true, into: west,
    into_name: into.name, matters: 3 }]);
  refused(await county.post('/api/regrid', { note: '并回' }), 403, 'denied', undefined);
  refused(await lead.post('/api/regrid', {}), 422, 'input', 'note');
  refused(await (await city.signIn('supervisor3', 'en')).get('/api/regrid'), 403, 'denied', undefined);
  const done = await lead.write('/api/regrid', { note: '两个网格并回一个' });
  assert.ok(done.moved >= 3);
  assert.deepEqual(done.kept, []);
  assert.equal(done.ready, 0);
  assert.deepEqual(await left(), []);
  const { timeline, grid } = await lead.read(`/api/matters/${number(0)}`);
  assert.equal(timeline.at(-1).action, 'regrid');
  assert.equal(timeline.at(-1).note, '两个网格并回一个');
  assert.ok(grid === undefined || grid === west);
  assert.deepEqual(city.database.rows(`SELECT grid FROM matter WHERE number = '${number(1)}'`),
    [{ grid: Number(west) }]);
  refused(await lead.post(`/api/matters/${number(0)}/step`, { action: 'regrid', grid: west, note: 'x' }),
    409, 'step', undefined);
});

test('a version for later waits, and none may be put before it', async () => {
  const { body: { geometry } } = await zone(grids.next);
  const later = Date.now() + 30 * 86400_000;
  const draft = await lead.write('/api/drafts', { kind: 'grid', name: '改名', body: collection(
    feature(grids.next, geometry, { name: '新名网格' })) });
  await lead.write(`/api/drafts/${draft.id}/publish`, { changed: draft.changed, valid_from: later });
  assert.notEqual((await zone(grids.next)).body.name, '新名网格');
  assert.equal((await zone(grids.next, later)).body.name, '新名网格');
  assert.equal((await zone(grids.next)).body.valid_to, later);
  const other = await lead.write('/api/drafts', { kind: 'grid', name: '再改', body: collection(
    feature(grids.next, geometry, { name: '别名' })) });
  refused(await lead.post(`/api/drafts/${other.id}/publish`, { changed: other.changed }), 409,
    'conflict', 'valid_from');
  await lead.write(`/api/drafts/${other.id}/publish`, { changed: other.changed, valid_from: later });
  assert.equal((await zone(grids.next, later)).body.name, '别名');
});

test('outlines planned for a day are taken back together, the latest first', async () => {
  const later = (await zone(grids.next)).body.valid_to;
  const old = (await zone(grids.next)).body.name;
  const list = async (who) => (await who.read('/api/versions/grid')).items;
  const planned = (await list(lead)).filter((v) => v.state === 'planned');
  assert.deepEqual(planned.map((v) => [v.valid_from, v.may_take_back]),
    [[later, true], [later, true]]);
  assert.equal((await list(county))[0].may_take_back, false);
  refused(await county.post(`/api/versions/grid/${planned[0].version}/take_back`, { why: 'no right' }),
    403, 'denied', undefined);
  const { items } = await lead.write(`/api/versions/grid/${planned[1].version}/take_back`,
    { why: 'the street keeps its grid' });
  assert.deepEqual(items.slice(0, 2).map((v) => v.state), ['taken_back', 'taken_back']);
  assert.equal((await zone(grids.next, later)).body.name, old);
  assert.equal((await zone(grids.next)).body.valid_to, undefined);
  const drafts = (await lead.read('/api/drafts')).items.filter((d) => /^(改名|再改)$/.test(d.name));
  assert.deepEqual(drafts.map((d) => d.state), ['draft', 'draft']);
  const again = await lead.write(`/api/drafts/${drafts[0].id}/publish`, { changed: drafts[0].changed });
  assert.ok(again.version > planned[0].version);
});

test('routing rules are drafted and put in force by the city', async () => {
  const dispatcher = await city.signIn('dispatcher3', 'en');
  const rules = 'code,category,tier_min,origin,level,function,why,why_en\n'
    + 'all,,0,,community,desk,就地解决,Solved on the spot\n';
  const bad = await dispatcher.write('/api/drafts', { kind: 'rule', name: 'bad',
    body: rules.replace('community', 'village') });
  assert.equal(bad.faults[0].row, 2);
  const chinese = await city.signIn('dispatcher3');
  const cut = await chinese.write('/api/drafts', { kind: 'rule', name: 'cut', body: 'code,category\na,\n' });
  const lacks = cut.faults.find(({ field }) => field === 'level').message;
  assert.match(lacks, /^缺少 level 一列；/);
  const good = await dispatcher.write('/api/drafts', { kind: 'rule', name: 'simple', body: rules });
  assert.deepEqual(good.faults, []);
  refused(await dispatcher.post(`/api/drafts/${good.id}/publish`, { changed: good.changed }), 403,
    'denied', undefined);
  const done = await admin.write(`/api/drafts/${good.id}/publish`, { changed: good.changed,
    valid_from: Date.now() + 86400_000 });
  assert.equal(done.version, 2);
});

test('a draft drawn on an outline that was changed meanwhile undoes nothing unseen', async () => {
  const code = '320508018023002';
  const outlines = async () => JSON.parse((await county.get(`/api/layers/grid/${code}/outlines`)).text).features
    .find((f) => f.properties.code === code);
  const now = await outlines();
  /** The grid with one of its corners moved a little, into it. */
  const moved = (corner) => {
    const made = structuredClone(now);
    const ring = made.geometry.coordinates[0][0];
    const centre = [0, 1].map((i) => ring.reduce((sum, p) => sum + p[i], 0) / ring.length);
    ring[corner] = ring[corner].map((v, i) => Number((v + (centre[i] - v) * 0.01).toFixed(7)));
    if (corner === 0) ring[ring.length - 1] = ring[0];
    return made;
  };
  const keep = (name, f, more = {}) =>
    county.write('/api/drafts', { kind: 'grid', name, body: collection(f), ...more });
  const switchOn = (d) => lead.post(`/api/drafts/${d.id}/publish`, { changed: d.changed });
  const first = await keep('first', moved(1));
  const second = await keep('second', moved(3));
  assert.deepEqual([first.faults_total, second.faults_total], [0, 0], JSON.stringify(first.faults));
  assert.equal((await switchOn(second)).status, 200);
  await until(async () => (await outlines()).properties.drawn_on !== now.properties.drawn_on);
  const late = refused(await switchOn(first), 422, 'input', 'draft');
  assert.match(late.message, /changed since this was drawn, and this would undo it.* save it once more/);
  const shown = await county.read(`/api/drafts/${first.id}`);
  assert.deepEqual(shown.faults.map(({ code: of, field }) => [of, field]), [[code, 'drawn_on']]);
  const seen = await county.read(`/api/drafts/${second.id}`);
  assert.deepEqual(seen.faults, [], 'what is in force stands on itself');
  const again = await keep('first', { ...moved(1), properties: (await outlines()).properties },
    { id: first.id, changed: first.changed });
  assert.equal(again.faults_total, 0);
  assert.equal((await switchOn(again)).status, 200, 'whoever has looked may mean it');
});
