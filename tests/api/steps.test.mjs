// steps.test.mjs: every step of the table, taken through the API by the people it is meant for: from
// each state it leads where the table says, and from every other state it is refused with a reason.
// Also merging, splitting, linking, helping units, returns, deferral and bulk.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { action, described, grids, refused, startCity } from './city.mjs';

let city, anybody;
const p = {};
before(async () => {
  city = await startCity('--no-limits');
  anybody = city.anybody();
  const names = [
    'worker1',
    'worker2',
    'lead1',
    'dispatcher1',
    'dispatcher2',
    'dispatcher4',
    'clerk1',
    'chief1',
    'clerk5',
    'supervisor1',
    'supervisor3',
    'mediator1',
  ];
  await Promise.all(
    names.map(async (name) => {
      p[name] = await city.signIn(name);
    }),
  );
});
after(() => city?.stop());

/** The table of steps as the program describes it: {step: {from: Set, to, needs, roles}}. */
const table = Object.fromEntries(
  described('states')
    .split(/\n# /)[0] // other kinds of matter have tables of their own
    .split('\n')
    .filter((line) => /^\| [a-z_]+ \|/.test(line) && !line.startsWith('| step'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, step, , from, to, , needs, , roles]) => [
      step,
      {
        from: new Set(from.split(' ')),
        to,
        needs: needs.split(' ').filter(Boolean),
        roles: roles.split(' '),
      },
    ]),
);

const unitOf = (person) => person.me.memberships[0].unit;
const report = (more = {}) =>
  anybody.write('/api/reports', {
    text: '楼道堆满杂物',
    category: '0101',
    grid: grids.ours,
    ...more,
  });
const reply = { reply: '已经清理完毕，请查看' };

/** Ways to bring a new matter into each state: [who, step, args]... */
const ways = {
  received: () => [['worker1', 'escalate', { note: '社区办不了' }]],
  assigned: () => [],
  working: () => [['worker1', 'take']],
  deferred: () => [
    ['worker1', 'take'],
    ['worker1', 'ask_deferral', { days: 5, note: '等产权人回来' }],
    ['supervisor3', 'approve'],
  ],
  answered: () => [
    ['worker1', 'take'],
    ['worker1', 'reply', reply],
  ],
  verified: () => [
    ['worker1', 'take'],
    ['worker1', 'reply', reply],
    ['dispatcher1', 'verify'],
  ],
  closed: () => [
    ['worker1', 'take'],
    ['worker1', 'reply', reply],
    ['dispatcher1', 'verify'],
    ['dispatcher1', 'close'],
  ],
  rejected: () => [
    ['worker1', 'escalate', { note: '不属于受理范围' }],
    ['dispatcher1', 'not_accept', { reason: 'REASON', ...reply }],
  ],
  merged: () => [['dispatcher1', 'merge', { number2: 'OTHER' }]],
  withdrawn: () => [['reporter', 'withdraw', { text: '已经自己搬走了' }]],
};

async function bring(state) {
  const made = await report();
  const reporter = city.reporter(made.code);
  for (const [who, step, args] of ways[state]()) {
    const filled = await fill(made.number, args);
    if (who === 'reporter') await reporter.write(`/api/receipt/${step}`, filled);
    else await p[who].step(made.number, step, filled);
  }
  return { ...made, reporter };
}

/** Puts in what a step needs from the city as it is. */
async function fill(number, args = {}) {
  const filled = { ...args };
  if (args.number2 === 'OTHER') filled.number2 = (await report({ text: '同一楼道的杂物' })).number;
  if (args.reason === 'REASON') {
    const [row] = action(await p.dispatcher1.read(`/api/matters/${number}`), 'not_accept').reasons;
    filled.reason = row.code;
  }
  return filled;
}

test('the described table has every step, and there is a way into every state', async () => {
  assert.ok(Object.keys(table).length >= 30);
  for (const state of Object.keys(ways)) {
    const { reporter } = await bring(state);
    assert.equal(
      (await reporter.read('/api/receipt')).state === state || state === 'merged',
      true,
      state,
    );
  }
});

