// tally.test.mjs: statistics of mediation: every figure is the number of the disputes behind it; a
// committee sees its own, the justice office those of its county, everybody else totals of quarters
// that are over; and what leaves as a workbook or a table says the same.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { grids, lapse, run, startCity } from './city.mjs';

const day = 86_400_000;
const reader = new URL('../tools/xlsx.py', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'fengqiao-tally-'));
let city, community, town, justice, clerk;
before(async () => {
  city = await startCity('--no-limits');
  [community, town, justice, clerk] = await Promise.all(
    ['mediator3', 'mediator1', 'mediator2', 'clerk3'].map((name) => city.signIn(name)),
  );
  await lived();
});
after(async () => {
  await city?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const codes = () => new Map([[community, '320508018023'], [town, '320508018'], [justice, '320508']]);
/** The committee somebody mediates for. */
const unitOf = (who) =>
  String(city.database.rows(`SELECT id FROM unit WHERE code = '${codes().get(who)}-mediation'`)[0].id);
const span = () => `from_ms=${Date.now() - 300 * day}&to_ms=${Date.now() + day}`;
const table = (who, more = '') => who.read(`/api/statistics/disputes?${span()}${more}`);
const cells = (row) => Object.fromEntries(row.cells.map((c) => [c.figure, c.value]));
const sum = (v) => cells(v.rows.at(-1));

const parties = (...names) =>
  names.map((name, i) => ({ side: i ? 'respondent' : 'applicant', name, phone: `1990000100${i + 1}` }));
async function accepted(who, more) {
  const made = await who.write('/api/disputes', { source: 'apply', grid: grids.ours, ...more });
  for (const party of [1, 2]) {
    await step(who, made.number, 'consent', { party, how: 'in_person' });
    await step(who, made.number, 'tell_rights', { party, how: 'in_person' });
  }
  await step(who, made.number, 'accept');
  await step(who, made.number, 'name_mediator', { mediator: who.me.account, how: 'parties' });
  return made.number;
}
const step = (who, number, action, more = {}) =>
  who.write(`/api/matters/${number}/step`, { action, ...more });

/** Water, settled in a talk and called on; wages that the police hand over, agreed on in
 * writing and due; a quarrel still going on; and one that could not be settled. */
async function lived() {
  const water = { kind: '0201', text: '共用一口水表漏水', parties: parties('顾阿大', '沈小妹') };
  const talk = await accepted(community, water);
  await step(community, talk, 'agree_oral', { text: '各付一半' });
  await step(community, talk, 'call_back', { reply: '水表换好，都满意' });
  const noise = { type: 'neighbour', source: 'initiative', text: '夜里声音大',
    parties: parties('陆一', '钱二') };
  await accepted(community, noise);
  const land = await accepted(community, { ...noise, kind: '0901', type: undefined, source: 'apply' });
  await step(community, land, 'end', { reason: 'no_agreement', reply: '谈不拢，可以起诉' });
  const wages = await accepted(town, { kind: '0703', source: 'police', text: '拖欠三个月工资',
    office: '平江派出所', document: '平公调2号', reason: '双方愿意调解', parties: parties('周阿根', '明远装饰') });
  await step(town, wages, 'sitting', { text: '谈妥', result: 'agreed' });
  await step(town, wages, 'agree_written', { text: '分期付清', promises: [{ party: 2, what: '付清工资',
    amount: 9000, due_ms: Date.now() + 9 * day, way: '转账' }] });
  for (const party of [1, 2]) await step(town, wages, 'sign', { party, how: 'signature' });
  await step(town, wages, 'sign_mediator');
  await step(town, wages, 'seal');
}

/** So many more disputes of the community that ended in a talk. */
async function talks(n) {
  for (let i = 0; i < n; i++) {
    const number = await accepted(community, { kind: '0201', text: '共用一口水表漏水',
      parties: parties('顾阿大', '沈小妹') });
    await step(community, number, 'agree_oral', { text: '各付一半' });
  }
}

test('each figure is the number of disputes in the list behind it', async () => {
  for (const who of [community, town, justice]) {
    const v = await table(who);
    for (const row of v.rows) {
      for (const { word, listed } of v.figures) {
        const path = `/api/statistics/disputes/cases?${span()}&row=${row.key}&figure=${word}`;
        if (!listed) {
          assert.equal((await who.get(path)).status, 422);
          continue;
        }
        const list = await who.read(path);
        assert.equal(list.value, cells(row)[word], `${row.key} ${word}`);
        assert.equal(list.items.length, list.total);
        if (!['parties', 'amount'].includes(word)) assert.equal(list.total, list.value);
      }
    }
  }
});

test('what happened is what is counted', async () => {
  const has = (v, want) =>
    assert.deepEqual(Object.fromEntries(Object.keys(want).map((k) => [k, v[k]])), want);
  const own = sum(await table(community));
  has(own, { all: 3, agreed: 1, failed: 1, going_on: 1, parties: 6, amount: 0, by_initiative: 1,
    by_parties: 2, handed_over: 0, oral: 1, written: 0, performed: 1, confirmed: 0,
    neighbour: 2, land: 1 });
  const street = sum(await table(town));
  has(street, { all: 1, agreed: 1, going_on: 0, amount: 9000, handed_over: 1, by_police: 1,
    by_court: 0, oral: 0, written: 1, performed: 0, wages: 1 });
  const county = await table(justice, '&by=committee');
  const of = (who) => county.rows.find((row) => row.key === unitOf(who));
  assert.deepEqual(cells(of(community)), own);
  assert.deepEqual(cells(of(town)), street);
});

test('an agreement that was not kept counts as one, and that it was not kept, until another is', async () => {
  const figures = ['all', 'agreed', 'failed', 'going_on', 'amount', 'oral', 'written', 'performed', 'broken'];
  const before = sum(await table(town));
  const added = async () => {
    const now = sum(await table(town));
    return Object.fromEntries(figures.map((f) => [f, now[f] - before[f]]));
  };
  const number = await accepted(town, { type: 'neighbour', text: '漏水赔多少', parties: parties('孙三', '李四') });
  const agreed = async (amount) => {
    await step(town, number, 'sitting', { text: '谈妥', result: 'agreed' });
    await step(town, number, 'agree_written', { text: '赔钱', promises: [{ party: 2, what: '付清赔款',
      amount, due_ms: Date.now() + 9 * day, way: '转账' }] });
    for (const party of [1, 2]) await step(town, number, 'sign', { party, how: 'signature' });
    await step(town, number, 'sign_mediator');
    await step(town, number, 'seal');
  };
  const broken = async (promise) => {
    lapse(city, number, promise);
    await step(town, number, 'broken', { promise, note: '没有付' });
  };
  await agreed(900);
  await broken(1);
  const notKept = { all: 1, agreed: 1, failed: 0, going_on: 0, amount: 900, oral: 0, written: 1,
    performed: 0, broken: 1 };
  assert.deepEqual(await added(), notKept);
  await step(town, number, 'mediate_again', { note: '再谈' });
  assert.deepEqual(await added(), notKept, 'what was agreed was agreed');
  for (const party of [1, 2]) await step(town, number, 'consent', { party, how: 'phone' });
  await step(town, number, 'accept');
  await agreed(700);
  assert.deepEqual(await added(), { ...notKept, amount: 700 }, 'the last one counts, and once');
  await step(town, number, 'kept', { promise: 101 });
  assert.deepEqual(await added(), { ...notKept, amount: 700, performed: 1 });
  const list = await town.read(`/api/statistics/disputes/cases?${span()}&figure=broken`);
  assert.deepEqual(list.items.map((c) => [c.number, c.amount]), [[number, 700]]);
  await step(town, number, 'call_back', { reply: '已付清，都满意' });
});

test('an agreement that was not kept and mediated anew in vain was agreed all the same', async () => {
  const before = sum(await table(town));
  const number = await accepted(town, { type: 'neighbour', text: '占道堆物', parties: parties('孙三', '李四') });
  await step(town, number, 'agree_oral', { text: '搬走', promises: [{ party: 2, what: '搬走杂物',
    due_ms: Date.now() + 9 * day }] });
  lapse(city, number);
  await step(town, number, 'broken', { promise: 1, note: '没有搬' });
  await step(town, number, 'mediate_again', { note: '再谈' });
  await step(town, number, 'consent_refused', { party: 2, how: 'phone', reply: '对方不愿再谈，可以起诉' });
  const now = sum(await table(town));
  for (const [figure, n] of [['all', 1], ['agreed', 1], ['failed', 0], ['oral', 1], ['performed', 0], ['broken', 1]])
    assert.equal(now[figure] - before[figure], n, figure);
});

test('handed up after a breach, an agreement stays with who made it, and goes on above', async () => {
  const figures = ['all', 'agreed', 'failed', 'going_on', 'amount', 'written', 'broken', 'performed'];
  const both = async () => [sum(await table(community)), sum(await table(town))];
  const start = await both();
  const added = async () =>
    (await both()).map((now, i) => figures.map((f) => now[f] - start[i][f]));
  const subsidy = async (who) => (await who.read(`/api/statistics/subsidies?${span()}`)).items;
  const number = await accepted(community, { type: 'neighbour', text: '院墙倒了谁修',
    parties: parties('孙三', '李四') });
  const { docket } = await community.read(`/api/disputes/${number}`);
  const agreed = async (who, amount) => {
    await step(who, number, 'sitting', { text: '谈妥', result: 'agreed' });
    await step(who, number, 'agree_written', { text: '赔钱', promises: [{ party: 2, what: '付清赔款',
      amount, due_ms: Date.now() + 9 * day, way: '转账' }] });
    for (const party of [1, 2]) await step(who, number, 'sign', { party, how: 'signature' });
    await step(who, number, 'sign_mediator');
    await step(who, number, 'seal');
  };
  await agreed(community, 900);
  lapse(city, number);
  await step(community, number, 'broken', { promise: 1, note: '没有付' });
  await step(community, number, 'mediate_again', { note: '再谈' });
  const told = (await subsidy(justice)).find((line) => line.docket === docket);
  assert.match(told.outcome_name, /未履行，正在再次调解/);
  await step(community, number, 'escalate', { note: '涉及多户' });
  const kept = [1, 1, 0, 0, 900, 1, 1, 0];
  const none = [0, 0, 0, 0, 0, 0, 0, 0];
  assert.deepEqual(await added(), [kept, none], 'the committee above has not accepted it');
  const own = await community.read(`/api/statistics/disputes/cases?${span()}&figure=broken`);
  assert.deepEqual(own.items.filter((c) => c.number === number).map((c) => [c.docket, c.amount]),
    [[docket, 900]]);
  const paid = (await subsidy(justice)).filter((line) => ['', docket].includes(line.docket));
  assert.deepEqual(paid.map((line) => [line.docket, line.amount, line.why.map((w) => w.code)]),
    [[docket, 0, ['handed_up']]], 'by its own number, and paid above');
  for (const party of [1, 2]) await step(town, number, 'consent', { party, how: 'phone' });
  await step(town, number, 'accept');
  assert.deepEqual(await added(), [kept, [1, 0, 0, 1, 0, 0, 0, 0]]);
  await step(town, number, 'name_mediator', { mediator: town.me.account, how: 'parties' });
  await agreed(town, 700);
  await step(town, number, 'kept', { promise: 101 });
  assert.deepEqual(await added(), [kept, [1, 1, 0, 0, 700, 1, 0, 1]], 'each counts its own agreement');
  await step(town, number, 'call_back', { reply: '已付清，都满意' });
});

test('what the committee above refuses it never accepted, and the former finds it with its own number', async () => {
  const number = await accepted(community, { type: 'neighbour', text: '树根顶墙', parties: parties('孙三', '李四') });
  const { docket } = await community.read(`/api/disputes/${number}`);
  const before = sum(await table(town));
  await step(community, number, 'escalate', { note: '涉及多户' });
  const { above } = await town.read(`/api/disputes/${number}`);
  assert.ok(above.length > 0 && above.every((u) => u.unit !== unitOf(town)));
  await step(town, number, 'not_accept', { reason: 'in_court', reply: '已经起诉，由法院处理' });
  assert.deepEqual(sum(await table(town)), before);
  assert.equal((await town.read(`/api/disputes/${number}`)).accepted_ms, undefined);
  const mine = (await community.read(`/api/disputes?view=handed&q=${encodeURIComponent(docket)}`)).items;
  assert.deepEqual(mine.map((r) => [r.number, r.docket, r.state, r.handed_ms > r.created_ms]),
    [[number, docket, 'rejected', true]]);
});

test('what was set down and not signed by all is no agreement, in no list and not in the file', async () => {
  const number = await accepted(town, { type: 'neighbour', text: '漏水赔多少', parties: parties('孙三', '李四') });
  await step(town, number, 'sitting', { text: '谈妥', result: 'agreed' });
  await step(town, number, 'agree_written', { text: '赔钱', promises: [{ party: 2, what: '付清赔款',
    amount: 800, due_ms: Date.now() + 9 * day, way: '转账' }] });
  await step(town, number, 'sign', { party: 1, how: 'signature' });
  const file = () => town.read(`/api/disputes/${number}`);
  const open = await file();
  assert.deepEqual([open.form, open.amount, open.promises.length], ['written', 800, 1]);
  await step(town, number, 'consent_refused', { party: 2, how: 'phone', reply: '对方退出，可以起诉' });
  const ended = await file();
  assert.deepEqual([ended.state, ended.form, ended.amount, ended.promises], ['ended', '', 0, []]);
  const row = (await town.read('/api/disputes?view=archive')).items.find((r) => r.number === number);
  assert.deepEqual([row.form, row.amount], ['', 0]);
  const list = await town.read(`/api/statistics/disputes/cases?${span()}&figure=failed`);
  const mine = list.items.find((c) => c.number === number);
  assert.deepEqual([mine.form_name, mine.amount], ['', 0]);
  const paid = (await justice.read(`/api/statistics/subsidies?${span()}`)).items;
  const line = paid.find((r) => r.docket === ended.docket);
  assert.deepEqual([line.outcome_name, line.form_name], ['调解不成', '']);
});

test('who it is not for gets nothing, and lists name nobody', async () => {
  assert.equal((await clerk.get(`/api/statistics/disputes?${span()}`)).status, 403);
  assert.equal((await city.anybody().get(`/api/statistics/disputes?${span()}`)).status, 401);
  const other = await community.get(`/api/statistics/disputes?${span()}&unit=${unitOf(town)}`);
  assert.equal(other.status, 403);
  const list = await justice.get(`/api/statistics/disputes/cases?${span()}`);
  assert.equal(list.status, 200);
  assert.ok(list.body.items.length > 2);
  const county = '姑苏区';
  for (const item of list.body.items) {
    if (!item.committee_name.startsWith(county)) assert.equal(item.number, undefined);
  }
  const csv = await justice.get(`/api/statistics/disputes/cases/csv?${span()}`);
  for (const name of ['顾阿大', '沈小妹', '周阿根', '19900001001', '水表']) {
    assert.ok(!list.text.includes(name) && !csv.text.includes(name), name);
  }
});

test('what nobody can derive is entered by the committee, and only that', async () => {
  const now = new Date(Date.now() + 8 * 3600_000);
  const at = { year: now.getUTCFullYear(), quarter: Math.floor(now.getUTCMonth() / 3) + 1 };
  const enter = (who, unit, counts) =>
    who.post('/api/statistics/disputes/counts', { unit, ...at, counts });
  const month = String(at.quarter * 3 - 2).padStart(2, '0');
  const from = Date.parse(`${at.year}-${month}-01T00:00:00+08:00`);
  const to = at.quarter === 4
    ? Date.parse(`${at.year + 1}-01-01T00:00:00+08:00`)
    : Date.parse(`${at.year}-${String(at.quarter * 3 + 1).padStart(2, '0')}-01T00:00:00+08:00`);
  assert.equal((await enter(community, unitOf(community), [{ figure: 'looked_for', n: 7 }])).status, 200);
  assert.equal((await enter(community, unitOf(community), [{ figure: 'looked_for', n: 9 }])).status, 200);
  assert.equal((await enter(community, unitOf(community), [{ figure: 'all', n: 9 }])).status, 422);
  assert.equal((await enter(community, unitOf(town), [{ figure: 'looked_for', n: 9 }])).status, 403);
  const whole = await justice.read(`/api/statistics/disputes?from_ms=${from}&to_ms=${to}`);
  assert.equal(sum(whole).looked_for, 9);
  const part = await justice.read(`/api/statistics/disputes?from_ms=${from + day}&to_ms=${to}`);
  assert.equal(sum(part).looked_for, 0);
});

test('everybody sees totals of quarters that are over, from ten agreements on', async () => {
  const unit = unitOf(community);
  const at = Date.now() - 92 * day;
  const path = `/api/committees/${unit}/figures`;
  const quarters = async () => (await city.anybody().read(path)).quarters;
  assert.equal((await quarters()).length, 4);
  const all = (ms) => city.database.change(
    `UPDATE dispute SET effective_ms = ${ms}, amount_fen = 10000 WHERE form = 'oral' AND unit = ${unit}`);
  await talks(8);
  all(at);
  assert.ok((await quarters()).every((q) => q.agreements === undefined && q.amount === undefined));
  await talks(1);
  all(at);
  const shown = (await quarters()).filter((q) => q.agreements !== undefined);
  assert.equal(shown.length, 1);
  assert.deepEqual([shown[0].agreements, shown[0].amount, shown[0].areas], [10, 1000, 1]);
  all(Date.now());
  assert.ok((await quarters()).every((q) => q.agreements === undefined));
});

function opened(bytes) {
  const path = join(folder, 'book.xlsx');
  writeFileSync(path, bytes);
  const done = spawnSync('/usr/bin/python3', [reader, path], { encoding: 'utf8', maxBuffer: 64 << 20 });
  assert.equal(done.status, 0, done.stderr);
  return JSON.parse(done.stdout);
}

test('the workbook, read by another program, says what the table says', async () => {
  const v = await table(justice);
  const answer = await justice.get(`/api/statistics/disputes/xlsx?${span()}`);
  const book = opened(answer.bytes);
  assert.equal(book.cells[0][0], '人民调解案件情况统计表');
  assert.match(book.cells[1][0], /^制表单位：/);
  assert.deepEqual([book.formulas, book.frozen, book.landscape], [0, 'C6', true]);
  assert.equal(book.cells.length, 6 + v.rows.length);
  assert.match(book.cells.at(-1)[0], /^注：.+与各行相加可能略有差别/);
  v.rows.forEach((row, i) => {
    const want = row.cells.map((c) =>
      (c.figure === 'amount' ? Math.round(c.value / 100) / 100 : c.value));
    assert.deepEqual(book.cells[5 + i], [row.name, row.committees, ...want]);
  });
  assert.ok(book.cells[2].includes('案件来源') && book.cells[3].includes('接受委托移送'));
  const csv = (await justice.get(`/api/statistics/disputes/csv?${span()}`)).text.trimEnd().split('\r\n');
  assert.equal(csv.length, 1 + v.rows.length);
  assert.equal(csv.at(-1).split(',')[2], String(sum(v).all));
  const at = v.figures.findIndex((f) => f.word === 'amount');
  assert.deepEqual(csv.slice(1).map((line) => Number(line.split(',')[2 + at])),
    book.cells.slice(5, -1).map((line) => line[2 + at]), 'both round alike');
});

test('the list of disputes leaves by the command line, in both formats', () => {
  const where = city.database.where;
  const [{ n }] = city.database.rows(`SELECT (SELECT COUNT(*) FROM dispute
    WHERE accepted_ms IS NOT NULL)
    + (SELECT COUNT(DISTINCT a.matter) FROM agreement a JOIN dispute d ON d.matter = a.matter
    WHERE d.unit <> a.unit) AS n`);
  for (const kind of ['xlsx', 'csv']) {
    const out = join(folder, `all.${kind}`);
    const done = run('export', 'disputes', ...where, '--out', out);
    assert.equal(done.status, 0, done.stderr);
    assert.match(done.stderr, new RegExp(`${n} of ${n} disputes`));
    if (kind === 'xlsx') {
      const book = opened(readFileSync(out));
      assert.equal(book.cells.length, Number(n) + 1);
      assert.equal(book.formulas, 0);
    } else {
      assert.equal(readFileSync(out, 'utf8').trimEnd().split('\r\n').length, Number(n) + 1);
    }
  }
  assert.equal(run('export', 'disputes', ...where).status, 2);
  assert.equal(run('export', 'disputes', ...where, '--out', 'a.pdf').status, 2);
});
