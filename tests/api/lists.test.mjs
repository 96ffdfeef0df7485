// lists.test.mjs: queues as people work through them: pages that lose and repeat nothing, filters,
// order, counts that agree with what is listed, and choosing among units and templates.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { grids, refused, startCity } from './city.mjs';
import { png } from './picture.mjs';

let city, anybody;
const p = {};
before(async () => {
  city = await startCity('--no-limits');
  anybody = city.anybody();
  const names = ['worker1', 'dispatcher1', 'dispatcher2', 'dispatcher3', 'clerk1', 'visitor1'];
  await Promise.all(
    names.map(async (name) => {
      p[name] = await city.signIn(name);
    }),
  );
  for (let i = 0; i < 24; i++) {
    await anybody.write('/api/reports', {
      text: `楼道杂物 ${i}`,
      category: i % 3 ? '0101' : '0402',
      grid: [grids.ours, grids.next, grids.far][i % 4 === 3 ? 2 : i % 2],
    });
  }
});
after(() => city?.stop());

async function pages(person, query, limit) {
  const rows = [];
  let after = '';
  for (let page = 0; page < 200; page++) {
    const next = after && `&after=${encodeURIComponent(after)}`;
    const answer = await person.read(`/api/matters?${query}&limit=${limit}${next}`);
    assert.ok(answer.items.length <= limit);
    rows.push(...answer.items);
    if (!answer.next) return rows;
    assert.ok(answer.items.length > 0, 'an empty page leads nowhere');
    after = answer.next;
  }
  throw new Error('it never ends');
}

for (const who of ['worker1', 'dispatcher1', 'dispatcher2', 'dispatcher3']) {
  for (const query of [
    'view=region',
    'view=region&order=new',
    'view=unit&order=new',
    'view=pool',
  ]) {
    test(`${who}, ${query}: small pages show the same as large ones, in order`, async () => {
      const all = (await pages(p[who], query, 100)).map((m) => m.number);
      const small = await pages(p[who], query, 7);
      assert.deepEqual(
        small.map((m) => m.number),
        all,
      );
      assert.equal(new Set(all).size, all.length);
      const key = query.includes('new') ? (m) => -m.created_ms : (m) => m.due_ms;
      for (let i = 1; i < small.length; i++) {
        assert.ok(key(small[i - 1]) <= key(small[i]), `row ${i}`);
      }
      if (query.startsWith('view=region')) assert.ok(all.length >= 4, `${all.length} rows`);
    });
  }
}

test('filters show exactly what they say', async () => {
  const all = await pages(p.dispatcher2, 'view=region&order=new', 100);
  const at = all[Math.floor(all.length / 2)].created_ms;
  const filters = {
    'category=04': (m) => m.category.startsWith('04'),
    'category=0101': (m) => m.category === '0101',
    'state=assigned': (m) => m.state === 'assigned',
    'tier=2': (m) => m.tier === 2,
    [`grid=${grids.ours}`]: (m) => m.grid === grids.ours,
    [`from_ms=${at}`]: (m) => m.created_ms >= at,
    [`to_ms=${at}`]: (m) => m.created_ms < at,
    'category=01&state=assigned&tier=2': (m) =>
      m.category.startsWith('01') && m.state === 'assigned' && m.tier === 2,
  };
  for (const [query, fits] of Object.entries(filters)) {
    const shown = await pages(p.dispatcher2, `view=region&order=new&${query}`, 5);
    assert.deepEqual(
      shown.map((m) => m.number),
      all.filter(fits).map((m) => m.number),
      query,
    );
    assert.ok(shown.length > 0, query);
  }
});

test("a grid's own list is for those whose territory it is in", async () => {
  const { items } = await p.worker1.read(`/api/matters?view=region&grid=${grids.ours}`);
  assert.ok(items.length > 0 && items.every((m) => m.grid === grids.ours));
  refused(await p.worker1.get(`/api/matters?view=region&grid=${grids.far}`), 404, 'missing');
  refused(await p.clerk1.get('/api/matters?view=region'), 403, 'denied', 'view');
  refused(await p.clerk1.get('/api/matters?view=unit&unit=320508018000'), 403, 'denied', 'unit');
});

test('counts agree with the lists', async () => {
  for (const who of ['worker1', 'dispatcher1', 'clerk1']) {
    const counts = await p[who].read('/api/counts');
    for (const view of ['mine', 'unit', 'pool', 'cohandle', 'ask', 'overdue']) {
      const listed = await pages(p[who], `view=${view}`, 50);
      assert.equal(counts[view], listed.length, `${who} ${view}`);
    }
  }
});