/** Who tries a step, and with what: [person, args]; from may differ by state. */
const tries = {
  take: () => ['worker1'],
  release: () => ['worker1', { note: '换人办理' }],
  solve: () => ['worker1', reply],
  reply: () => ['worker1', reply],
  pass: () => ['worker1', { unit: unitOf(p.clerk1), note: '需要执法' }],
  assign: () => ['dispatcher1', { unit: unitOf(p.clerk1) }],
  cohandle: () => ['dispatcher1', { units: [{ unit: unitOf(p.clerk5), task: '到场配合' }] }],
  ask_extension: () => ['worker1', { days: 2, note: '等材料' }],
  ask_deferral: () => ['worker1', { days: 5, note: '等产权人' }],
  resume: () => ['worker1'],
  escalate: () => ['worker1', { note: '社区办不了' }],
  verify: () => ['dispatcher1'],
  rework: () => ['dispatcher1', { note: '还有一半' }],
  close: () => ['dispatcher1'],
  supervise: () => ['supervisor1', { note: '限期办结' }],
  not_accept: () => ['dispatcher1', { reason: 'REASON', ...reply }],
  merge: () => ['dispatcher1', { number2: 'OTHER' }],
  split: () => ['dispatcher1', { text: '另有路灯不亮', category: '0402' }],
  link: () => ['dispatcher1', { number2: 'OTHER' }],
  recategorise: () => ['dispatcher1', { category: '0301' }],
  tell: () => ['dispatcher1', { text: '正在协调' }],
  note: () => ['dispatcher1', { note: '已电话联系' }],
  message: () => ['reporter', { text: '补充一句' }],
  rate: () => ['reporter', { score: 4 }],
  object: () => ['reporter', { text: '没有清干净' }],
  reopen: () => ['reporter', { text: '又堆满了' }],
  withdraw: () => ['reporter', { text: '不用了' }],
};
// Steps on requests and parts of helpers are walked in tests of their own; urging waits for half of
// the time to pass, overdue for all of it.
const apart = new Set([
  'hand_over', // leads where it is told to: duty.test.mjs
  'regrid', // when a grid is gone: drafts.test.mjs
  'approve',
  'refuse',
  'ask_return',
  'cohandle_done',
  'cohandle_decline',
  'urge',
  'overdue',
  'undecided',
  'hold', // erase.test.mjs and test_personal.c
  'release_hold',
  'erase',
]);

test('every step is tried here', () => {
  assert.deepEqual(
    Object.keys(table).filter((step) => !tries[step] && !apart.has(step)),
    [],
  );
});

for (const [step, row] of Object.entries(table).filter(([name]) => tries[name])) {
  test(`${step}: from ${[...row.from].join(', ')} and from nowhere else`, async () => {
    await Promise.all(
      Object.keys(ways).map(async (state) => {
        const { number, reporter } = await bring(state);
        const [who, args] = tries[step]();
        // When it lies with the town's centre, the worker's part is the dispatcher's.
        const actor =
          who === 'reporter'
            ? reporter
            : p[
                who === 'worker1' && state === 'received' && row.roles.includes('dispatcher')
                  ? 'dispatcher1'
                  : who
              ];
        const filled =
          args?.reason === 'REASON' && !row.from.has(state)
            ? { ...args, reason: 'xx' }
            : await fill(number, args);
        const answer =
          who === 'reporter'
            ? await actor.post(`/api/receipt/${step}`, filled)
            : await actor.post(`/api/matters/${number}/step`, { action: step, ...filled });
        const label = `${step} from ${state}: ${answer.status} ${answer.text.slice(0, 300)}`;
        if (who === 'reporter' && state === 'merged') {
          if (answer.status === 200)
            assert.notEqual(answer.body.number, number, 'the code opens the other one');
          return;
        }
        if (!row.from.has(state)) {
          assert.ok([403, 409, 404].includes(answer.status), label);
          if (answer.status !== 404)
            assert.ok(['step', 'denied'].includes(answer.body.code), label);
          return;
        }
        assert.equal(answer.status, 200, label);
        const expected = row.to === '(same)' ? state : row.to;
        assert.equal(answer.body.state, expected, label);
        if (answer.body.actions && expected !== 'merged')
          assert.ok(answer.body.actions.length > 5, label);
      }),
    );
  });
}

test('what the page offers is what the server takes: every possible action and no other', async () => {
  for (const state of ['received', 'assigned', 'working', 'answered', 'verified']) {
    const { number } = await bring(state);
    for (const who of ['worker1', 'dispatcher1', 'clerk1', 'supervisor1']) {
      const answer = await p[who].get(`/api/matters/${number}`);
      if (answer.status === 404) continue;
      for (const offered of answer.body.actions.filter((a) => !a.ok)) {
        assert.ok(offered.why.length > 3);
        const { status, body } = await p[who].post(`/api/matters/${number}/step`, {
          action: offered.action,
        });
        assert.ok([403, 409].includes(status), `${who} ${offered.action} in ${state}: ${status}`);
        assert.equal(body.message, offered.why, 'the page and the server give the same reason');
      }
    }
  }
});

