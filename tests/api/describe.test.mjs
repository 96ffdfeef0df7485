// describe.test.mjs: what the program says of itself is what it does: the OpenAPI document is sound
// and the committed copies are the program's own; each operation answers as it promises, in both
// languages; errors never come as pages.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { described, grids, openapi, refused, run, startCity } from './city.mjs';
import { png } from './picture.mjs';
import { totp } from './totp.mjs';
import { answerFaults, faults, operation } from './schema.mjs';

const root = join(import.meta.dirname, '../..');
let city;
before(async () => {
  city = await startCity('--no-limits', '--url', 'https://fengqiao.example.gov.cn');
});
after(() => city?.stop());

const operations = Object.entries(openapi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, op]) => ({ path, method, ...op })),
);

test('the document is sound: names are unique, references lead somewhere, parameters are in their paths', () => {
  assert.equal(openapi.openapi, '3.1.0');
  const names = operations.map((op) => op.operationId);
  assert.equal(new Set(names).size, names.length);
  const references = JSON.stringify(openapi)
    .match(/"\$ref":"[^"]*"/g)
    .map((text) => JSON.parse(`{${text}}`).$ref);
  for (const reference of new Set(references)) {
    const target = reference
      .slice(2)
      .split('/')
      .reduce((at, name) => at?.[name], openapi);
    assert.ok(target, reference);
  }
  for (const op of operations) {
    assert.ok(op.summary && op.responses[200] && op.responses.default, op.operationId);
    const inPath = [...op.path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);
    assert.deepEqual(
      op.parameters
        .filter((q) => q.in === 'path')
        .map((q) => q.name)
        .sort(),
      inPath.sort(),
      op.operationId,
    );
    assert.equal(
      Boolean(op.requestBody),
      op.method === 'post' && op.operationId !== 'logout',
      op.operationId,
    );
  }
});

test('every schema can be met: none asks for a field that it does not know', () => {
  for (const [name, schema] of Object.entries(openapi.components.schemas)) {
    for (const field of schema.required ?? [])
      assert.ok(schema.properties[field], `${name}.${field}`);
    for (const [field, { minimum, maximum, minLength, maxLength }] of Object.entries(
      schema.properties,
    )) {
      assert.ok((minimum ?? 0) <= (maximum ?? minimum ?? 0) || minimum < 0, `${name}.${field}`);
      assert.ok((minLength ?? 0) <= (maxLength ?? Infinity), `${name}.${field}`);
    }
  }
});

test('the committed copies are what the program prints', () => {
  const copies = {
    openapi: 'docs/openapi.json',
    states: 'docs/states.md',
    permissions: 'docs/permissions.md',
    man: 'docs/fengqiao.1',
    typescript: 'web/shared/api/server.ts',
  };
  for (const [topic, path] of Object.entries(copies)) {
    assert.ok(
      readFileSync(join(root, path), 'utf8') === described(topic),
      `${path} is old: run tools/describe.sh`,
    );
  }
  const page = readFileSync(join(root, 'docs/personal-data.md'), 'utf8');
  const [, block] = /<!-- columns -->\n([^]*)<!-- end of columns -->/.exec(page);
  assert.ok(block === described('personal'), 'docs/personal-data.md is old: run tools/describe.sh');
});

test('topics that there are not, none at all, and impossible addresses are wrong usage', () => {
  for (const args of [
    ['describe'],
    ['describe', 'weather'],
    ['describe', 'openapi', 'states'],
    ['explode'],
    ['serve', '--listen', 'nowhere', '--db', '/nonexistent/x.db'],
    ['serve', '--listen', '127.0.0.1:99999', '--db', '/nonexistent/x.db'],
    ['demo', '--listen', '127.0.0.1:-1', '--db', '/nonexistent/x.db'],
    [],
  ]) {
    assert.equal(run(...args).status, 2, args.join(' '));
  }
  assert.equal(run('--help').status, 0);
  assert.match(run('describe', 'man').stdout, /\.SH COMMANDS/);
});

