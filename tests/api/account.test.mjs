// account.test.mjs: accounts as administrators set them up and as their owners keep them: only within
// one's territory, nothing that reaches beyond one's own rights, every act recorded with who and
// why; passwords, second factors and sessions; and a lock that keeps out who guesses and nobody else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { password, refused, run, startCity } from './city.mjs';
import { totp } from './totp.mjs';

const unit = { city: '320500000000', county: '320508000000', town: '320508018000' };
const own = 'oak lamp ferry quilt';
const other = 'river glass button moth';
let city, admin, ids;
before(async () => {
  city = await startCity('--no-limits');
  admin = await city.signIn('admin1');
  const rows = city.database.rows('SELECT id, code FROM unit');
  ids = (code) => String(rows.find((row) => row.code === code).id);
});
after(() => city?.stop());

const role = (code, name, more = {}) => ({ unit: ids(code), role: name, ...more });
let made = 0;
const add = (by, memberships, more = {}) =>
  by.post('/api/accounts', { username: `person${++made}`, name: '沈知远', memberships, why: '新入职', ...more });
/** Signs in with any password; the answer, and somebody to go on with. */
async function enter(username, word, code, where = city) {
  const person = where.anybody();
  const answer = await person.post('/api/login', { username, password: word, ...(code ? { code } : {}) });
  if (answer.status === 200) {
    person.me = answer.body;
    person.headers['X-CSRF'] = answer.body.csrf;
  }
  return { answer, person };
}
/** Somebody new who has chosen a password of their own. */
async function newcomer(memberships) {
  const { body } = await add(admin, memberships);
  const { person } = await enter(body.username, body.password);
  await person.write('/api/account/password', { current: body.password, password: own });
  return { ...body, person };
}
async function withFactor(account) {
  const { secret } = await account.person.read('/api/account/second-factor');
  const { codes } = await account.person.write('/api/account/second-factor', {
    current: own, secret, code: totp(secret, -1) });
  return { secret, codes };
}
const act = (by, id, name) => by.post(`/api/accounts/${id}/act`, { act: name, why: '本人申请' });

test('an account is added with a one-time password, which opens nothing but its own change', async () => {
  const answer = await add(admin, [role(unit.town, 'dispatcher')], { phone: '13800001234' });
  const { username, id, password: once } = answer.body;
  assert.match(once, /^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/);
  assert.deepEqual(answer.body.memberships.map((m) => [m.role, m.state]), [['dispatcher', 'current']]);
  const { person } = await enter(username, once);
  assert.deepEqual(person.me.must, ['password']);
  assert.deepEqual(person.me.memberships, []);
  for (const path of ['/api/counts', '/api/matters', '/api/events']) {
    refused(await person.get(path), 403, 'denied', 'password');
  }
  const change = (current, word) => person.post('/api/account/password', { current, password: word });
  refused(await change('wrong', own), 422, 'input', 'current');
  const easy = ['short', 'password2026!', 'woaini1314520', 'qwertyuiop12', 'aaaaaaaaaaaaaa'];
  for (const bad of [...easy, `${username}-oak`, once]) {
    refused(await change(once, bad), 422, 'input', 'password');
  }
  assert.equal((await change(once, own)).status, 200);
  assert.deepEqual((await person.read('/api/me')).must, []);
  await person.read('/api/counts');
  refused((await enter(username, once)).answer, 401, 'login', 'password');
  const seen = await admin.read(`/api/accounts/${id}`);
  assert.equal(seen.password, undefined);
  assert.deepEqual(seen.changes.map((c) => [c.act, c.by, c.why]),
    [['own_password', '沈知远', ''], ['add', '汪成', '新入职']]);
});