test("a merged matter's reporters find themselves in the other one, and are answered there", async () => {
  const [gone, kept] = [await report({ name: '甲', phone: '13811112222' }), await report()];
  await anybody.write('/api/reports', { text: '我也报过', join: gone.number });
  const merged = await p.dispatcher1.step(gone.number, 'merge', { number2: kept.number });
  assert.equal(merged.state, 'merged');
  assert.equal(merged.merged_into, kept.number);
  const seen = await city.reporter(gone.code).read('/api/receipt');
  assert.equal(seen.number, kept.number);
  const target = await p.worker1.read(`/api/matters/${kept.number}`);
  assert.equal(target.reporters.length, 3);
  assert.equal(target.unanswered, 3);
  assert.ok(target.links.some((l) => l.number === gone.number && l.kind === 'merged'));
  await p.worker1.step(kept.number, 'take');
  const answered = await p.worker1.step(kept.number, 'reply', reply);
  assert.ok(answered.reporters.every((r) => r.answered));
  const messages = (await city.reporter(gone.code).read('/api/receipt')).messages;
  assert.equal(messages.at(-1).text, reply.reply);
  const proof = await city.reporter(gone.code).read('/api/receipt/proof');
  assert.ok(proof.entry);
  refused(
    await p.dispatcher1.post(`/api/matters/${kept.number}/step`, {
      action: 'merge',
      number2: kept.number,
    }),
    409,
    'step',
  );
  const open = await report();
  refused(
    await p.dispatcher1.post(`/api/matters/${open.number}/step`, {
      action: 'merge',
      number2: open.number,
    }),
    422,
    'input',
    'number2',
  );
  refused(
    await p.dispatcher1.post(`/api/matters/${open.number}/step`, {
      action: 'merge',
      number2: gone.number,
    }),
    422,
    'input',
    'number2',
  );
  const again = { action: 'merge', number2: gone.number };
  for (const language of ['zh-CN', 'en']) {
    const answer = await p.dispatcher1.post(`/api/matters/${open.number}/step`, again, {
      'Accept-Language': language,
    });
    assert.ok(answer.body.message.includes(kept.number), answer.body.message);
    assert.match(answer.body.message, language === 'en' ? /merged into/ : /已并入/);
  }
  const far = await report({ grid: grids.far });
  refused(
    await p.dispatcher1.post(`/api/matters/${open.number}/step`, {
      action: 'merge',
      number2: far.number,
    }),
    422,
    'input',
    'number2',
  );
});

test('one report of two things is split; each half is followed by itself', async () => {
  const { number } = await report({ text: '楼道堆物，门口路灯也不亮' });
  const parent = await p.dispatcher1.step(number, 'split', {
    text: '门口路灯不亮',
    category: '0402',
  });
  const link = parent.links.find((l) => l.kind === 'child');
  const child = await p.dispatcher1.read(`/api/matters/${link.number}`);
  assert.deepEqual([child.text, child.category, child.grid], ['门口路灯不亮', '0402', grids.ours]);
  assert.ok(child.links.some((l) => l.kind === 'parent' && l.number === number));
  assert.ok(child.owner_unit && child.due_ms);
});

test('related matters know of each other', async () => {
  const [a, b] = [await report(), await report()];
  const linked = await p.dispatcher1.step(a.number, 'link', { number2: b.number, note: '同一户' });
  assert.ok(linked.links.some((l) => l.kind === 'related' && l.number === b.number));
  const other = await p.worker1.read(`/api/matters/${b.number}`);
  assert.ok(other.links.some((l) => l.kind === 'related' && l.number === a.number));
});

