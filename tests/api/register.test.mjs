// register.test.mjs: committees of a territory, mediators, experts and studios; what everybody sees
// of a studio, and that small numbers cannot be had from it; the list to pay mediators by.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { grids, run, startCity } from './city.mjs';

const day = 86_400_000;
const studioCode = 'pj8jdj2026';
const reader = new URL('../tools/xlsx.py', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'fengqiao-register-'));
let city, chair, mediator, justice, community, labour, admin;
before(async () => {
  city = await startCity('--no-limits');
  [chair, mediator, justice, community, labour, admin] = await Promise.all(
    ['chief10', 'mediator1', 'mediator2', 'mediator3', 'clerk3', 'admin1'].map((name) =>
      city.signIn(name)),
  );
});
after(async () => {
  await city?.stop();
  rmSync(folder, { recursive: true, force: true });
});
const unitOf = (who) => who.me.memberships.find((m) => /调解委员会/.test(m.unit_name)).unit;
const show = (who, unit = unitOf(who)) => who.read(`/api/committees/${unit}`);
const span = `from_ms=${Date.now() - 200 * day}&to_ms=${Date.now() + day}`;

/** Disputes settled in a talk by the studio, called on, and closed; the numbers in the book run on. */
async function settled(n) {
  const studio = (await show(mediator)).studios[0].id;
  for (let i = 0; i < n; i++) {
    const { number } = await mediator.write('/api/disputes', { kind: '0201', source: 'apply',
      grid: grids.ours, text: '空调滴水吵架', parties: [{ side: 'applicant', name: '严阿三' },
        { side: 'respondent', name: '唐小芬' }] });
    const step = (action, more = {}) =>
      mediator.write(`/api/matters/${number}/step`, { action, ...more });
    for (const party of [1, 2]) {
      await step('consent', { party, how: 'in_person' });
      await step('tell_rights', { party, how: 'in_person' });
    }
    await step('accept');
    await step('name_mediator', { mediator: mediator.me.account, how: 'parties' });
    await step('to_studio', { studio });
    await step('agree_oral', { text: '接好水管' });
    if (i) await step('call_back', { reply: '水管接好，都满意' });
  }
}
/** A moment of the quarter before this one. */
function lastQuarter() {
  const now = new Date(Date.now() + 8 * 3600_000);
  return Date.UTC(now.getUTCFullYear(), Math.floor(now.getUTCMonth() / 3) * 3, 1) - 20 * day;
}

test('a list of committees says what the law wants of each, within the territory', async () => {
  const seen = await justice.read('/api/committees');
  const town = seen.committees.find((c) => c.unit === unitOf(mediator));
  assert.deepEqual([town.members, town.women, town.studios, town.own], [4, 2, 1, false]);
  assert.deepEqual(town.findings.map((f) => f.code), ['term_ends']);
  const other = seen.committees.find((c) => c.unit === unitOf(community));
  assert.deepEqual(other.findings.map((f) => f.code), ['members', 'woman', 'director', 'term_over']);
  assert.ok(seen.committees.every((c) => c.unit.startsWith('320508')));
  assert.deepEqual(new Set(seen.registered.map((r) => r.name)),
    new Set(['金巧云', '苏文远', '程瑞芝', '吴根生', '丁守义', '沈月娥']));
  const own = await community.read('/api/committees');
  assert.ok(own.committees.some((c) => c.own) && own.committees.length < seen.committees.length);
});

test('the register is changed by its committee, each change with who and when', async () => {
  const unit = unitOf(chair);
  const person = { name: '韩玉梅', kind: 'expert', skills: ['medical', 'traffic'],
    since_ms: Date.now() - day, to_ms: Date.now() + 900 * day };
  const path = `/api/committees/${unit}/people`;
  const key = { 'Idempotency-Key': 'once-and-only-once-register-0001' };
  await chair.call('POST', path, person, key);
  const view = (await chair.call('POST', path, person, key)).body;
  assert.equal(view.registered.filter((r) => r.name === '韩玉梅').length, 1, 'sent twice, there once');
  const row = view.registered.find((r) => r.name === '韩玉梅');
  assert.deepEqual([row.skills, row.in_force, row.account], ['medical traffic', true, '0']);
  assert.deepEqual([view.changes[0].what, view.changes[0].about, view.changes[0].by],
    ['person', '韩玉梅', '周慧敏']);
  const left = await chair.write(path, { ...person, id: row.id, to_ms: Date.now() - 1 });
  assert.equal(left.registered.find((r) => r.id === row.id).in_force, false);
  assert.equal(left.changes.length, view.changes.length + 1);
  for (const [who, status] of [[community, 404], [labour, 403]])
    assert.equal((await who.post(path, person)).status, status);
  const field = async (more) => (await chair.post(path, { ...person, ...more })).body.field;
  assert.equal(await field({ skills: ['cooking'] }), 'skills');
  assert.equal(await field({ to_ms: 5 }), 'to_ms');
  assert.equal(await field({ account: labour.me.account }), 'account');
  assert.equal(await field({ account: mediator.me.account }), 'account');
  assert.equal(await field({ studio: '77' }), 'studio');
  assert.equal(await field({ id: '77' }), 'id');
  const seen = await labour.read(`/api/committees/${unit}`);
  assert.deepEqual([seen.changes, seen.colleagues, seen.may_change], [[], [], false]);
});