test('what is wrong with an account is said with its field', async () => {
  const cases = [
    [{ username: '大写' }, 'username'], [{ username: 'admin1' }, 'username'], [{ name: '  ' }, 'name'],
    [{ phone: '12a' }, 'phone'], [{ why: '' }, 'why'], [{ memberships: [] }, 'memberships'],
    [{ memberships: [role(unit.town, 'king')] }, 'memberships'],
    [{ memberships: [{ unit: '9', role: 'clerk' }] }, 'memberships'],
    [{ memberships: [role(unit.town, 'clerk'), role(unit.town, 'clerk')] }, 'memberships'],
    [{ memberships: [role(unit.town, 'clerk', { to_ms: 1000 })] }, 'memberships'],
    [{ memberships: [role(unit.town, 'clerk', { from_ms: 3e12, to_ms: 2e12 })] }, 'memberships'],
  ];
  for (const [more, field] of cases) {
    refused(await add(admin, [role(unit.town, 'clerk')], more), 422, 'input', field);
  }
});

test('nobody gives or touches what reaches beyond their own', async () => {
  const county = await newcomer([role(unit.county, 'admin')]);
  const boss = county.person;
  refused(await add(admin, [role(unit.city, 'admin')]), 422, 'input', 'memberships');
  refused(await add(admin, [role(unit.city, 'auditor')]), 422, 'input', 'memberships');
  for (const beyond of [
    role(unit.city, 'clerk'),
    role('320581000000', 'clerk'),
    role(unit.county, 'admin'),
    role(unit.county, 'auditor'),
  ]) {
    refused(await add(boss, [role(unit.town, 'clerk'), beyond]), 422, 'input', 'memberships');
  }
  const town = (await add(boss, [role(unit.town, 'admin')])).body;
  assert.equal(town.may_change, true);
  const both = (await add(admin, [role(unit.town, 'clerk'), role(unit.city, 'clerk')])).body;
  assert.equal((await boss.read(`/api/accounts/${both.id}`)).may_change, false);
  refused(await act(boss, both.id, 'password'), 403, 'denied', 'id');
  const mine = await boss.read(`/api/accounts/${county.id}`);
  assert.equal(mine.may_change, false);
  refused(await act(boss, county.id, 'second_factor'), 403, 'denied', 'id');
  const [far] = city.database.rows(`SELECT id FROM account WHERE username = 'dispatcher5'`);
  refused(await boss.get(`/api/accounts/${far.id}`), 404, 'missing', 'id');
  refused(await act(boss, far.id, 'disable'), 404, 'missing', 'id');
  const { items } = await boss.read('/api/accounts?q=dispatcher');
  assert.deepEqual(items.map((a) => a.username).filter((name) => /^dispatcher\d$/.test(name)),
    ['dispatcher1', 'dispatcher2']);
  const units = await boss.read('/api/accounts/units?q=');
  assert.ok(units.items.every(({ roles }) => roles.length > 0));
  const [county1] = (await boss.read(`/api/accounts/units?q=${unit.county}`)).items;
  assert.ok(!county1.roles.some((r) => r.role === 'admin'));
  assert.deepEqual((await boss.read('/api/accounts/units?q=320581')).items, []);
});

test('an auditor looks and changes nothing; who is neither sees nothing', async () => {
  const auditor = await city.signIn('auditor1');
  const { items, may_add } = await auditor.read('/api/accounts?q=worker1');
  assert.equal(may_add, false);
  const view = await auditor.read(`/api/accounts/${items[0].id}`);
  assert.equal(view.may_change, false);
  refused(await act(auditor, items[0].id, 'disable'), 403, 'denied');
  const { items: changes } = await auditor.read('/api/accounts/changes');
  assert.ok(changes.some((c) => c.act === 'add' && c.by === '汪成' && c.why === '新入职'));
  const clerk = await city.signIn('clerk1');
  for (const path of ['/api/accounts', '/api/accounts/changes', `/api/accounts/${items[0].id}`]) {
    refused(await clerk.get(path), 403, 'denied');
  }
});