test('units asked to help have clocks of their own; the answer waits for them', async () => {
  const { number } = await report();
  await p.worker1.step(number, 'take');
  const asked = await p.dispatcher1.step(number, 'cohandle', {
    units: [
      { unit: unitOf(p.clerk1), task: '现场执法', days: 2 },
      { unit: unitOf(p.clerk5), task: '到场维持秩序' },
    ],
  });
  assert.deepEqual(
    asked.cohandlers.map((c) => c.state),
    ['open', 'open'],
  );
  assert.ok(asked.cohandlers.every((c) => c.due_ms > Date.now()));
  refused(
    await p.worker1.post(`/api/matters/${number}/step`, { action: 'reply', ...reply }),
    409,
    'step',
  );
  assert.ok(
    (await p.clerk1.read('/api/matters?view=cohandle')).items.some((m) => m.number === number),
  );
  assert.equal((await p.clerk1.read('/api/counts')).cohandle >= 1, true);
  refused(
    await p.clerk1.post(`/api/matters/${number}/step`, { action: 'reply', ...reply }),
    403,
    'denied',
  );
  await p.clerk1.step(number, 'cohandle_done', { note: '已责令整改' });
  refused(
    await p.clerk1.post(`/api/matters/${number}/step`, {
      action: 'cohandle_done',
      note: '再报一次',
    }),
    403,
    'denied',
  );
  const declined = await p.clerk5.step(number, 'cohandle_decline', { note: '不涉及治安' });
  assert.deepEqual(declined.cohandlers.map((c) => c.state).sort(), ['declined', 'done']);
  assert.equal((await p.worker1.step(number, 'reply', reply)).state, 'answered');
});

test("a return needs a lawful reason and another's consent, and comes only once", async () => {
  const { number } = await report();
  await p.dispatcher1.step(number, 'assign', { unit: unitOf(p.clerk1) });
  const page = await p.clerk1.read(`/api/matters/${number}`);
  const { reasons } = action(page, 'ask_return');
  assert.ok(reasons.length >= 3 && reasons.every((r) => r.code && r.name));
  refused(
    await p.clerk1.post(`/api/matters/${number}/step`, {
      action: 'ask_return',
      reason: 'busy',
      note: '太忙',
    }),
    422,
    'input',
    'reason',
  );
  const asked = await p.clerk1.step(number, 'ask_return', {
    reason: reasons[0].code,
    note: '职责不在我局',
  });
  assert.equal(asked.ask, 'return');
  const decider = asked.request.unit_name;
  const who = Object.values(p).find(
    (q) => q.me.memberships[0].unit_name === decider && q.me.memberships[0].role === 'dispatcher',
  );
  const back = await who.step(number, 'approve', { note: '同意退回' });
  assert.equal(back.state, 'received');
  await who.step(number, 'assign', { unit: unitOf(p.clerk1) });
  refused(
    await p.clerk1.post(`/api/matters/${number}/step`, {
      action: 'ask_return',
      reason: reasons[0].code,
      note: '再退',
    }),
    409,
    'step',
  );
});

test('nobody decides on their own request, checks their own work, or decides twice', async () => {
  const { number } = await report();
  await p.dispatcher1.step(number, 'assign', { unit: unitOf(p.chief1) });
  await p.chief1.step(number, 'take');
  await p.chief1.step(number, 'ask_extension', { days: 3, note: '等鉴定' });
  refused(await p.chief1.post(`/api/matters/${number}/step`, { action: 'approve' }), 409, 'step');
  const page = await p.supervisor1.read(`/api/matters/${number}`);
  assert.equal(action(page, 'approve').ok, true);
  const seen = await p.supervisor1.step(number, 'refuse', { note: '材料不足' });
  assert.equal(seen.ask, undefined);
  refused(
    await p.supervisor1.post(`/api/matters/${number}/step`, { action: 'approve' }),
    409,
    'step',
  );
  const own = await p.dispatcher1.write('/api/matters', {
    text: '巡查见楼道堆物',
    category: '0101',
    grid: grids.ours,
    origin: 'window',
    name: '来访人',
  });
  assert.match(own.code, /-/);
});

test('extensions end: two at most', async () => {
  const { number } = await report();
  await p.worker1.step(number, 'take');
  for (let i = 0; i < 2; i++) {
    await p.worker1.step(number, 'ask_extension', { days: 1, note: '再等一天' });
    await p.supervisor3.step(number, 'approve');
  }
  refused(
    await p.worker1.post(`/api/matters/${number}/step`, {
      action: 'ask_extension',
      days: 1,
      note: '还要等',
    }),
    409,
    'step',
  );
});

