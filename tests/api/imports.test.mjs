// imports.test.mjs: layers imported at a desk: a file of any usual format is read in a process of its
// own and checked; what was found is shown by row and by community; it is put in force from a day on,
// whole or its good rows alone, or discarded; and whatever goes wrong leaves nothing behind.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { deflateRawSync } from 'node:zlib';
import { serverOf } from '../tools/server.mjs';
import { newKey, refused, run, startCity, until } from './city.mjs';
import { dbf, gbk, shp, xlsx, zip } from './files.mjs';

let city, all, boss, county;
const community = '320508018023';

before(async () => {
  city = await startCity('--no-limits');
  const done = run('export', 'grid', ...city.database.where);
  assert.equal(done.status, 0, done.stderr);
  all = JSON.parse(done.stdout);
  boss = await city.signIn('admin1', 'en');
  county = await city.signIn('supervisor1', 'en');
});
after(() => city?.stop());

const ours = () => structuredClone(all.features.filter((f) => f.properties.parent === community));
const collection = (features) => JSON.stringify({ type: 'FeatureCollection', features });
const rings = ({ geometry }) => geometry.coordinates.flat();
const wkt = (f) => `POLYGON((${rings(f)[0].map((p) => p.join(' ')).join(',')}))`;
const address = (q) => `/api/imports?${new URLSearchParams({ layer: 'grid', extent: 'part', ...q })}`;
const send = (name, content, q = {}, who = boss) =>
  who.call('POST', address({ name, ...q }), Buffer.from(content),
    { 'Content-Type': 'application/octet-stream' });
const sent = async (name, content, q, who = boss) => {
  const answer = await send(name, content, q, who);
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
};
const outcome = (id, who = boss) => who.read(`/api/imports/${id}/outcome`);
const zone = async (code, at) =>
  (await city.anybody('en').get(`/api/zones/grid/${code}${at ? `?at=${at}` : ''}`)).body;
const named = async (code, name) => {
  await until(async () => (await zone(code)).name === name);
  assert.equal((await zone(code)).name, name);
};
const renamed = (features, suffix) => {
  for (const f of features) f.properties.name = `${f.properties.name.slice(0, 8)}${suffix}`;
  return features;
};
const listed = async (id, who = boss) =>
  (await who.read('/api/imports')).items.find((row) => row.id === id);
const versions = async () => (await boss.read('/api/versions/grid')).items.length;

test('files of each format are checked, and put in force only when somebody says so', async () => {
  const head = ['网格编码', '网格名称'];
  const rows = (fs) => fs.map((f) => [f.properties.code, f.properties.name]);
  const [a, b, c, d] = ['甲', '乙', '丙', '丁'].map((s) => renamed(ours(), s));
  const files = {
    'a.geojson': [a, collection(a)],
    'b.zip': [b, zip({ 'b.shp': shp(b.map((f) => rings(f).map((r) => r.toReversed()))),
      'b.dbf': dbf(head, rows(b), gbk, 0x4d) })],
    'c.csv': [c, gbk(`${[...head, 'WKT'].join(',')}\r\n${c.map((f) =>
      `${f.properties.code},${f.properties.name},"${wkt(f)}"`).join('\r\n')}\r\n`)],
    'd.xlsx': [d, xlsx([[...head, '边界'], ...d.map((f) => [f.properties.code, f.properties.name, wkt(f)])])],
  };
  for (const [name, [features, content]] of Object.entries(files)) {
    const before = (await zone(features[0].properties.code)).name;
    const row = await sent(name, content);
    assert.equal(row.version, undefined);
    const found = await outcome(row.id);
    assert.deepEqual([found.rows, found.altered, found.bad, found.faults_total],
      [features.length, features.length, 0, 0], JSON.stringify(found.faults));
    assert.match(found.placing, /WGS-84/);
    assert.equal((await zone(features[0].properties.code)).name, before, 'nothing is in force yet');
    const done = await boss.write(`/api/imports/${row.id}/publish`, { checked: row.checked });
    assert.ok(done.version > 0);
    await named(features[0].properties.code, features[0].properties.name);
    assert.equal((await listed(row.id)).version, done.version);
    const version = (await boss.read('/api/versions/grid')).items.find((v) => v.version === done.version);
    assert.equal(version.made_by, boss.me.name);
    refused(await boss.post(`/api/imports/${row.id}/publish`, { checked: row.checked }), 409, 'conflict', 'id');
  }
});

