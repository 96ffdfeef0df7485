// search.test.mjs: people at their desks find matters by words and by number, as soon as they are
// reported, only those they may read, newest first and page by page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { grids, refused, startCity } from './city.mjs';

let city, anybody, desk, elsewhere;
before(async () => {
  city = await startCity('--no-limits');
  anybody = city.anybody();
  [desk, elsewhere] = await Promise.all(['dispatcher1', 'dispatcher4'].map((name) => city.signIn(name)));
});
after(() => city?.stop());

const report = (text, more = {}) => anybody.write('/api/reports',
  { text, grid: grids.ours, place_text: '大儒巷', ...more });
const search = (who, q, after) => who.read(`/api/search?q=${encodeURIComponent(q)}${after ? `&after=${after}` : ''}`);
const numbers = async (who, q) => (await search(who, q)).items.map((m) => m.number);
async function soon(who, q, number) {
  for (let waited = 0; waited < 5000; waited += 100) {
    if ((await numbers(who, q)).includes(number)) return;
    await sleep(100);
  }
  throw new Error(`${q} does not find ${number}`);
}

test('a new report is found by its words, its place and its number', async () => {
  const { number } = await report('甪直小区三栋电梯停运，䶮先生被困', { place_text: '钮家巷38号B座' });
  await soon(desk, '电梯停运', number);
  for (const q of ['甪直', '䶮先', '电梯', '停运 甪直', '钮家巷38号', '３８号Ｂ座', '钮家巷 电梯']) {
    assert.ok((await numbers(desk, q)).includes(number), q);
  }
  for (const q of [number, number.toLowerCase(), number.replaceAll('-', ''), ` ${number} `]) {
    assert.deepEqual(await numbers(desk, q), [number], q);
  }
  assert.deepEqual(await numbers(desk, '电停'), []);
});

test('only those who may read it find it, whatever they look for', async () => {
  const { number } = await report('旗杆倾斜危险独一无二');
  await soon(desk, '旗杆倾斜', number);
  assert.deepEqual(await numbers(elsewhere, '旗杆倾斜'), []);
  assert.deepEqual(await numbers(elsewhere, number), []);
  assert.deepEqual(await numbers(await city.signIn('clerk3'), '旗杆倾斜'), []);
  refused(await anybody.get('/api/search?q=%E6%97%97%E6%9D%86'), 401, 'login');
  const wall = await city.signIn('wall1');
  refused(await wall.get('/api/search?q=%E6%97%97%E6%9D%86'), 403, 'denied');
});

test('what the reporter may read is searched, what colleagues write among themselves is not', async () => {
  const receipt = await report('楼道堆满杂物，绿化带也枯死', { category: '0101' });
  await city.reporter(receipt.code).write('/api/receipt/message', { text: '补充：紫藤架也倒了' });
  await soon(desk, '紫藤架', receipt.number);
  const worker = await city.signIn('worker1');
  await worker.step(receipt.number, 'take', { note: '内部备注铁线莲' });
  const next = await report('另一件事凌霄花');
  await soon(desk, '凌霄花', next.number);
  assert.deepEqual(await numbers(desk, '铁线莲'), []);
});

test('pages come newest first and miss nothing', async () => {
  const made = [];
  for (let i = 0; i < 60; i++) made.unshift((await report(`金鸡路面塌陷第${i}处`)).number);
  await soon(desk, '金鸡路面', made[0]);
  const first = await search(desk, '路面塌陷');
  assert.equal(first.items.length, 50);
  const second = await search(desk, '路面塌陷', first.next);
  const all = [...first.items, ...second.items].map((m) => m.number)
    .filter((n) => made.includes(n));
  assert.deepEqual(all, made);
  assert.equal(new Set(all).size, 60);
});

test('nothing typed is an error but too little of it', async () => {
  for (const q of ['路', 'a', '。。', '"', '***', '　 ']) {
    const { message } = refused(await desk.get(`/api/search?q=${encodeURIComponent(q)}`), 422, 'input', 'q');
    assert.match(message, /两个字/);
  }
  for (const q of ['"路灯" OR NOT', 'NEAR(路灯, 3)', "';--",
    'text:路灯^*', '路灯\\', '()路灯()', '路灯\n灯', '🌲路灯']) {
    const answer = await desk.get(`/api/search?q=${encodeURIComponent(q)}`);
    assert.ok(answer.status === 200 || (answer.status === 422 && answer.body.field === 'q'), `${q}: ${answer.text}`);
  }
  refused(await desk.get(`/api/search?q=${'路灯'.repeat(120)}`), 422, 'input', 'q');
  refused(await desk.get('/api/search'), 422, 'input', 'q');
  refused(await desk.get('/api/search?q=%E8%B7%AF%E7%81%AF&after=x'), 422, 'input', 'after');
  const english = await city.signIn('dispatcher1', 'en');
  assert.match(refused(await english.get('/api/search?q=a'), 422, 'input', 'q').message, /two characters/);
});