test('an auditor sees who read contact details of a territory, of which matter and why', async () => {
  const send = (text, more) => city.anybody().write('/api/reports',
    { text, category: '0101', name: '沈阿姨', phone: '13912345678', ...more });
  const mine = await send('楼道堆满杂物', { grid: '320508018023001' });
  const far = await send('路灯不亮', { grid: '320581006001001' });
  const reveal = (person, { number }, purpose) =>
    person.write(`/api/matters/${number}/reveal`, { reporter: 1, purpose });
  await reveal(await city.signIn('dispatcher1'), mine, '电话回访');
  await reveal(await city.signIn('dispatcher4'), far, '约时间上门');
  const top = await city.signIn('auditor1');
  const county = (await newcomer([role(unit.county, 'auditor')])).person;
  const town = (await newcomer([role('320508017000', 'auditor')])).person;
  const seen = async (person, ask = '') => (await person.read(`/api/personal-reads${ask}`)).items
    .map((line) => [line.number, line.name, line.purpose]);
  const line = [mine.number, '吴静怡', '电话回访'];
  // unless asked for one, the county in which somebody read last
  const { area, areas } = await top.read('/api/personal-reads');
  assert.equal(area, 320581);
  const lasts = new Map(areas.map((a) => [a.area, a.last_ms]));
  assert.ok(lasts.get(320581) >= lasts.get(320508) && lasts.get(320506) === undefined);
  const page = await top.read('/api/personal-reads?area=320508&after=9000000000000000');
  assert.deepEqual(page.areas.map((a) => a.last_ms), areas.map(() => undefined), 'pages after the first');
  assert.deepEqual((await seen(top, '?area=320508'))[0], line);
  assert.deepEqual((await seen(top, '?area=320581'))[0], [far.number, '张秋月', '约时间上门']);
  assert.deepEqual((await seen(county))[0], line);
  assert.deepEqual(await seen(county, `?number=${mine.number}`), [line]);
  assert.ok(!(await seen(town)).some(([number]) => number === mine.number));
  refused(await county.get('/api/personal-reads?area=320581'), 422, 'input', 'area');
  refused(await county.get(`/api/personal-reads?number=${far.number}`), 422, 'input', 'number');
  refused(await admin.get('/api/personal-reads'), 403, 'denied');
  assert.ok(!JSON.stringify(await top.read('/api/personal-reads?area=320508')).includes('沈阿姨'));
});

test('roles begin and end on their days', async () => {
  const day = 86400_000;
  const soon = { from_ms: Date.now() + day, to_ms: Date.now() + 9 * day };
  const someone = await newcomer([
    role(unit.town, 'dispatcher'),
    role(unit.county, 'supervisor', soon),
  ]);
  const view = () => admin.read(`/api/accounts/${someone.id}`);
  const roles = async () => (await view()).memberships.map((m) => [m.role, m.state]);
  assert.deepEqual((await someone.person.read('/api/me')).memberships.map((m) => m.role), ['dispatcher']);
  assert.deepEqual((await roles()).sort(), [['dispatcher', 'current'], ['supervisor', 'planned']]);
  const set = (memberships) => admin.write(`/api/accounts/${someone.id}/memberships`, { memberships, why: '调岗' });
  const later = { from_ms: Date.now() + 2 * day };
  const after = await set([role(unit.town, 'chief'), role(unit.county, 'supervisor', later)]);
  assert.deepEqual(after.memberships.map((m) => [m.role, m.state]).sort(),
    [['chief', 'current'], ['dispatcher', 'ended'], ['supervisor', 'planned']]);
  assert.match(after.changes[0].detail, /部门负责人.*督办员/);
  await sleep(1100);
  assert.deepEqual((await someone.person.read('/api/me')).memberships.map((m) => m.role), ['chief']);
  const shift = (what, name) => city.database.change(
    `UPDATE membership_term SET ${what} = 1000 WHERE account = ${someone.id} AND role = '${name}'`);
  shift('to_ms', 'chief');
  shift('from_ms', 'supervisor');
  await city.restart();
  const held = () => city.database.rows(`SELECT role FROM membership WHERE account = ${someone.id}`);
  for (let i = 0; i < 100 && held()[0]?.role !== 'supervisor'; i++) await sleep(100);
  assert.deepEqual(held(), [{ role: 'supervisor' }]);
});