/** Whoever looks after the rules: reads them, asks, rehearses and stops a rehearsal. */
async function rulesAre(lang) {
  const boss = await city.signIn('supervisor2', lang);
  const { csv } = await boss.read('/api/rules');
  await boss.read(`/api/route?category=0101&grid=${grids.ours}`);
  const draft = await boss.write('/api/drafts', { kind: 'rule', name: 'same', body: csv });
  const rehearse = (days) => boss.write('/api/rehearsals', { draft: draft.id, days });
  const ended = async (id) => {
    for (;;) {
      const { state } = await boss.read(`/api/rehearsals/${id}`);
      if (state !== 'waiting' && state !== 'running') return state;
      await sleep(100);
    }
  };
  const { id } = await rehearse(1);
  assert.equal(await ended(id), 'done');
  await boss.read(`/api/rehearsals/${id}/result`);
  await boss.read(`/api/rehearsals/${id}/csv`);
  for (let days = 2; ; days++) {
    const other = await rehearse(days);
    const stopped = await boss.post(`/api/rehearsals/${other.id}/cancel`);
    if (stopped.status === 200) break; // else it was quicker
  }
  assert.equal((await boss.read('/api/rehearsals')).rehearsals[0].state, 'cancelled');
  await boss.read('/api/rules/choices');
  const { version } = await boss.write(`/api/drafts/${draft.id}/publish`, {
    changed: draft.changed,
    valid_from: Date.now() + 86400_000,
  });
  await boss.write(`/api/versions/rule/${version}/take_back`, { why: 'only tried' });
  const admin = await city.signIn('admin1', lang);
  const days = await admin.read('/api/tables/calendar');
  await admin.write('/api/tables/calendar', { csv: days.csv, moves: days.moves, dry: true });
  const { items } = await boss.read('/api/versions/rule');
  assert.equal(items[0].state, 'taken_back');
}

/** An administrator sets somebody up, who keeps their own account. */
async function accountsAre(lang) {
  const admin = await city.signIn('admin1', lang);
  const { items } = await admin.read('/api/accounts/units?q=320508018000');
  const memberships = [{ unit: items[0].unit, role: 'clerk' }];
  const username = `described.${lang.toLowerCase()}`;
  const word = 'oak lamp ferry quilt';
  const why = '新入职';
  const { id, password: once } = await admin.write('/api/accounts', {
    username,
    name: '沈知远',
    memberships,
    why,
  });
  const owner = city.anybody(lang);
  const { csrf } = await owner.write('/api/login', { username, password: once });
  owner.headers['X-CSRF'] = csrf;
  await owner.write('/api/account/password', { current: once, password: word });
  const { secret } = await owner.read('/api/account/second-factor');
  const set = { current: word, secret, code: totp(secret) };
  await owner.write('/api/account/second-factor', set);
  await owner.write('/api/account/recovery-codes', { current: word });
  await owner.write('/api/account/second-factor/off', { current: word });
  await owner.write('/api/account/sessions/end', { which: 'others' });
  await owner.read('/api/account');
  await admin.read('/api/accounts');
  await admin.write(`/api/accounts/${id}`, { name: '沈志远', why });
  await admin.write(`/api/accounts/${id}/memberships`, { memberships, why });
  await admin.write(`/api/accounts/${id}/act`, { act: 'disable', why });
  await admin.read(`/api/accounts/${id}`);
  await admin.read('/api/accounts/changes');
  const auditor = await city.signIn('auditor1', lang);
  await auditor.read('/api/personal-reads?area=320508');
  await auditor.read('/api/personal/deletions');
}

/** Somebody asks what is held of them, has it corrected, and goes without the rest. */
async function requestsAre(lang, reporter, number) {
  const [staff, clerk] = await Promise.all(['dispatcher1', 'clerk1'].map((name) => city.signIn(name, lang)));
  const mine = '/api/receipt/data/requests', all = '/api/personal/requests';
  await reporter.read('/api/receipt/data');
  await reporter.read('/api/receipt/reads');
  const erase = await reporter.write(mine, { kind: 'erase', text: '不用再留' });
  await reporter.write(`${mine}/${erase.number}/withdraw`);
  const see = await staff.write(`/api/matters/${number}/requests`, { reporter: 1, kind: 'see', how: 'in_person' });
  await staff.read(all);
  await staff.read(`${all}/${see.number}`);
  await staff.write(`${all}/${see.number}/open`);
  await staff.write(`${all}/${see.number}/answer`, { answer: 'grant', text: '副本交给本人' });
  await staff.write(`${all}/${see.number}/copy`);
  await reporter.write(`${mine}/${see.number}/copy`, { proof: '13911112222' });
  await clerk.read('/api/account/data');
  await clerk.write('/api/account/requests', { kind: 'correct',
    ...(lang === 'en' ? { field: 'phone', value: '13744445555' } : { field: 'name', value: '陈立冬' }) });
}