test('only who is in the register now is named in a dispute', async () => {
  const unit = unitOf(mediator);
  const row = (await show(chair)).registered.find((r) => r.account === mediator.me.account);
  const { name, kind, since_ms } = row;
  const put = (to_ms) => chair.write(`/api/committees/${unit}/people`,
    { id: row.id, account: row.account, name, kind, since_ms, to_ms, studio: row.studio,
      published: true });
  const made = await mediator.write('/api/disputes', { kind: '0201', source: 'apply',
    grid: grids.ours, text: '楼上滴水', parties: [{ side: 'applicant', name: '王一' }] });
  const naming = () => mediator.post(`/api/matters/${made.number}/step`,
    { action: 'name_mediator', mediator: mediator.me.account, how: 'parties' });
  assert.equal((await put(Date.now() - 1)).mediators.length, 0);
  assert.equal((await naming()).body.field, 'mediator');
  assert.equal((await put(row.to_ms)).mediators[0].name, '金巧云');
  assert.equal((await naming()).status, 200);
});

const page = async (code = studioCode) => city.anybody().read(`/api/studios/${code}`);
const shown = (p) => p.quarters.filter((q) => q.agreements !== undefined);

test('everybody sees a studio by its code: the studio’s figures, not those of anybody', async () => {
  const p = await page();
  assert.equal(p.name, '金大姐调解工作室');
  assert.deepEqual(p.members.map((m) => Object.keys(m).sort()), [['kind', 'name'], ['kind', 'name']]);
  assert.deepEqual(p.members.map((m) => m.name), ['金巧云', '吴根生']);
  assert.deepEqual(shown(p), []);
  await settled(12);
  city.database.change(`UPDATE dispute SET effective_ms = ${lastQuarter()}, amount_fen = 10000
    WHERE studio <> 0`);
  const then = new Date(lastQuarter() + 8 * 3600_000);
  const [studio] = (await show(mediator)).studios;
  await mediator.write(`/api/committees/${unitOf(mediator)}/households`, { studio: studio.id,
    year: then.getUTCFullYear(), quarter: Math.floor(then.getUTCMonth() / 3) + 1,
    households: 340 });
  const [quarter] = shown(await page());
  assert.deepEqual([quarter.agreements, quarter.amount, quarter.areas, quarter.households],
    [12, 1200, 1, 340]);
  assert.equal(p.households, 6200);
  assert.equal((await city.anybody().get('/api/studios/nosuchcode')).status, 404);
});

test('what would tell of few agreements is not shown, neither alone nor as a difference', async () => {
  const unit = unitOf(mediator);
  const ids = city.database.rows(`SELECT matter FROM dispute WHERE studio <> 0 ORDER BY matter`);
  const move = (n, studio) => city.database.change(`UPDATE dispute SET studio = ${studio}
    WHERE matter IN (${ids.slice(0, n).map((r) => r.matter).join(',')})`);
  const studio = city.database.rows(`SELECT id FROM studio WHERE code = '${studioCode}'`)[0].id;
  assert.equal(shown(await page()).length, 1);
  move(1, 0); // eleven of twelve: the committee's total less the studio's would be one
  const figures = await city.anybody().read(`/api/committees/${unit}/figures`);
  assert.equal(figures.quarters.find((q) => q.agreements !== undefined).agreements, 12);
  assert.equal(shown(await page()).length, 0);
  move(3, 0); // nine
  assert.equal(shown(await page()).length, 0);
  move(3, studio);
  assert.equal(shown(await page()).length, 1);
});

test('a studio is registered, shown and closed by its committee', async () => {
  const unit = unitOf(chair);
  const studio = { name: '物业纠纷工作室', about: '调解物业纠纷', hours: '周二下午', place: '二楼',
    households: 100 };
  const view = await chair.write(`/api/committees/${unit}/studios`, studio);
  const made = view.studios.find((s) => s.name === studio.name);
  assert.match(made.code, /^[a-z2-9]{10}$/);
  assert.equal((await page(made.code)).about, studio.about);
  const many = await chair.post(`/api/committees/${unit}/households`,
    { studio: made.id, year: 2026, quarter: 1, households: 101 });
  assert.equal(many.body.field, 'households');
  await chair.write(`/api/committees/${unit}/studios`, { ...studio, id: made.id, ended: true });
  assert.equal((await city.anybody().get(`/api/studios/${made.code}`)).status, 404);
  const dispute = await mediator.write('/api/disputes', { kind: '0402', source: 'apply', grid: grids.ours,
    text: '物业费交不交', parties: [{ side: 'applicant', name: '王一' }] });
  const given = (id) =>
    mediator.post(`/api/matters/${dispute.number}/step`, { action: 'to_studio', studio: id });
  assert.equal((await given(made.id)).body.field, 'studio');
  assert.equal((await given(view.studios.find((s) => s.code === studioCode).id)).status, 200);
  assert.equal((await mediator.read(`/api/disputes/${dispute.number}`)).studio_name, '金大姐调解工作室');
});