test('a second factor: set up with a code, asked for at every sign-in, each code once', async () => {
  const someone = await newcomer([role(unit.town, 'dispatcher')]);
  const begun = await someone.person.read('/api/account/second-factor');
  assert.match(begun.uri, new RegExp(`secret=${begun.secret}&`));
  assert.match(begun.svg, /^<svg [^]*<\/svg>$/);
  const set = (more) => someone.person.post('/api/account/second-factor',
    { current: own, secret: begun.secret, code: totp(begun.secret), ...more });
  refused(await set({ current: 'wrong' }), 422, 'input', 'current');
  refused(await set({ code: totp(begun.secret, 9) }), 422, 'input', 'code');
  refused(await set({ secret: 'A'.repeat(33) }), 422, 'input', 'secret');
  const { secret, codes } = await withFactor(someone);
  assert.equal(new Set(codes).size, 10);
  const stored = JSON.stringify(city.database.rows('SELECT * FROM second_factor'));
  assert.ok(!stored.includes(secret));
  refused((await enter(someone.username, own)).answer, 401, 'login', 'code');
  refused((await enter(someone.username, own, totp(secret, 7))).answer, 401, 'login', 'code');
  refused((await enter(someone.username, 'wrong', totp(secret))).answer, 401, 'login', 'password');
  const code = totp(secret);
  assert.equal((await enter(someone.username, own, code)).answer.status, 200);
  refused((await enter(someone.username, own, code)).answer, 401, 'login', 'code');
  const recover = () => enter(someone.username, own, codes[3].toUpperCase());
  const tries = await Promise.all([recover(), recover()]);
  assert.deepEqual(tries.map((t) => t.answer.status).sort(), [200, 401]);
  const { person } = tries.find((t) => t.answer.status === 200);
  assert.equal((await person.read('/api/account')).codes_left, 9);
  const fresh = await person.write('/api/account/recovery-codes', { current: own });
  refused((await enter(someone.username, own, codes[4])).answer, 401, 'login', 'code');
  assert.equal((await enter(someone.username, own, fresh.codes[4])).answer.status, 200);
  const taken = await act(admin, someone.id, 'second_factor');
  assert.equal(taken.body.factor, false);
  refused(await person.get('/api/me'), 401, 'login');
  assert.equal((await enter(someone.username, own)).answer.status, 200);
});

test('of 64 who come with one and the same code, one gets in', async () => {
  const someone = await newcomer([role(unit.town, 'dispatcher')]);
  const { secret } = await withFactor(someone);
  const code = totp(secret);
  const all = Array.from({ length: 64 }, () => enter(someone.username, own, code));
  const tries = await Promise.all(all);
  const inside = tries.filter(({ answer }) => answer.status === 200);
  assert.equal(inside.length, 1);
  for (const { answer } of tries) {
    if (answer.status !== 200) assert.ok([401, 503].includes(answer.status), `${answer.status}`);
  }
  await inside[0].person.read('/api/me');
});

test('a session that somebody else has chosen is never taken over', async () => {
  const chosen = 'A'.repeat(43);
  const victim = city.anybody();
  victim.headers.Cookie = `fq_session=${chosen}`;
  const { csrf } = await victim.write('/api/login', { username: 'worker1', password });
  assert.ok(!victim.headers.Cookie.includes(chosen), 'the session is a new one');
  refused(await city.anybody().get('/api/me', { Cookie: `fq_session=${chosen}` }), 401, 'login');
  const attacker = await city.signIn('worker2');
  refused(await attacker.post('/api/logout', {}, { 'X-CSRF': csrf }), 403, 'denied', 'X-CSRF');
  await victim.read('/api/me');
});