/** A list leaves as a file: masked at once, unmasked with somebody else's approval. */
async function exportsAre(lang) {
  const [staff, chief] = await Promise.all(['dispatcher1', 'chief5'].map((name) => city.signIn(name, lang)));
  const list = `list=matters&view=region&grid=${grids.ours}`;
  await staff.read(`/api/exports/masked?${list}&format=csv`);
  const { id } = await staff.write('/api/exports', { ...Object.fromEntries(new URLSearchParams(list)),
    format: 'csv', open: ['phone'], reason: 'call_back', why: '集中回访要打电话', purpose: '回访' });
  await chief.write(`/api/exports/${id}/decide`, { approve: true, why: '同意' });
  await staff.write(`/api/exports/${id}/file`);
  await staff.read('/api/exports');
}

/** A station hands a dispute over; its committee mediates, refers it and registers itself. */
async function disputesAre(lang) {
  const [police, mediator, clerk] = await Promise.all(
    ['clerk5', 'mediator3', 'clerk3'].map((name) => city.signIn(name, lang)),
  );
  const { number } = await police.write('/api/disputes', {
    kind: '0201',
    source: 'police',
    text: '邻居为过道吵架',
    document: '平公调5号',
    reason: '双方愿意调解',
    grid: grids.ours,
    parties: [
      { side: 'applicant', name: '王甲' },
      { side: 'respondent', name: '李乙' },
    ],
  });
  const go = (action, more) =>
    mediator.write(`/api/matters/${number}/step`, { action, ...more });
  for (const party of [1, 2]) {
    await go('consent', { party, how: 'phone' });
    await go('tell_rights', { party, how: 'phone' });
  }
  await go('accept', {});
  await go('name_mediator', { mediator: mediator.me.account, how: 'parties' });
  await go('caucus', { party: 1, text: '愿意让步' });
  await go('sitting', { text: '双方到场', result: 'agreed' });
  await go('facts', { text: '过道宽一米二' });
  await go('refer', { unit: clerk.me.memberships[0].unit, note: '请核对',
    consents: [1, 2].map((party) => ({ party, how: 'phone' })) });
  const { id } = (await clerk.read('/api/transfers')).items[0];
  await clerk.write(`/api/disputes/${number}/transfers/${id}`, { answer: 'accepted' });
  for (const path of ['', '/facts', '/sittings.ics']) {
    await mediator.read(`/api/disputes/${number}${path}`);
  }
  await mediator.write(`/api/disputes/${number}/caucus`, {});
  await clerk.read(`/api/disputes/${number}/handed`);
  await mediator.read('/api/committees');
  await clerk.get(`/api/disputes/${number}/papers`);
  await mediator.done('GET', `/api/disputes/${number}/papers`);
  await clerk.write(`/api/disputes/${number}/transfers/${id}/letter`);
  await mediator.done('GET', '/api/papers/notice/blank');
  for (const path of ['papers/notice', 'zip']) await mediator.write(`/api/disputes/${number}/${path}`);
  const scan = { paper: 'identity', party: 1, caption: '证件已核对' };
  const { scans } = await mediator.write(`/api/disputes/${number}/scans`, scan);
  await mediator.write(`/api/disputes/${number}/scans/${scans.at(-1).no}/off`, { note: '登错了' });
  const { code } = await mediator.write(`/api/matters/${number}/reveal`, { reporter: 1, purpose: '交给本人' });
  await city.reporter(code, lang).write('/api/receipt/papers/notice');
  for (const path of ['papers', 'dispute', 'facts', 'sittings.ics']) {
    await city.reporter(code, lang).read(`/api/receipt/${path}`);
  }
  await go('end', { reason: 'no_agreement', reply: '双方各执一词' });
  await mediator.write(`/api/disputes/${number}/archive`, { retention: 'long', note: '没有身份证明' });
  await mediator.read('/api/disputes?view=mine&limit=1');
  const year = `from_ms=${Date.now() - 300 * 86_400_000}&to_ms=${Date.now() + 86_400_000}`;
  for (const path of ['', '/cases', '/xlsx', '/csv', '/cases/csv']) {
    await mediator.done('GET', `/api/statistics/disputes${path}?${year}`);
  }
  const { own } = await mediator.read(`/api/statistics/disputes?${year}`);
  await mediator.write('/api/statistics/disputes/counts', { unit: own, year: 2025, quarter: 1,
    counts: [{ figure: 'looked_for', n: 1 }] });
  await mediator.read(`/api/committees/${own}/figures`);
  await mediator.read('/api/dispute-kinds');
  const committee = `/api/committees/${mediator.me.memberships[0].unit}`;
  await mediator.read(committee);
  const { studios } = await mediator.write(`${committee}/studios`, { name: '老沈工作室', about: '邻里',
    hours: '周一', place: '一楼' });
  await mediator.write(`${committee}/people`, { name: '韩律师', kind: 'expert', since_ms: Date.now(),
    to_ms: Date.now() + 86_400_000, studio: studios[0].id, published: true });
  await mediator.write(`${committee}/households`, { studio: studios[0].id, year: 2025, quarter: 1,
    households: 3 });
  await city.anybody(lang).read(`/api/studios/${studios[0].code}`);
  const justice = await city.signIn('mediator2', lang);
  for (const path of ['', '/xlsx', '/csv']) {
    await justice.done('GET', `/api/statistics/subsidies${path}?${year}`);
  }
  await mediator.write(committee, {
    short_name: '大儒巷',
    kind: 'community',
    term_from_ms: Date.now(),
    members: [{ name: '王一', post: 'director', woman: true }],
  });
}

