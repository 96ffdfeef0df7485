// access.test.mjs: who may call what, and on which matters. Every staff route is tried by every demo
// account, by nobody and by the holder of a receipt; what lies outside a person's scope does not
// exist for them, in any list, page, photo or live update.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  described,
  grids,
  newKey,
  openapi,
  password,
  program,
  refused,
  startCity,
} from './city.mjs';
import { png } from './picture.mjs';

const accounts = readFileSync(join(import.meta.dirname, '../../data/demo/account.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',')[0]);
/** [{method, path, name, roles}] from the program's own table. */
const routes = described('permissions')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, method]) => method === 'GET' || method === 'POST')
  .map(([, method, path, name, roles]) => ({ method, path, name, roles: roles.split(' ') }));
const staffRoutes = routes.filter(
  ({ roles }) => !roles.includes('public') && !roles.includes('reporter'),
);
const phone = '13912345678';

let city, people, matters;

before(async () => {
  city = await startCity('--no-limits');
  people = await Promise.all(accounts.map((name) => city.signIn(name)));
  const anybody = city.anybody();
  const photo = await anybody.call('POST', '/api/uploads', png(), { 'Content-Type': 'image/png' });
  matters = await Promise.all(
    Object.values(grids).map(async (grid, i) => {
      const receipt = await anybody.write('/api/reports', {
        text: `楼道堆满杂物 ${i}`,
        grid,
        category: '0101',
        name: '沈阿姨',
        phone,
        uploads: i ? [] : [photo.body.upload],
      });
      return { ...receipt, grid };
    }),
  );
});
after(() => city?.stop());

/** The rule, a second time: the owner's people, and those whose role covers the territory. */
const coversTerritory = new Set([
  'grid_worker',
  'grid_lead',
  'dispatcher',
  'supervisor',
  'auditor',
]);
const digits = { 2: 4, 3: 6, 4: 9, 5: 12 };
function mayRead(person, matter) {
  const community = matter.grid.slice(0, 12);
  return person.me.memberships.some(
    ({ unit, role, level }) =>
      role !== 'wall' &&
      (unit === community ||
        (coversTerritory.has(role) && community.startsWith(unit.slice(0, digits[level])))),
  );
}
const rolesOf = (person) => person.me.memberships.map((m) => m.role);
const mayCall = (person, route) => rolesOf(person).some((role) => route.roles.includes(role));
const address = (route, number) =>
  route.path.replace(':number', number).replace(':id', '1').replace(':name', 'cover');
const bodies = {
  step: { action: 'note', note: '看过现场' },
  reveal: { reporter: 1, purpose: '电话回访' },
  ask_for: { reporter: 1, kind: 'see', how: 'in_person' },
  transfer_answer: { answer: 'accepted' },
  scan_add: { paper: 'identity', party: 1, caption: '已核对' },
  scan_off: { note: '登错了' },
  dossier_file: { retention: 'long' },
  bulk: { numbers: ['x'], action: 'note', note: 'x' },
  entry: { text: '', origin: 'patrol' },
};
const call = (person, route, number) =>
  person.call(
    route.method,
    address(route, number),
    route.method === 'POST' ? (bodies[route.name] ?? {}) : undefined,
  );

test('there are staff routes, and the accounts cover every role', () => {
  assert.ok(staffRoutes.length >= 12);
  assert.equal(new Set(people.flatMap(rolesOf)).size, 10);
});

test('nobody and receipt holders reach no staff route', async () => {
  for (const route of staffRoutes) {
    refused(await call(city.anybody(), route, matters[0].number), 401, 'login');
    refused(await call(city.reporter(matters[0].code), route, matters[0].number), 403, 'denied');
  }
  refused(await city.anybody().get('/api/events'), 401, 'login');
  refused(await city.reporter(matters[0].code).get('/api/events'), 403, 'denied');
});

test('nobody reaches a receipt without its code', async () => {
  for (const route of routes.filter(({ path }) => path.startsWith('/api/receipt'))) {
    const path = route.path.replace(':action', 'message').replace(':id', '1').replace(':name', 'notice');
    refused(
      await city
        .anybody()
        .call(route.method, path, route.method === 'POST' ? { text: 'x' } : undefined),
      401,
      'login',
    );
    refused(
      await people[0].call(route.method, path, route.method === 'POST' ? { text: 'x' } : undefined),
      403,
      'denied',
    );
  }
});