test('the list to pay by is for the chair and the county’s justice office alone', async () => {
  for (const who of [community, labour])
    assert.equal((await who.get(`/api/statistics/subsidies?${span}`)).status, 403, who.me.username);
  const view = await chair.read(`/api/statistics/subsidies?${span}`);
  const all = await justice.read(`/api/statistics/subsidies?${span}`);
  assert.equal(view.items.length, 12);
  const rows = (v) => v.items.map((l) => [l.docket, l.why]);
  assert.deepEqual(rows(all), rows(view));
  assert.ok(view.items[0].number && !all.items[0].number, 'the file is the committee’s');
  const fits = (l) => l.rule_name === '镇街口头' || l.why.some((w) => w.code === 'no_rule');
  assert.ok(view.items.every(fits));
  assert.deepEqual(view.items.map((l) => l.shares.map((s) => s.name)), view.items.map(() => ['金巧云']));
  const numbers = view.items.map((l) => Number(/(\d+)号$/.exec(l.docket)[1]));
  const years = view.items.map((l) => Number(/\d{4}/.exec(l.docket)[0]));
  const places = view.items.map((_, i) => i);
  const inOrder = places.toSorted((a, b) => years[a] - years[b] || numbers[a] - numbers[b]);
  assert.deepEqual(inOrder, places, 'by number in the book');
  const codes = view.items.map((l) => l.why.map((w) => w.code));
  assert.deepEqual(codes[0], ['no_call_back', 'archive', 'no_rule'], 'open, not performed yet');
  assert.deepEqual(codes.slice(1), Array(11).fill(['archive']), 'closed, and not filed');
  assert.deepEqual([view.paid, view.amount], [0, 0]);
  assert.equal(JSON.stringify(view).includes('严阿三'), false, 'no party is named');
});

test('whoever the register names as director has the list of that committee, whatever the role', async () => {
  const unit = unitOf(community);
  const member = (name, post, more) => ({ name, post, ...more });
  const rest = [member('李二', 'member', { woman: true }), member('张三', 'member')];
  const set = (members) => community.write(`/api/committees/${unit}`, { short_name: '东一',
    kind: 'community', term_from_ms: Date.now() - 9 * 86_400_000, members });
  const asked = () => community.get(`/api/statistics/subsidies?${span}&unit=${unit}`);
  assert.equal((await asked()).status, 403);
  await set([member('王一', 'director', { account: community.me.account }), ...rest]);
  assert.equal((await asked()).status, 200);
  assert.ok((await community.read('/api/me')).can.includes('subsidy'));
  assert.equal((await community.get(`/api/statistics/subsidies?${span}&unit=${unitOf(chair)}`)).status, 403);
  await set([member('王一', 'director'), ...rest]);
  assert.equal((await asked()).status, 403);
});

test('the same leaves as a workbook and a table', async () => {
  const view = await chair.read(`/api/statistics/subsidies?${span}`);
  const rows = view.items.reduce((n, l) => n + Math.max(1, l.shares.length), 0);
  const csv = (await chair.get(`/api/statistics/subsidies/csv?${span}`)).text;
  assert.equal(csv.trimEnd().split('\r\n').length, 1 + rows);
  const file = await chair.get(`/api/statistics/subsidies/xlsx?${span}`);
  const path = join(folder, 'pay.xlsx');
  writeFileSync(path, file.bytes);
  const read = spawnSync('/usr/bin/python3', [reader, path], { encoding: 'utf8', maxBuffer: 64 << 20 });
  assert.equal(read.status, 0, read.stderr);
  const book = JSON.parse(read.stdout);
  assert.equal(book.cells.length, 3 + rows);
});

test('rules are the deployer’s table: checked row by row, in force from their day on', () => {
  const { where: options } = city.database;
  const table = run('export', 'subsidy', ...options).stdout;
  assert.match(table, /^code,name_en,level,class,form,outcome,performed,amount_fen/);
  const path = join(folder, 'subsidy.csv');
  writeFileSync(path, table.replace('镇街口头', '社区一般'));
  const wrong = run('import', 'subsidy', path, ...options);
  assert.notEqual(wrong.status, 0);
  assert.match(wrong.stdout + wrong.stderr, /used twice/);
  writeFileSync(path, table.replace(',5000,', ',7000,'));
  const done = run('import', 'subsidy', path, '--valid-from', '2099-01-01', ...options);
  assert.equal(done.status, 0, done.stdout + done.stderr);
});