test('each operation answers as the document says, in Chinese and English', async () => {
  for (const lang of ['zh-CN', 'en']) {
    city.called.clear();
    const anybody = city.anybody(lang);
    const upload = async () =>
      (await anybody.call('POST', '/api/uploads', png(), { 'Content-Type': 'image/png' })).body
        .upload;
    const place = await anybody.read(`/api/grids/${grids.ours}`);
    const where = `lon=${place.lon}&lat=${place.lat}`;
    const around = `w=${place.lon - 0.01}&s=${place.lat - 0.01}&e=${place.lon + 0.01}&n=${place.lat + 0.01}`;
    const made = await anybody.write('/api/reports', {
      text: '楼道杂物',
      category: '0101',
      lon: place.lon,
      lat: place.lat,
      name: '沈阿姨',
      phone: '13911112222',
      uploads: [await upload()],
    });
    const reporter = city.reporter(made.code, lang);
    await requestsAre(lang, reporter, made.number);
    const staff = await city.signIn('dispatcher1', lang);
    const at = `/api/matters/${made.number}`;
    for (const path of [
      '/api/config',
      `/api/locate?${where}`,
      `/api/nearby?${where}`,
      `/api/responsible?${where}`,
      `/api/zones/grid/${grids.ours}`,
      '/api/addresses?q=观前街',
      '/api/checkpoint',
      '/api/consistency?from=1&to=2',
      `/api/boundaries?${around}&level=community`,
    ]) {
      await anybody.read(path);
    }
    await anybody.write('/api/suggest', { text: '楼道着火了' });
    const head = (await anybody.get('/api/checkpoint')).text;
    await anybody.write('/api/witness', { note: head });
    for (const path of ['/api/receipt', '/api/receipt/proof', '/api/receipt/photos/1'])
      await reporter.read(path);
    await reporter.write('/api/receipt/message', { text: '补充' });
    for (const path of [
      '/api/me',
      '/api/counts',
      '/api/matters',
      `/api/matters/map?${around}`,
      `/api/zones?${around}&layer=grid`,
      '/api/layers/town?detail=overview',
      `/api/layers/grid/${grids.ours}`,
      `/api/layers/grid/${grids.ours}/outlines`,
      at,
      `${at}/similar`,
      `${at}/photos/1`,
      '/api/units?q=城管',
      '/api/templates?category=0101',
      `/api/search?q=${made.number}`,
      '/api/duty',
      '/api/duty/gaps',
      '/api/duty/mine',
      `/api/plates?division=${place.community}`,
      `/api/plates.pdf?division=${place.community}`,
      '/api/fusion/cut/csv',
      '/api/fusion/cut/map',
    ])
      await staff.read(path);
    const { items } = await staff.read('/api/fusion/slivers?m2=1000000');
    const sliver = items.find((f) => f.into);
    await staff.write('/api/fusion/merge', { grid: sliver.code, police: sliver.other });
    await staff.write(`${at}/step`, { action: 'note', note: '记一笔' });
    await staff.write(`${at}/reveal`, { reporter: 1, purpose: '回访' });
    await staff.write('/api/matters', {
      text: '来访反映',
      place_text: '大儒巷',
      origin: 'window',
      name: '来访人',
    });
    await staff.write('/api/matters/bulk', {
      numbers: [made.number],
      action: 'note',
      note: '一并记录',
    });
    const { zones, to_ms } = await staff.read('/api/duty');
    const { layer, zone, version } = zones.at(-1);
    const span = { from_ms: to_ms, to_ms: to_ms + 3600_000 };
    await staff.write('/api/duty/zone', { layer, zone, version, turns: [] });
    const away = await staff.write('/api/duty/absence', span);
    await staff.write(`/api/duty/absence/${away.id}/end`);
    await staff.write('/api/duty/handover', { note: '今日无事' });
    await staff.read(`${at}/route`);
    await rulesAre(lang);
    await disputesAre(lang);
    await accountsAre(lang);
    await exportsAre(lang);
    await staff.write('/api/logout');
    const lead = await city.signIn('supervisor1', lang);
    const feature = { type: 'Feature', properties: { code: grids.ours, name: `改名 ${lang}` },
      geometry: (await anybody.read(`/api/zones/grid/${grids.ours}`)).geometry };
    for (const last of ['publish', 'remove']) {
      const draft = await lead.write('/api/drafts', {
        kind: 'grid', name: '改名', body: JSON.stringify(feature),
      });
      assert.equal((await lead.read('/api/drafts')).items[0].id, draft.id);
      await lead.read(`/api/drafts/${draft.id}`);
      await lead.write(`/api/drafts/${draft.id}/${last}`, last === 'publish' ? { changed: draft.changed } : {});
    }
    for (const last of ['publish', 'discard']) {
      const sent = await lead.write(
        '/api/imports?layer=grid&name=x.geojson&extent=part',
        Buffer.from(
          JSON.stringify({ ...feature, properties: { code: grids.ours, name: last + lang } }),
        ),
        { 'Content-Type': 'application/octet-stream' },
      );
      assert.equal((await lead.read('/api/imports')).items[0].id, sent.id);
      assert.equal((await lead.read(`/api/imports/${sent.id}/outcome`)).altered, 1);
      await lead.write(`/api/imports/${sent.id}/check`);
      await lead.write(`/api/imports/${sent.id}/${last}`);
    }
    const { ready } = await lead.read('/api/regrid');
    assert.equal((await lead.write('/api/regrid', { note: '网格已调整' })).ready, Math.max(0, ready - 100));
    assert.deepEqual(
      operations.map((op) => op.operationId).filter((name) => !city.called.has(name)),
      [],
    );
  }
});