test('a setting says which roles need a second factor; until there is one they do nothing else', async () => {
  const someone = await newcomer([role(unit.town, 'chief')]);
  const set = (value) => assert.equal(run('setting', ...city.database.where, 'second_factor_roles', value).status, 0);
  assert.equal(run('setting', ...city.database.where, 'second_factor_roles', 'king').status, 1);
  set('chief wall');
  try {
    let person;
    for (let i = 0; i < 100 && !person?.me.must.length; i++) {
      await sleep(100); // until the server has noticed the setting
      ({ person } = await enter(someone.username, own));
    }
    assert.deepEqual(person.me.must, ['second_factor']);
    refused(await person.get('/api/counts'), 403, 'denied', 'second_factor');
    assert.equal((await person.read('/api/account')).factor_wanted, true);
    await withFactor({ person });
    assert.deepEqual((await person.read('/api/me')).must, []);
    await person.read('/api/counts');
    refused(await person.post('/api/account/second-factor/off', { current: own }), 403, 'denied', 'second_factor');
  } finally {
    set('');
  }
});

test('one sees and ends one’s own sessions, and no others', async () => {
  const someone = await newcomer([role(unit.town, 'clerk')]);
  const two = await enter(someone.username, own);
  const three = await enter(someone.username, own);
  const { sessions } = await someone.person.read('/api/account');
  assert.equal(sessions.length, 3);
  assert.equal(sessions.filter((s) => s.current).length, 1);
  assert.ok(sessions.every((s) => s.address === '127.0.0.1'));
  const end = (which) => someone.person.post('/api/account/sessions/end', { which });
  const [first] = (await two.person.read('/api/account')).sessions.filter((s) => s.current);
  assert.equal((await end(first.id)).status, 200);
  refused(await two.person.get('/api/me'), 401, 'login');
  await three.person.read('/api/me');
  refused(await end(first.id), 422, 'input', 'which');
  await end('others');
  refused(await three.person.get('/api/me'), 401, 'login');
  await someone.person.write('/api/account/password', { current: own, password: other });
  assert.equal((await someone.person.read('/api/account')).sessions.length, 1);
});

test('disabled is out at once, wherever they are; enabled is in again; a new password ends all', async () => {
  const someone = await newcomer([role(unit.town, 'clerk')]);
  assert.equal((await act(admin, someone.id, 'disable')).body.disabled, true);
  refused(await someone.person.get('/api/me'), 401, 'login');
  refused((await enter(someone.username, own)).answer, 401, 'login', 'password');
  await act(admin, someone.id, 'enable');
  const { person } = await enter(someone.username, own);
  const { body } = await act(admin, someone.id, 'password');
  refused(await person.get('/api/me'), 401, 'login');
  refused((await enter(someone.username, own)).answer, 401, 'login', 'password');
  assert.deepEqual((await enter(someone.username, body.password)).person.me.must, ['password']);
  city.database.change(`UPDATE account SET once_ms = 1000 WHERE id = ${someone.id}`);
  const late = (await enter(someone.username, body.password)).answer;
  assert.match(refused(late, 401, 'login', 'password').message, /过期/);
  const { changes } = await admin.read(`/api/accounts/${someone.id}`);
  assert.deepEqual(changes.map((c) => c.act), ['password', 'enable', 'disable', 'own_password', 'add']);
});

test('what was done to an account cannot be altered unnoticed', async () => {
  const verify = () => run('verify', ...city.database.options, '--json');
  assert.equal(verify().status, 0);
  const [line] = city.database.rows('SELECT account, why FROM account_change WHERE seq = 1 LIMIT 1');
  const write = (why) =>
    `UPDATE account_change SET why = '${why}' WHERE seq = 1 AND account = ${line.account};`;
  if (process.env.DB === 'postgres') {
    assert.throws(() => city.database.change(write('x')), /append-only|only/);
    return;
  }
  city.database.change(write('x'));
  const found = JSON.parse(verify().stdout).findings;
  const wanted = { code: 'account', number: String(line.account), seq: 1, position: -1 };
  assert.deepEqual(found, [wanted]);
  city.database.change(write(line.why));
});