test('every account on every route of a matter: outside its scope there is nothing, inside what its role allows', async () => {
  const tried = { own: 0, foreign: 0, denied: 0 };
  for (const route of staffRoutes.filter(({ path }) => path.includes(':number'))) {
    for (const matter of matters)
      await Promise.all(
        people.map(async (person) => {
          const answer = await call(person, route, matter.number);
          const who = `${person.me.username} ${route.name} ${matter.grid}`;
          if (!mayCall(person, route)) {
            tried.denied++;
            assert.equal(answer.status, 403, who);
          } else if (!mayRead(person, matter)) {
            tried.foreign++;
            assert.equal(answer.status, 404, who);
            assert.equal(answer.body.code, 'missing', who);
          } else {
            tried.own++;
            const expected =
              route.path.startsWith('/api/disputes')
                ? [404] // it is no dispute
                : route.name === 'photo'
                ? matter === matters[0]
                  ? [200]
                  : [404]
                : route.name === 'step'
                  ? [200, 403, 409]
                  : route.name === 'ask_for'
                    ? [200, 409] // somebody asked before
                  : route.name === 'reveal'
                    ? [200, 403]
                    : [200];
            assert.ok(
              expected.includes(answer.status),
              `${who}: ${answer.status} ${answer.text.slice(0, 200)}`,
            );
          }
        }),
      );
  }
  assert.ok(
    Object.values(tried).every((n) => n > 20),
    JSON.stringify(tried),
  );
});

// Drafts and their rehearsals are the city's and the counties': below these levels a role is not enough.
const lowestLevel = {
  rehearsals: 3,
  rehearse: 3,
  draft_save: 3,
  regrid_left: 3,
  regrid: 3,
};
const isHighEnough = (person, { name }) =>
  name === 'disputes' // of a committee, for its own people
    ? person.me.memberships.some((m) => m.unit_name.endsWith('人民调解委员会'))
    : !lowestLevel[name] || person.me.memberships.some((m) => m.level <= lowestLevel[name]);

test('routes without a matter answer exactly the roles they name', async () => {
  for (const route of staffRoutes.filter(
    ({ path, name }) => !path.includes(':') && name !== 'logout',
  )) {
    await Promise.all(
      people.map(async (person) => {
        const { status, text } = await call(person, route, '');
        const who = `${person.me.username} ${route.name}: ${status} ${text.slice(0, 200)}`;
        if (mayCall(person, route) && isHighEnough(person, route))
          assert.ok([200, 422].includes(status), who);
        else assert.ok(status === 403 || (mayCall(person, route) && status === 422), who);
      }),
    );
  }
});

test('nobody is offered a work list or a search that the next call refuses', async () => {
  for (const person of people) {
    const offered = new Set(person.me.can);
    for (const [word, path] of [
      ['queue', '/api/matters?view=mine'],
      ['search', '/api/search?q=%E6%A5%BC%E9%81%93'],
    ]) {
      const { status } = await person.call('GET', path);
      assert.equal(status === 200, offered.has(word), `${person.me.username} ${word}: ${status}`);
    }
  }
});

test('no list shows what its reader may not open', async () => {
  const views = ['mine', 'unit', 'pool', 'region', 'cohandle', 'ask', 'overdue'];
  let shown = 0;
  await Promise.all(
    people
      .filter((p) => !rolesOf(p).some((r) => r === 'wall' || r === 'admin'))
      .map(async (person) => {
        const numbers = new Set();
        for (const view of views) {
          for (const order of ['due', 'new']) {
            const answer = await person.get(`/api/matters?view=${view}&order=${order}&limit=20`);
            if (answer.status === 403) continue;
            if (order === 'new' && view !== 'unit' && view !== 'region') {
              assert.equal(answer.status, 422, view);
              continue;
            }
            answer.body.items.forEach((m) => numbers.add(m.number));
          }
        }
        for (const { number } of matters) {
          const answer = await person.get(`/api/matters/${number}/similar`);
          if (answer.status === 200) answer.body.items.forEach((m) => numbers.add(m.number));
        }
        (await person.read('/api/search?q=楼道')).items.forEach((m) => numbers.add(m.number));
        for (const matter of matters.filter((m) => !mayRead(person, m)))
          assert.ok(!numbers.has(matter.number), `${person.me.username} ${matter.number}`);
        for (const number of [...numbers].slice(0, 60)) {
          assert.equal(
            (await person.get(`/api/matters/${number}`)).status,
            200,
            `${person.me.username} ${number}`,
          );
          shown++;
        }
      }),
  );
  assert.ok(shown > 200, `${shown}`);
});