test('taking and answering moves a matter from list to list', async () => {
  const { number } = await anybody.write('/api/reports', { text: '楼道杂物', grid: grids.ours });
  const has = async (view) =>
    (await pages(p.worker1, `view=${view}`, 50)).some((m) => m.number === number);
  assert.deepEqual([await has('pool'), await has('unit'), await has('mine')], [true, true, false]);
  await p.worker1.step(number, 'take');
  assert.deepEqual([await has('pool'), await has('unit'), await has('mine')], [false, true, true]);
  await p.worker1.step(number, 'release', { note: '换人' });
  assert.deepEqual([await has('pool'), await has('unit'), await has('mine')], [true, true, false]);
});

test('units are found by name, level and function, those of the county first', async () => {
  const find = async (query) => (await p.dispatcher1.read(`/api/units?${query}`)).items;
  assert.ok((await find('q=大儒巷')).some((u) => u.unit === '320508018023'));
  const order = await find('function=order&area=320508');
  assert.equal(order[0].unit, p.clerk1.me.memberships[0].unit);
  assert.ok(order.every((u) => u.functions.split(' ').includes('order')));
  assert.ok((await find('level=5&q=社区')).every((u) => u.level === 5));
  assert.equal((await find('level=5')).length, 50);
  assert.deepEqual(await find('q=没有这样的单位'), []);
});

test("reply templates fit the category; names come in the reader's language", async () => {
  const { items } = await p.dispatcher1.read('/api/templates?category=0101');
  assert.ok(items.length > 0 && items.every((t) => t.title && t.text));
  const english = (await city.signIn('visitor1', 'en')).me;
  assert.doesNotMatch(english.memberships[0].unit_name, /\p{Script=Han}/u);
  assert.equal(english.memberships[0].role_name, 'Dispatcher');
});

test("a photo's token is good once", async () => {
  const answer = await anybody.call('POST', '/api/uploads', png(), { 'Content-Type': 'image/png' });
  const uploads = [answer.body.upload];
  await anybody.write('/api/reports', { text: '第一次用', grid: grids.ours, uploads });
  const again = await anybody.post('/api/reports', { text: '再用一次', grid: grids.ours, uploads });
  refused(again, 422, 'input', 'uploads');
});

test('reminding waits for half of the time; withdrawing, for nobody else to depend on it', async () => {
  const made = await anybody.write('/api/reports', { text: '楼道杂物', grid: grids.ours });
  const reporter = city.reporter(made.code);
  refused(await reporter.post('/api/receipt/urge'), 409, 'step');
  await anybody.write('/api/reports', { text: '我家也是', join: made.number });
  refused(await reporter.post('/api/receipt/withdraw', { text: '不用了' }), 409, 'step');
  refused(await reporter.post('/api/receipt/explode'), 422, 'input', 'action');
  refused(await reporter.post('/api/receipt/rate', { score: 6 }), 422, 'input', 'score');
  refused(await reporter.post('/api/receipt/rate', { score: 5 }), 409, 'step');
});

test('emergencies are told to call first and go to the county at once', async () => {
  const suggestion = await anybody.write('/api/suggest', { text: '厨房着火了，冒浓烟' });
  assert.deepEqual([suggestion.emergency, suggestion.hotline, suggestion.tier], [true, '119', 4]);
  const made = await anybody.write('/api/reports', {
    text: '厨房着火了，冒浓烟',
    grid: grids.ours,
  });
  const matter = await p.dispatcher2.read(`/api/matters/${made.number}`);
  assert.equal(matter.owner_name, p.dispatcher2.me.memberships[0].unit_name);
  assert.ok(matter.due_ms - matter.created_ms <= 3_600_000);
});

test("Chinese map coordinates lead to the same grid as the satellite's", async () => {
  const at = await anybody.read(`/api/grids/${grids.ours}`);
  const shift = { lon: at.lon + 0.00446, lat: at.lat - 0.00208 }; // about what GCJ-02 adds here
  const found = await anybody.read(`/api/locate?lon=${shift.lon}&lat=${shift.lat}&crs=gcj02`);
  assert.ok(Math.abs(found.lon - at.lon) < 0.001 && Math.abs(found.lat - at.lat) < 0.001);
  const made = await anybody.write('/api/reports', { text: '路灯不亮', ...shift, crs: 'gcj02' });
  const matter = await p.dispatcher2.read(`/api/matters/${made.number}`);
  assert.ok(Math.abs(matter.lon - found.lon) < 1e-6);
});

test('a place can be told in words alone', async () => {
  const made = await anybody.write('/api/reports', {
    text: '垃圾没人收',
    place_text: '平江街道大儒巷社区东门',
  });
  assert.match(made.place_name, /平江街道.*大儒巷/);
  const nowhere = await anybody.write('/api/reports', {
    text: '垃圾没人收',
    place_text: '村口那棵树下',
  });
  assert.equal(nowhere.owner_name, '苏州市综治中心');
});