test('faults are told by row in both languages; only the good rows go in when that is asked for', async () => {
  const [first, second] = renamed(ours(), '好');
  const csv = ['code,name,parent,shape',
    `${first.properties.code},${first.properties.name},,"${wkt(first)}"`,
    `${second.properties.code},两家,汀兰社区,"${wkt(second)}"`,
    `320508018023,短,,"${wkt(second)}"`, `${community}801,空,,`].join('\n');
  const row = await sent('bad.csv', csv);
  const found = await outcome(row.id);
  const fault = (n) => found.faults.find((f) => f.row === n);
  assert.match(fault(3).message, /two communities claim this grid; decide whose it is/);
  assert.match(fault(4).message, /A grid's code has 15 digits/);
  assert.match(fault(5).message, /There is no outline/);
  assert.deepEqual([found.bad, found.altered], [3, 1]);
  const chinese = await outcome(row.id, await city.signIn('admin1', 'zh-CN'));
  assert.match(chinese.faults.find((f) => f.row === 4).message, /网格编码为 15 位/);
  const before = await versions();
  refused(await boss.post(`/api/imports/${row.id}/publish`, { checked: row.checked }), 422, 'input', 'file');
  refused(await boss.post(`/api/imports/${row.id}/publish`, { checked: row.checked - 1, good_rows: true }),
    409, 'conflict', 'checked');
  assert.equal(await versions(), before);
  await boss.write(`/api/imports/${row.id}/publish`, { checked: row.checked, good_rows: true });
  await named(first.properties.code, first.properties.name);
  assert.notEqual((await zone(second.properties.code)).name, '两家');
});

test('a file without a single good row stays when its good rows are asked for', async () => {
  const [first] = ours();
  const code = first.properties.code;
  const row = await sent('none.csv', ['code,name,shape', `${code},甲,"${wkt(first)}"`, `${code},乙,"${wkt(first)}"`]
    .join('\n'));
  const { faults } = await outcome(row.id);
  assert.match(faults.find((f) => f.row === 2).message, /same code as in row 3/);
  assert.match(faults.find((f) => f.row === 3).message, /same code as in row 2/);
  const no = refused(await boss.post(`/api/imports/${row.id}/publish`, { checked: row.checked, good_rows: true }), 422,
    'input', 'good_rows');
  assert.match(no.message, /No row without faults changes anything/);
  assert.equal((await listed(row.id)).version, undefined);
  await boss.write(`/api/imports/${row.id}/discard`);
});

test('gaps and overlaps come with a picture of their community and all figures', async () => {
  const features = ours();
  const ring = features[0].geometry.coordinates[0][0];
  const middle = ring[Math.floor(ring.length / 2)];
  for (const p of ring) if (p[0] === middle[0] && p[1] === middle[1]) p[0] += 0.0012;
  const row = await sent('moved.geojson', collection(features));
  const found = await outcome(row.id);
  assert.ok(found.findings_total > 0 && found.findings[0].area_m2 > 0);
  assert.equal(found.findings[0].parent, community);
  const picture = found.pictures.find((p) => p.parent === community);
  assert.match(picture.zones, /^M[\d.]+ [\d.]+L/);
  assert.ok(picture.gaps || picture.overlaps);
  assert.ok(picture.gap_m2 + picture.overlap_m2 > 0);
  await boss.write(`/api/imports/${row.id}/discard`);
  assert.equal(await listed(row.id), undefined);
  refused(await boss.get(`/api/imports/${row.id}/outcome`), 404, 'missing', 'id');
});

test('a first day is kept: until then the old name stands, and a day that is past is refused', async () => {
  const day = (Math.floor(Date.now() / 86400000) + 40) * 86400000 - 8 * 3600000;
  const [grid] = renamed(ours(), '将');
  refused(await send('late.geojson', collection([grid]), { valid_from: Date.now() - 3 * 86400000 }), 422,
    'input', 'valid_from');
  const row = await sent('later.geojson', collection([grid]), { valid_from: day });
  assert.equal(row.valid_from, day);
  const done = await boss.write(`/api/imports/${row.id}/publish`, { checked: row.checked, valid_from: day });
  assert.equal(done.valid_from, day);
  assert.notEqual((await zone(grid.properties.code)).name, grid.properties.name);
  assert.equal((await zone(grid.properties.code, day + 1)).name, grid.properties.name);
  const early = await sent('early.geojson', collection(renamed([grid], '早')));
  refused(await boss.post(`/api/imports/${early.id}/publish`, { checked: early.checked }), 409, 'conflict',
    'valid_from');
  await boss.write(`/api/versions/grid/${done.version}/take_back`, { why: 'only a test' });
  const again = await boss.write(`/api/imports/${early.id}/check`);
  assert.ok(again.checked >= early.checked);
  await boss.write(`/api/imports/${early.id}/publish`, { checked: again.checked });
  await named(grid.properties.code, grid.properties.name);
});

test('a part taken for the whole is refused unless it is meant', async () => {
  const found = await outcome((await sent('few.geojson', collection(ours()), { extent: 'whole' })).id);
  assert.match(found.faults[0].message, /More than half of the layer, 12\d{3} zones/);
  assert.ok(found.removed > 12000);
  const meant = await outcome((await sent('few.geojson', collection(ours()), { extent: 'replace' })).id);
  assert.equal(meant.faults.some((f) => /More than half/.test(f.message)), false);
});

test('what is no layer, lies about itself or swells is refused with a remedy, and leaves nothing', async () => {
  const rows = (await boss.read('/api/imports')).items.length;
  const bomb = deflateRawSync(Buffer.alloc(160 << 20, '{"type":"FeatureCollection","features":['));
  const swelling = zip({ 'x.geojson': '' });
  const packed = packedZip('x.geojson', bomb, 160 << 20);
  const lying = shp(ours().map(rings));
  lying.writeInt32BE(0x7fffffff, 104); // the first record says it has four gigabytes
  const cases = [
    ['photo.geojson', '\xff\xd8\xff\xe0 no layer at all', 422, 'input'],
    ['cut.geojson', collection(ours()).slice(0, 2000), 422, 'input'],
    ['empty.zip', swelling, 422, 'input'],
    ['bomb.zip', packed, 413, 'too_large'],
    ['lie.zip', zip({ 'a.shp': lying, 'a.dbf': dbf(['code'], [['1']], gbk) }), 422, 'input'],
    ['damaged.xlsx', 'PK\x03\x04 and nothing more', 415, 'media'],
    ['nothing.csv', '', 422, 'input'],
    ['program.exe', 'MZ', 415, 'media'],
  ];
  for (const [name, content, status, code] of cases) {
    const answer = await send(name, content);
    assert.deepEqual([answer.status, answer.body.code], [status, code], `${name}: ${answer.text}`);
    assert.ok(answer.body.message.length > 10, name);
  }
  const odd = await send('odd.csv', 'code,name,shape\n1,x,"POLYGON((0 0,1 1,0 1,0 0))"', { encoding: 'EBCDIC-US' });
  refused(odd, 422, 'input', 'encoding');
  const mapped = await sent('mapped.csv', `nr,title,shape\n${ours().map((f) =>
    `${f.properties.code},${f.properties.name},"${wkt(f)}"`).join('\n')}`, { map: 'code=nr,name=title' });
  assert.equal((await outcome(mapped.id)).faults_total, 0);
  await boss.write(`/api/imports/${mapped.id}/discard`);
  assert.equal((await boss.read('/api/imports')).items.length, rows);
  assert.deepEqual(leftOver(), []);
});

test('an outline that is repeated hundreds of times is told, in bounded time', async () => {
  const { lon, lat } = await zone(`${community}001`);
  const outline = `POLYGON((${[[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]].map(([x, y]) =>
    `${lon + x * 1e-4} ${lat + y * 1e-4}`).join()}))`;
  const rows = Array.from({ length: 600 }, (_, i) =>
    `${community}${String(i + 100).padStart(3, '0')},同一处${i},"${outline}"`);
  const row = await sent('same.csv', ['code,name,shape', ...rows].join('\n'));
  const found = await outcome(row.id);
  assert.ok(found.faults.some((f) => /So many zones lie on one another/.test(f.message)));
  await boss.write(`/api/imports/${row.id}/discard`);
});

/** An archive whose one member is deflated and says how long it will be. */
function packedZip(name, data, size) {
  const whole = zip({ [name]: data });
  const end = whole.length - 22, central = whole.readUInt32LE(end + 16);
  for (const at of [8, central + 10]) whole.writeUInt16LE(8, at); // deflated
  for (const at of [22, central + 24]) whole.writeUInt32LE(size, at);
  return whole;
}
const leftOver = (folder = city.folder) =>
  readdirSync(folder, { recursive: true }).filter((f) => /\.file-/.test(f));

test('too large is refused before it is sent, and strangers are before theirs', async () => {
  const large = await headOnly(boss, 101 << 20);
  assert.equal(large.status, 413);
  assert.match(large.text, /100 MB/);
  assert.equal((await headOnly(city.anybody('en'), 1000)).status, 401);
  assert.equal((await headOnly(await city.signIn('worker1', 'en'), 1000)).status, 403);
  assert.equal((await headOnly({ headers: { ...boss.headers, 'X-CSRF': 'no' } }, 1000)).status, 403);
});

/** What is answered to a file of which only the head is sent. */
function headOnly(who, length) {
  return new Promise((done, failed) => {
    const r = request(city.base + address({ name: 'x.csv' }), { method: 'POST', headers: { ...who.headers,
      'Content-Length': length, 'Idempotency-Key': newKey() } }, (answer) => {
      let text = '';
      answer.on('data', (part) => { text += part; });
      answer.on('end', () => done({ status: answer.statusCode, text }));
    });
    r.on('error', failed);
    r.flushHeaders();
  });
}

/** A sender that has announced a file, and so has the place for files. */
async function slowSender() {
  const slow = request(city.base + address({ name: 'x.csv' }), { method: 'POST', headers: { ...boss.headers,
    'Content-Length': 5000, 'Idempotency-Key': newKey(), Expect: '100-continue' } });
  slow.on('error', () => {});
  slow.flushHeaders();
  await once(slow, 'continue');
  return slow;
}
/** Long before the library would end a silent connection by itself. */
async function placeIsFree() {
  const from = Date.now();
  await until(async () => (await send('a.csv', 'code\n1')).status !== 503);
  assert.ok(Date.now() - from < 10_000);
}

test('two at once: the second is told, and the place is free again when the first breaks off', async () => {
  const slow = await slowSender();
  slow.write('code,name\n');
  const answer = await send('a.csv', 'code\n1');
  refused(answer, 503, 'busy');
  assert.match(answer.body.message, /Another file is being checked/);
  slow.destroy();
  await placeIsFree();
});

test('the place is free again too when the last bytes and the end of the sender come as one', async () => {
  const slow = await slowSender();
  const server = serverOf(city.child);
  process.kill(server, 'SIGSTOP');
  slow.write('code,name\n', () => slow.destroy());
  await once(slow.socket, 'close');
  process.kill(server, 'SIGCONT');
  await placeIsFree();
});

test('the same upload sent again is the same import; another file under its key is refused', async () => {
  const key = { 'Idempotency-Key': newKey(), 'Content-Type': 'application/octet-stream' };
  const content = Buffer.from(collection(ours()));
  const post = (body) => boss.call('POST', address({ name: 'k.geojson' }), body, key);
  const first = (await post(content)).body;
  assert.equal((await post(content)).body.id, first.id);
  refused(await post(Buffer.from(collection(ours().slice(1)))), 409, 'key_reused');
  await boss.write(`/api/imports/${first.id}/discard`);
});

test('a county imports a part of its own, and sees no other county\'s', async () => {
  const foreign = all.features.find((f) => !f.properties.code.startsWith('320508'));
  refused(await send('w.geojson', collection(ours()), { extent: 'whole' }, county), 403, 'denied', 'extent');
  refused(await send('d.geojson', collection(ours()), { layer: 'division' }, county), 403, 'denied', 'layer');
  const own = await sent('o.geojson', collection(renamed(ours(), '区')), {}, county);
  await county.write(`/api/imports/${own.id}/publish`, { checked: own.checked });
  await named(`${community}001`, renamed(ours(), '区')[0].properties.name);
  const row = await sent('f.geojson', collection([foreign]), {}, county);
  assert.match((await outcome(row.id, county)).faults[0].message, /Outside of your territory/);
  assert.ok(await listed(row.id), 'the city sees it');
  const theirs = await sent('c.geojson', collection([foreign]));
  assert.equal(await listed(theirs.id, county), undefined);
  refused(await county.get(`/api/imports/${theirs.id}/outcome`), 404, 'missing', 'id');
});

test('a county does not take a neighbour\'s zone over', async () => {
  const done = run('export', 'police', ...city.database.where);
  const { features } = JSON.parse(done.stdout);
  const own = features.find((f) => f.properties.code.startsWith('320508'));
  const theirs = features.find((f) => !f.properties.code.startsWith('320508'));
  const row = await sent('p.geojson', collection([
    { ...own, properties: { ...own.properties, removed: 1 } },
    { ...own, properties: { ...own.properties, code: theirs.properties.code, name: '抢来的' } },
  ]), { layer: 'police' }, county);
  const { faults } = await outcome(row.id, county);
  assert.ok(faults.some((f) => /Outside of your territory/.test(f.message)), JSON.stringify(faults));
  refused(await county.post(`/api/imports/${row.id}/publish`, { checked: row.checked }), 422, 'input', 'file');
});

test('a county takes back what it planned itself', async () => {
  const row = await sent('later.geojson', collection(renamed(ours(), '将来')), {}, county);
  const published = await county.write(`/api/imports/${row.id}/publish`,
    { checked: row.checked, valid_from: Date.now() + 30 * 86_400_000 });
  const mine = async () => (await county.read('/api/versions/grid')).items
    .find((v) => v.version === published.version);
  assert.equal((await mine()).may_take_back, true);
  await county.write(`/api/versions/grid/${published.version}/take_back`, { why: '弄错了' });
  assert.equal((await mine()).state, 'taken_back');
  const { back } = await listed(row.id, county);
  assert.ok(back, 'and the list of uploads says so');
  const day = new Date(back + 8 * 3600_000).toISOString().slice(0, 10);
  for (const step of ['publish', 'discard', 'check']) {
    const no = refused(await county.post(`/api/imports/${row.id}/${step}`, {}), 409, 'conflict', 'id');
    assert.match(no.message, new RegExp(`taken back on ${day}; upload the file again`));
  }
});

test('whatever a file is called, no path comes of it', async () => {
  const files = () => readdirSync(city.folder, { recursive: true }).sort()
    .filter((name) => !/city\.db(-\w+)?$|search/.test(name));
  const before = files();
  const names = ['../../x.geojson', '/etc/x.geojson', '..\\x.geojson', 'con.geojson', 'a\nb.geojson',
    'a\u0000b.geojson', '\u202egnp.geojson', '😀.geojson', ' .geojson', `${'x'.repeat(10_000)}.geojson`,
    '%2e%2e%2fx.geojson', 'x.geojson/../../y.geojson', "'; DROP TABLE zone; --.geojson"];
  const made = [];
  for (const name of names) {
    const answer = await send(name, collection(renamed(ours(), '名')));
    assert.ok([200, 400, 422].includes(answer.status), `${name.slice(0, 40)}: ${answer.status} ${answer.text}`);
    if (answer.status === 200) made.push(answer.body.id);
  }
  const raw = await boss.call('POST', `${address({})}&name=%B9%E3%B3%A1.geojson`, Buffer.from('{}'),
    { 'Content-Type': 'application/octet-stream' });
  assert.equal(raw.status, 400, 'bytes that are no UTF-8');
  assert.deepEqual(files(), before);
  for (const id of made) await boss.write(`/api/imports/${id}/discard`);
  assert.ok(made.length >= 4);
});

test('a server killed in the middle of a file keeps nothing of it', async () => {
  const doomed = await startCity('--no-limits');
  const admin = await doomed.signIn('admin1', 'en');
  const half = request(doomed.base + address({ name: 'x.geojson' }), { method: 'POST', headers: {
    ...admin.headers, 'Content-Length': 1 << 20, 'Idempotency-Key': newKey() } });
  half.on('error', () => {});
  half.write(Buffer.alloc(1 << 19, ' '));
  await sleep(300);
  doomed.child.kill('SIGKILL');
  await doomed.ended;
  const next = await doomed.another('--no-limits');
  assert.deepEqual((await admin.at(next).read('/api/imports')).items, []);
  assert.deepEqual(leftOver(doomed.folder), []);
  await next.stop();
  doomed.database.drop();
  rmSync(doomed.folder, { recursive: true, force: true });
});