test("errors are JSON in the reader's language whatever the client accepts", async () => {
  for (const accept of ['text/html', '*/*', 'image/png']) {
    const answer = await city.anybody('en').get('/api/receipt', { Accept: accept });
    assert.match(answer.type, /^application\/json/);
    assert.doesNotMatch(refused(answer, 401, 'login').message, /\p{Script=Han}/u);
  }
  for (const [languages, han] of [
    ['zh', true],
    ['en-GB,zh;q=0.5', false],
    ['fr,zh;q=0.8,en;q=0.2', true],
    ['*', true],
    ['', true],
  ]) {
    const { message } = refused(await city.anybody(languages).get('/api/receipt'), 401, 'login');
    assert.equal(/\p{Script=Han}/u.test(message), han, languages);
  }
});

test('health and readiness are told', async () => {
  for (const path of ['/healthz', '/readyz'])
    assert.equal((await city.anybody().get(path)).status, 200);
});

test('the checker of these tests finds what is wrong', () => {
  const schema = {
    type: 'object',
    additionalProperties: false,
    required: ['a'],
    properties: { a: { type: 'integer', minimum: 1, maximum: 3 } },
  };
  assert.deepEqual(faults(openapi, schema, { a: 2 }), []);
  for (const wrong of [{}, { a: 0 }, { a: 4 }, { a: 'x' }, { a: 1.5 }, { a: 1, b: 2 }, [], null])
    assert.equal(faults(openapi, schema, wrong).length, 1);
  assert.equal(faults(openapi, { oneOf: [] }, 1).length, 1, 'what it does not know it says');
  assert.equal(operation(openapi, 'post', '/api/matters/bulk').operationId, 'bulk');
  assert.equal(operation(openapi, 'get', '/api/matters/320508-1234-5678').operationId, 'matter');
  const answer = {
    method: 'GET',
    path: '/api/nothing-of-the-kind',
    status: 200,
    type: 'application/json',
    body: {},
  };
  assert.equal(answerFaults(openapi, answer).length, 1);
});