test('the operator adds the first account and helps where no administrator can', async () => {
  const account = (...args) => run('account', ...args, ...city.database.options);
  const told = ({ stdout }) => stdout.match(/one-time password ([0-9a-z-]+) /)?.[1];
  const first = account('add', 'first.admin', '--name', '秦川', '--unit', unit.city);
  assert.equal(first.status, 0, first.stderr);
  await city.anybody().read('/api/config');
  const { person } = await enter('first.admin', told(first));
  assert.deepEqual(person.me.must, ['password']);
  await person.write('/api/account/password', { current: told(first), password: own });
  assert.ok((await person.read('/api/me')).can.includes('accounts'));
  assert.match(account('list', 'first').stdout, /^first\.admin .*秦川 .*管理员|Administrator/m);
  assert.match(account('password', 'first.admin').stderr, /why/);
  const why = ['--why', 'left the office'];
  assert.equal(account('disable', 'first.admin', ...why).status, 0);
  await city.anybody().read('/api/config'); // finds a connection, after so long a silence
  refused((await enter('first.admin', own)).answer, 401, 'login', 'password');
  for (const verb of ['enable', 'second-factor-reset']) {
    assert.equal(account(verb, 'first.admin', ...why).status, 0);
  }
  const again = account('password', 'first.admin', ...why);
  await city.anybody().read('/api/config');
  assert.deepEqual((await enter('first.admin', told(again))).person.me.must, ['password']);
  const auditor = await city.signIn('auditor1');
  const { items } = await auditor.read('/api/accounts?q=first.admin');
  const { changes } = await auditor.read(`/api/accounts/${items[0].id}`);
  const done = ['password', 'second_factor', 'enable', 'disable', 'own_password', 'add'];
  assert.deepEqual(changes.map((c) => c.act), done);
  assert.deepEqual([changes[0].by, changes[0].why], ['', 'left the office']);
  for (const [args, wrong] of [
    [['add', 'first.admin', '--unit', unit.city], /username/],
    [['add', 'second.one', '--unit', 'nowhere'], /unit/],
    [['unlock', 'nobody.here', ...why], /username/],
  ]) {
    const done = account(...args);
    assert.equal(done.status, 1, done.stderr);
    assert.match(done.stderr, wrong);
  }
  for (const args of [[], ['dance'], ['add'], ['unlock']]) assert.equal(account(...args).status, 2);
});

test('who guesses is kept out, and nobody else', async () => {
  const strict = await startCity();
  try {
    const at = (username, word, headers = {}) =>
      strict.anybody().post('/api/login', { username, password: word }, headers);
    const usual = strict.anybody();
    const usually = () => usual.post('/api/login', { username: 'worker1', password });
    assert.equal((await usually()).status, 200);
    assert.match(usual.headers.Cookie, /fq_place=/);
    const guesses = [];
    for (let i = 0; i < 14; i++) guesses.push((await at('worker1', `guess number ${i}`)).status);
    assert.deepEqual(guesses.slice(0, 9), Array(9).fill(401));
    assert.equal(guesses.at(-1), 429);
    refused(await at('worker1', password), 429, 'limit');
    assert.equal((await at('worker2', password)).status, 200, 'another account, the same address');
    assert.equal((await usually()).status, 200, 'where one usually is');
    const stolen = { Cookie: 'fq_place=made-up' };
    refused(await at('worker1', password, stolen), 429, 'limit');
    const boss = await strict.signIn('admin1');
    const { items } = await boss.read('/api/accounts?q=worker1');
    const worker = items.find((a) => a.username === 'worker1');
    await boss.write(`/api/accounts/${worker.id}/act`, { act: 'unlock', why: '本人来电' });
    assert.equal((await at('worker1', password)).status, 200, 'unlocked');
  } finally {
    await strict.stop();
  }
});
