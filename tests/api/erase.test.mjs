// erase.test.mjs: personal data whose term is over goes everywhere a person could meet it, while the
// server serves; what is kept for a proceeding stays; proofs hold; and what somebody wrote or left as
// contact details never comes up in a log line, a figure or the body of an error.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { grids, run, startCity, until } from './city.mjs';

let city, desk, point;
before(async () => {
  city = await startCity('--no-limits');
  desk = await city.signIn('supervisor1', 'en');
  point = (await city.anybody().get(`/api/zones/grid/${grids.ours}`)).body;
});
after(() => city?.stop());

const done = (result) => {
  assert.equal(result.status, 0, result.stdout + result.stderr);
  return result.stdout;
};
const found = async (words) =>
  (await desk.read(`/api/search?q=${encodeURIComponent(words)}`)).items.length;

/** Matters of years ago, settled then. */
function bring(rows) {
  const map = { source: 'old', columns: { number: 'n', text: 't', reported: 'r', place: 'p', lon: 'x',
    lat: 'y', state: 's', ended: 'e', reply: 'a' }, states: { done: 'closed' }, units: {}, categories: {} };
  const table = join(city.folder, 'old.csv'), names = join(city.folder, 'old.json');
  writeFileSync(table, `n,t,r,p,x,y,s,e,a\r\n${rows.join('\r\n')}\r\n`);
  writeFileSync(names, JSON.stringify(map));
  done(run('import', 'matters', table, '--map', names, '--json', ...city.database.options));
}

/** Runs a command while nobody serves, for a file has one who writes. */
async function meanwhile(command) {
  city.child.kill('SIGTERM');
  await city.ended;
  command();
  await city.restart();
  desk = await city.signIn('supervisor1', 'en');
}

test('what is due goes from pages, search and files of the record; what is held stays', async () => {
  const at = `${point.lon + 0.00001234},${point.lat}`;
  await meanwhile(() => bring([`O-1,紫荆树旁的钱阿姨家漏水,2019-03-01,紫荆里七号,${at},done,2019-03-04,已修`,
    `O-2,银杏树旁的孙阿姨家漏水,2019-03-01,银杏里七号,${at},done,2019-03-04,已修`]));
  await until(async () => (await found('紫荆树')) === 1 && (await found('银杏树')) === 1);
  const [gone, kept] = await Promise.all(['紫荆树', '银杏树'].map(async (words) =>
    (await desk.read(`/api/search?q=${encodeURIComponent(words)}`)).items[0].number));
  await desk.write(`/api/matters/${kept}/step`, { action: 'hold', note: '行政复议需要' });
  assert.match(done(run('due', ...city.database.options)), /^words +1095 (days|天).* 1( |$|\D)/m);
  if (process.env.DB !== 'postgres') assert.match(run('due', '--run', ...city.database.options).stderr, /stop it first/);
  await meanwhile(() => done(run('due', '--run', ...city.database.options)));
  await until(async () => (await found('紫荆树')) === 0);
  assert.equal(await found('银杏树'), 1);
  const page = await desk.read(`/api/matters/${gone}`);
  assert.doesNotMatch(JSON.stringify(page), /紫荆|钱阿姨|七号/);
  assert.match(page.text, /erased/);
  assert.equal(page.timeline.at(-1).action, 'erase');
  assert.match(JSON.stringify(await desk.read(`/api/matters/${kept}`)), /银杏/);
  const auditor = await city.signIn('auditor1', 'en');
  const { items, terms } = await auditor.read('/api/personal/deletions');
  assert.ok(items.some((line) => line.what === 'words' && line.matters === 1 && line.days === 1095));
  assert.equal(terms.find((term) => term.what === 'file').days, 1825);
  assert.equal((await (await city.signIn('worker1')).get('/api/personal/deletions')).status, 403);
  done(run('verify', ...city.database.options));
});

test('each look at contact details is noted with who, what and why, and nothing else of it', async () => {
  const made = await city.anybody().write('/api/reports', { text: '雨水井盖松动', category: '0101',
    lon: point.lon, lat: point.lat, name: '周阿姨', phone: '19912340000' });
  const auditor = await city.signIn('auditor1', 'en');
  const noted = async () => (await auditor.read(`/api/personal-reads?number=${made.number}`)).items;
  const look = (purpose, reporter = 1) =>
    desk.post(`/api/matters/${made.number}/reveal`, { reporter, purpose });
  for (let n = 1; n <= 3; n++) {
    assert.equal((await look(`第 ${n} 次约时间`)).body.phone, '19912340000');
    const items = await noted();
    assert.equal(items.length, n);
    assert.equal(items[0].purpose, `第 ${n} 次约时间`);
    assert.equal(items[0].fields, 'name,phone');
    assert.doesNotMatch(JSON.stringify(items), /周阿姨|19912340000/);
  }
  for (const refused of [await look(''), await look('约时间', 2)]) assert.ok(refused.status >= 400);
  await desk.read(`/api/matters/${made.number}`);
  assert.equal((await noted()).length, 3, 'masked pages are not unmasked');
});

test('marks planted in every field that people fill in come up in no log, figure or error', async () => {
  const mark = '墨鱼暗号', phone = '19987654321';
  const anybody = city.anybody();
  const made = await anybody.write('/api/reports', { text: `${mark}路灯不亮`, category: '0101',
    place_text: `${mark}弄`, lon: point.lon, lat: point.lat, name: mark, phone });
  const reporter = city.reporter(made.code);
  await reporter.write('/api/receipt/message', { text: `${mark}还在吗` });
  await desk.write(`/api/matters/${made.number}/step`, { action: 'hold', note: `${mark}需要` });
  await desk.write(`/api/matters/${made.number}/reveal`, { reporter: 1, purpose: '约时间上门' });
  const errors = [
    await anybody.post('/api/reports', { text: mark, category: mark, phone, name: mark }),
    await anybody.post('/api/reports', { text: `${mark}坏了`, phone: `${phone}${mark}`, lon: 500, lat: 1 }),
    await anybody.post('/api/login', { username: mark, password: mark }),
    await reporter.post('/api/receipt/rate', { score: 9, text: mark }),
    await desk.post(`/api/matters/${made.number}/step`, { action: 'hold', note: mark }),
    await desk.post(`/api/matters/${made.number}/reveal`, { reporter: 7, purpose: mark }),
    await anybody.get(`/api/addresses?q=${encodeURIComponent(mark)}&x=${phone}`),
  ];
  const holds = new RegExp(`${mark}|${phone}|${encodeURIComponent(mark)}`);
  for (const { status, body } of errors) {
    assert.ok(status >= 400, JSON.stringify(body));
    assert.doesNotMatch(JSON.stringify(body), holds);
  }
  const figures = await fetch(`${city.base}/metrics`);
  assert.doesNotMatch(await figures.text(), holds);
  assert.doesNotMatch(city.log, holds);
});