test('a clerk who has one matter is not shown its neighbours', async () => {
  const clerk = people.find((p) => p.me.username === 'clerk1');
  const dispatcher = people.find((p) => p.me.username === 'dispatcher1');
  const at = await city.anybody().read(`/api/grids/${grids.ours}`);
  const made = await Promise.all(
    [1, 2].map((i) =>
      city.anybody().write('/api/reports', {
        text: `楼道杂物 ${i}`,
        category: '0101',
        lon: at.lon,
        lat: at.lat,
      }),
    ),
  );
  await dispatcher.step(made[0].number, 'assign', { unit: clerk.me.memberships[0].unit });
  assert.ok(
    (await dispatcher.read(`/api/matters/${made[0].number}/similar`)).items.some(
      (m) => m.number === made[1].number,
    ),
  );
  assert.ok(
    (await clerk.read(`/api/matters/${made[0].number}/similar`)).items.every(
      (m) => m.number !== made[1].number,
    ),
  );
  refused(await clerk.get(`/api/matters/${made[1].number}`), 404, 'missing');
});

test('a role that sees no matters opens no list of its unit, whatever other roles its holder has', async () => {
  const { me } = people.find((person) => person.me.username === 'clerk1');
  const unit = grids.ours.slice(0, 12);
  assert.ok(me.memberships.every((m) => m.unit !== unit));
  const of = `account = (SELECT id FROM account WHERE username = 'clerk1') AND unit = ${unit}`;
  city.database.change(`INSERT INTO membership (account, unit, role)
    SELECT id, ${unit}, 'wall' FROM account WHERE username = 'clerk1'`);
  const clerk = await city.signIn('clerk1');
  refused(await clerk.get(`/api/matters?view=unit&unit=${unit}`), 403, 'denied', 'unit');
  assert.equal((await clerk.get('/api/matters?view=unit')).status, 200);
  city.database.change(`DELETE FROM membership WHERE ${of}`);
});

test('who was involved may still read what has gone on', async () => {
  const worker = people.find((p) => p.me.username === 'worker1');
  const clerk = people.find((p) => p.me.username === 'clerk1');
  const dispatcher = people.find((p) => p.me.username === 'dispatcher1');
  const { number } = await city
    .anybody()
    .write('/api/reports', { text: '楼道杂物', category: '0101', grid: grids.ours });
  refused(await clerk.get(`/api/matters/${number}`), 404, 'missing');
  await dispatcher.step(number, 'assign', { unit: clerk.me.memberships[0].unit });
  await clerk.step(number, 'take');
  await dispatcher.step(number, 'assign', { unit: worker.me.memberships[0].unit });
  assert.equal(
    (await clerk.read(`/api/matters/${number}`)).owner_unit,
    worker.me.memberships[0].unit,
  );
  assert.equal((await clerk.step(number, 'note', { note: '移交说明' })).number, number);
});

test("a page that is not ours cannot write with the browser's cookie", async () => {
  const worker = await city.signIn('worker1');
  const path = `/api/matters/${matters[0].number}/step`;
  const note = { action: 'note', note: '记一笔' };
  refused(await worker.post(path, note, { 'X-CSRF': undefined }), 403, 'denied', 'X-CSRF');
  refused(await worker.post(path, note, { 'X-CSRF': 'x'.repeat(43) }), 403, 'denied', 'X-CSRF');
  const other = await city.signIn('worker1');
  refused(await worker.post(path, note, { 'X-CSRF': other.me.csrf }), 403, 'denied', 'X-CSRF');
  refused(
    await worker.post(path, note, { Origin: 'https://elsewhere.example' }),
    403,
    'denied',
    'Origin',
  );
  await worker.write(path, note, { Origin: city.base });
});

test('signing out ends the session for good, and only that one', async () => {
  const [one, two] = await Promise.all([city.signIn('worker2'), city.signIn('worker2')]);
  const cookie = one.headers.Cookie;
  await one.write('/api/logout');
  assert.doesNotMatch(one.headers.Cookie ?? '', /fq_session/, 'the browser forgets it');
  refused(await one.get('/api/me', { Cookie: cookie }), 401, 'login');
  refused(
    await one.post(
      `/api/matters/${matters[0].number}/step`,
      { action: 'take' },
      { Cookie: cookie },
    ),
    401,
    'login',
  );
  await two.read('/api/me');
  refused(await city.anybody().get('/api/me', { Cookie: 'fq_session=made-up' }), 401, 'login');
});