test('a deferral pauses the clock; resuming brings the time left back, a day at least', async () => {
  const { number } = await report();
  const taken = await p.worker1.step(number, 'take');
  await p.worker1.step(number, 'ask_deferral', { days: 10, note: '产权人在外地' });
  const deferred = await p.supervisor3.step(number, 'approve');
  assert.equal(deferred.state, 'deferred');
  assert.equal(deferred.clock.paused, true);
  assert.ok(deferred.due_ms > taken.due_ms);
  const resumed = await p.worker1.step(number, 'resume');
  assert.equal(resumed.clock.paused, false);
  const aDay = 24 * 60 * 60 * 1000;
  const due = Math.max(taken.due_ms, Date.now() + aDay); // short in the evening, before working hours
  assert.ok(Math.abs(resumed.due_ms - due) < 60_000, `${resumed.due_ms} for ${due}`);
});

test('nobody joins what is answered, so nobody is left without an answer when it closes', async () => {
  for (const state of ['answered', 'verified', 'closed', 'withdrawn', 'rejected', 'merged']) {
    const { number } = await bring(state);
    refused(
      await anybody.post('/api/reports', { text: '我家门口也是', join: number }),
      409,
      'step',
      'join',
    );
  }
});

test('an answer of white space around one character is none', async () => {
  const { number } = await report();
  await p.worker1.step(number, 'take');
  const answer = { action: 'reply', ...reply, reply: '     好     ' };
  refused(await p.worker1.post(`/api/matters/${number}/step`, answer), 422, 'input', 'reply');
});

test('who joins what was merged is told where it went', async () => {
  const [gone, kept] = [await report(), await report()];
  await p.dispatcher1.step(gone.number, 'merge', { number2: kept.number });
  const sent = { text: '我家门口也是', join: gone.number };
  const inChinese = refused(await anybody.post('/api/reports', sent), 409, 'step', 'join');
  const inEnglish = await city.anybody('en').post('/api/reports', sent);
  assert.match(inChinese.message, /已并入/);
  assert.match(inEnglish.body.message, /was merged into/);
  for (const { message } of [inChinese, inEnglish.body]) {
    assert.ok(message.includes(kept.number), message);
  }
  await anybody.write('/api/reports', { ...sent, join: kept.number });
});

test('a bulk does each by itself and says for each what came of it', async () => {
  const ours = [await report(), await report()];
  const far = await report({ grid: grids.far });
  const answered = await bring('answered');
  const numbers = [ours[0].number, far.number, '320508-0000-0000', answered.number, ours[1].number];
  const { results } = await p.dispatcher1.write('/api/matters/bulk', {
    numbers,
    action: 'assign',
    unit: unitOf(p.clerk1),
    note: '集中整治',
  });
  assert.deepEqual(
    results.map((r) => [r.number, r.ok, r.code]),
    [
      [numbers[0], true, undefined],
      [numbers[1], false, 'missing'],
      [numbers[2], false, 'missing'],
      [numbers[3], false, 'step'],
      [numbers[4], true, undefined],
    ],
  );
  assert.ok(results.filter((r) => !r.ok).every((r) => r.message));
  for (const i of [0, 4])
    assert.equal((await p.clerk1.read(`/api/matters/${numbers[i]}`)).owner_unit, unitOf(p.clerk1));
  assert.equal((await p.dispatcher4.read(`/api/matters/${far.number}`)).seq, 1);
});

test('a worker settles a finding in one entry', async () => {
  const made = await p.worker1.write('/api/matters', {
    text: '巡查发现楼道堆物，住户当场搬走',
    category: '0101',
    grid: grids.ours,
    origin: 'patrol',
    solved: true,
    reply: '已当场清理',
  });
  const matter = await p.dispatcher1.read(`/api/matters/${made.number}`);
  assert.deepEqual([matter.state, matter.unanswered, matter.origin], ['answered', 0, 'patrol']);
  assert.equal(made.code, undefined);
});

test('search finds by two characters, by number, and what was written on the way', async () => {
  const { number } = await report({ text: '三单元消防栓漏水，地面结冰' });
  await p.worker1.step(number, 'take');
  await p.worker1.step(number, 'tell', { text: '已联系自来水抢修' });
  const find = async (q) =>
    (await p.worker1.read(`/api/search?q=${encodeURIComponent(q)}`)).items.map((m) => m.number);
  for (let waited = 0; waited < 15_000 && !(await find('抢修')).includes(number); waited += 200) {
    await new Promise((done) => {
      setTimeout(done, 200);
    });
  }
  for (const q of ['抢修', '结冰', '消防栓漏水', number])
    assert.ok((await find(q)).includes(number), q);
  refused(await p.worker1.get('/api/search?q=%E7%81%AF'), 422, 'input', 'q');
});