test('what another process takes away is gone at the next writing call, and for reading after a second: the session, the role, the account', async () => {
  const { change } = city.database;
  const path = `/api/matters/${matters[0].number}`;
  const note = { action: 'note', note: '记一笔' };
  const readingIsLate = () => sleep(1100);
  const who = 'SELECT id FROM account WHERE username =';
  const [one, two, three, four] = await Promise.all(
    ['lead1', 'supervisor3', 'mediator2', 'dispatcher3'].map((name) => city.signIn(name)),
  );
  await one.read(path);
  change(`UPDATE session SET expires_ms = 1 WHERE account = (${who} 'lead1')`);
  refused(await one.post(`${path}/step`, note), 401, 'login');
  await readingIsLate();
  refused(await one.get(path), 401, 'login');
  await two.write(`${path}/step`, note);
  change(`UPDATE membership SET role = 'auditor' WHERE account = (${who} 'supervisor3')`);
  refused(await two.post(`${path}/step`, note), 403, 'denied');
  await two.read(path);
  await four.read('/api/counts');
  change(`DELETE FROM membership WHERE account = (${who} 'dispatcher3')`);
  refused(await four.post(`${path}/step`, note), 403, 'denied');
  await readingIsLate();
  refused(await four.get('/api/counts'), 403, 'denied');
  await three.read('/api/me');
  change(`UPDATE account SET disabled = 1 WHERE username = 'mediator2'`);
  await readingIsLate();
  refused(await three.get('/api/me'), 401, 'login');
  const again = await city.anybody().post('/api/login', { username: 'mediator2', password });
  refused(again, 401, 'login', 'password');
});

test('the session cookie is out of reach of scripts and other sites', async () => {
  const answer = await city.anybody().post('/api/login', { username: 'lead1', password });
  assert.match(answer.headers.get('set-cookie'), /HttpOnly/);
  assert.match(answer.headers.get('set-cookie'), /SameSite=Strict/);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
});

test('confidence is kept: only the desk sees and opens the contact, and each opening is recorded', async () => {
  const by = (name) => people.find((p) => p.me.username === name);
  const secret = '13700009999';
  const receipt = await city.anybody().write('/api/reports', {
    text: '楼道堆满杂物',
    category: '0101',
    grid: grids.ours,
    name: '不愿透露',
    phone: secret,
    confidential: true,
  });
  const [seenByWorker, seenByDesk] = await Promise.all(
    ['worker1', 'dispatcher1'].map((name) => by(name).read(`/api/matters/${receipt.number}`)),
  );
  assert.equal(seenByWorker.confidential, true);
  assert.deepEqual(
    [
      seenByWorker.reporters[0].name,
      seenByWorker.reporters[0].phone,
      seenByWorker.reporters[0].has_contact,
    ],
    ['', '', false],
  );
  assert.deepEqual(
    [seenByDesk.reporters[0].name, seenByDesk.reporters[0].phone],
    ['不**', '137****9999'],
  );
  const reveal = (person, number) =>
    person.post(`/api/matters/${number}/reveal`, { reporter: 1, purpose: '电话回访' });
  refused(await reveal(by('worker1'), receipt.number), 403, 'denied');
  refused(await reveal(by('auditor1'), receipt.number), 403, 'denied');
  const opened = await reveal(by('dispatcher1'), receipt.number);
  assert.deepEqual(opened.body, { name: '不愿透露', phone: secret });
  const ours = await reveal(by('worker1'), matters[0].number);
  assert.equal(ours.body.phone, phone);
  const rows = city.database.rows(
    'SELECT l.purpose, l.fields, a.username FROM access_log l JOIN account a ON a.id = l.account ORDER BY l.id',
  );
  const last = rows.slice(-2).map(({ purpose, username }) => ({ purpose, username }));
  assert.deepEqual(last, [
    { purpose: '电话回访', username: 'dispatcher1' },
    { purpose: '电话回访', username: 'worker1' },
  ]);
  assert.ok(
    !JSON.stringify(await city.reporter(receipt.code).read('/api/receipt')).includes('不愿透露'),
  );
});

test('contact details lie sealed on the disk and nowhere in the log', async () => {
  const files = readdirSync(city.folder, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile())
    .map((f) => readFileSync(join(f.parentPath, f.name)))
    .concat(city.database.contents());
  assert.ok(
    files.some((bytes) => bytes.includes('楼道堆满杂物')),
    'the texts are there',
  );
  for (const secret of [phone, '13700009999', '不愿透露', password]) {
    const forms = [secret, Buffer.from(secret).toString('hex')];
    assert.ok(!files.some((bytes) => forms.some((form) => bytes.includes(form))), secret);
    assert.ok(!city.log.includes(secret), secret);
  }
});

test('the same words open nothing elsewhere: a code reads its own matter only', async () => {
  const [one, two] = matters;
  assert.equal((await city.reporter(one.code).read('/api/receipt')).number, one.number);
  refused(await city.reporter(two.code).get('/api/receipt/photos/1'), 404, 'missing');
  const answer = await city
    .reporter(one.code)
    .post('/api/receipt/message', { text: '补充一句' }, { 'Idempotency-Key': newKey() });
  assert.equal(answer.body.number, one.number);
  assert.ok(openapi.paths['/api/receipt'], program);
});
