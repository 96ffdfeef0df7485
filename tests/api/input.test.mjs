// input.test.mjs: what is wrong is refused with its code, field and remedy in the reader's language,
// and leaves nothing behind: no matter, no entry, no session, no used-up key.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { grids, newKey, refused, startCity } from './city.mjs';
import { png } from './picture.mjs';

let city, person, worker, english, number;
const good = { text: '门口的路灯不亮', grid: grids.ours };

before(async () => {
  city = await startCity('--no-limits');
  person = city.anybody();
  english = city.anybody('en');
  worker = await city.signIn('worker1');
  number = (await person.write('/api/reports', { text: '楼道堆满杂物', grid: grids.ours })).number;
});
after(() => city?.stop());

/** How many rows there are of all that a call could leave behind. */
/** All that people have brought about: the system's own steps, when an alarm of the city rings, are
 *  nobody's. */
function everything() {
  const tables = ['matter', 'entry', 'note', 'reporter', 'person', 'session', 'command_key'];
  const whose = { entry: " WHERE actor <> 'system'" };
  const counts = [...tables, 'upload', 'attachment', 'access_log'].map(
    (table) => `(SELECT count(*) FROM ${table}${whose[table] ?? ''}) AS "${table}"`,
  );
  return city.database.rows(`SELECT ${counts.join(', ')}`)[0];
}

const json = (value) => JSON.stringify(value);
const report = (change) => ['/api/reports', json({ ...good, ...change })];
const long = (n) => '长'.repeat(n);
const step = (change) => [`/api/matters/${number}/step`, json(change), worker];

/** name: [path, body, status, code, field, who] */
const cases = () => ({
  'an empty body': ['/api/reports', '', 422, 'input', 'text'],
  'no JSON': ['/api/reports', 'text=lamp', 400, 'syntax'],
  'JSON that ends early': ['/api/reports', '{"text":"路灯不亮"', 400, 'syntax'],
  'more after the JSON': ['/api/reports', `${json(good)}{}`, 400, 'syntax'],
  'a list instead of an object': ['/api/reports', '[]', 400, 'syntax'],
  'a key twice': ['/api/reports', '{"text":"路灯","text":"不亮"}', 400, 'syntax'],
  'a comment': ['/api/reports', '{/* */"text":"路灯不亮"}', 400, 'syntax'],
  'a trailing comma': ['/api/reports', '{"text":"路灯不亮",}', 400, 'syntax'],
  'not a number': ['/api/reports', '{"text":"路灯不亮","lon":NaN,"lat":31}', 400, 'syntax'],
  infinity: ['/api/reports', '{"text":"路灯不亮","lon":1e999,"lat":31}', 400, 'syntax'],
  'deep nesting': ['/api/reports', `${'['.repeat(20000)}`, 400, 'syntax'],
  'invalid UTF-8': [
    '/api/reports',
    Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
    400,
    'syntax',
  ],
  'overlong UTF-8': [
    '/api/reports',
    Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('abc"}')]),
    400,
    'syntax',
  ],
  'half a surrogate pair': ['/api/reports', '{"text":"\\ud800路灯"}', 400, 'syntax'],
  'a NUL': ['/api/reports', '{"text":"路灯\\u0000不亮","grid":"320508018023001"}', 400, 'syntax'],
  'a control character': [...report({ text: '路灯\u0007不亮' }), 422, 'input', 'text'],
  'a text that runs backwards': [...report({ text: '欠款\u202e0001元' }), 422, 'input', 'text'],
  'a place that is turned': [...report({ place_text: '\u2067门口\u2069' }), 422, 'input', 'place_text'],
  'a control of the second set': [...report({ text: '路灯\u0085不亮' }), 422, 'input', 'text'],
  'a line break in a line': [...report({ place_text: '门口\n旁边' }), 422, 'input', 'place_text'],
  'an unknown field': [...report({ color: 'red' }), 422, 'input', 'color'],
  'a field of the server': [...report({ owner_unit: '1' }), 422, 'input', 'owner_unit'],
  'a prototype': ['/api/reports', '{"text":"路灯不亮","__proto__":{}}', 422, 'input', '__proto__'],
  'text as a number': [...report({ text: 12 }), 422, 'input', 'text'],
  'text as null': [...report({ text: null }), 422, 'input', 'text'],
  'text as a list': [...report({ text: ['路灯'] }), 422, 'input', 'text'],
  'no text': [...report({ text: undefined }), 422, 'input', 'text'],
  'empty text': [...report({ text: '' }), 422, 'input', 'text'],
  'blank text': [...report({ text: ' 　 \n' }), 422, 'input', 'text'],
  'text that shows nothing': [...report({ text: '\u200b\u200b\u202e' }), 422, 'input', 'text'],
  'one character': [...report({ text: '灯' }), 422, 'input', 'text'],
  'too long a text': [...report({ text: long(2001) }), 422, 'input', 'text'],
  'too long a place': [...report({ place_text: long(201) }), 422, 'input', 'place_text'],
  'too long a name': [...report({ name: long(41) }), 422, 'input', 'name'],
  'a telephone of letters': [...report({ phone: 'callme' }), 422, 'input', 'phone'],
  'too short a telephone': [...report({ phone: '123' }), 422, 'input', 'phone'],
  'a yes that is text': [...report({ confidential: 'yes' }), 422, 'input', 'confidential'],
  'no place at all': [...report({ grid: undefined }), 422, 'input', 'place_text'],
  'longitude alone': ['/api/reports', json({ text: '路灯不亮', lon: 120.6 }), 422, 'input', 'lat'],
  'latitude alone': ['/api/reports', json({ text: '路灯不亮', lat: 31.3 }), 422, 'input', 'lon'],
  'a longitude off the globe': [
    '/api/reports',
    json({ text: '路灯不亮', lon: 181, lat: 31 }),
    422,
    'input',
    'lon',
  ],
  'a latitude off the globe': [
    '/api/reports',
    json({ text: '路灯不亮', lon: 120, lat: -90.1 }),
    422,
    'input',
    'lat',
  ],
  'another city': [
    '/api/reports',
    json({ text: '路灯不亮', lon: 116.4, lat: 39.9 }),
    422,
    'input',
    'lon',
  ],
  'coordinates as text': [
    '/api/reports',
    json({ text: '路灯不亮', lon: '120.6', lat: '31.3' }),
    422,
    'input',
    'lon',
  ],
  'an unknown coordinate system': [
    '/api/reports',
    json({ text: '路灯不亮', lon: 120.63, lat: 31.31, crs: 'utm' }),
    422,
    'input',
    'crs',
  ],
  'an unknown grid': [...report({ grid: '320508018023999' }), 422, 'input', 'grid'],
  'a grid as a number': [...report({ grid: 320508018023001 }), 422, 'input', 'grid'],
  'a grid with letters': [...report({ grid: '32050801802300x' }), 422, 'input', 'grid'],
  'a grid beyond 64 bits': [...report({ grid: '99999999999999999999' }), 422, 'input', 'grid'],
  'an unknown category': [...report({ category: '9999' }), 422, 'input', 'category'],
  'seven photos': [...report({ uploads: Array(7).fill('x') }), 422, 'input', 'uploads'],
  'a photo that is not there': [
    ...report({ uploads: ['nothing-of-that-name-here'] }),
    422,
    'input',
    'uploads',
  ],
  'photos as text': [...report({ uploads: 'x' }), 422, 'input', 'uploads'],
  'joining nothing': [...report({ join: '320508-0000-0000' }), 422, 'input', 'join'],
  'joining by a mistyped number': [...report({ join: '320508-AAAA-AAAB' }), 422, 'input', 'join'],
  'parameters of a writing call': ['/api/reports?text=x', json(good), 422, 'input', 'query'],
  'no user name': ['/api/login', json({ password: 'x' }), 422, 'input', 'username'],
  'a wrong password': [
    '/api/login',
    json({ username: 'worker1', password: 'wrong' }),
    401,
    'login',
    'password',
  ],
  'an unknown user': [
    '/api/login',
    json({ username: 'nobody', password: 'wrong' }),
    401,
    'login',
    'password',
  ],
  'a step without action': [...step({ note: 'x' }).slice(0, 2), 422, 'input', 'action', worker],
  'an unknown step': [...step({ action: 'explode' }).slice(0, 2), 422, 'input', 'action', worker],
  'a step with a field it has no use for': [
    ...step({ action: 'take', days: 3 }).slice(0, 2),
    422,
    'input',
    'days',
    worker,
  ],
  'a step without what it needs': [
    ...step({ action: 'pass', note: 'x' }).slice(0, 2),
    422,
    'input',
    'unit',
    worker,
  ],
  'a step to an unknown unit': [
    ...step({ action: 'pass', unit: '42', note: 'x' }).slice(0, 2),
    422,
    'input',
    'unit',
    worker,
  ],
  'a version that is a fraction': [
    ...step({ action: 'take', seq: 1.5 }).slice(0, 2),
    422,
    'input',
    'seq',
    worker,
  ],
  'an old version': [
    ...step({ action: 'take', seq: 1000 }).slice(0, 2),
    409,
    'conflict',
    undefined,
    worker,
  ],
  'a step that is not possible now': [
    ...step({ action: 'reply', reply: '还没有签收' }).slice(0, 2),
    409,
    'step',
    undefined,
    worker,
  ],
  'a step on no matter': [
    '/api/matters/320508-0000-0000/step',
    json({ action: 'take' }),
    404,
    'missing',
    undefined,
    worker,
  ],
  'an entry from nowhere': [
    '/api/matters',
    json({ ...good, origin: 'rumour' }),
    422,
    'input',
    'origin',
    worker,
  ],
  'solved without saying how': [
    '/api/matters',
    json({ ...good, origin: 'patrol', solved: true }),
    422,
    'input',
    'reply',
    worker,
  ],
  'a bulk of none': [
    '/api/matters/bulk',
    json({ numbers: [], action: 'take' }),
    422,
    'input',
    'numbers',
    worker,
  ],
  'a bulk of an empty number': [
    '/api/matters/bulk',
    json({ numbers: [''], action: 'take' }),
    422,
    'input',
    'numbers',
    worker,
  ],
  'a bulk of 101': [
    '/api/matters/bulk',
    json({ numbers: Array(101).fill(number), action: 'take' }),
    422,
    'input',
    'numbers',
    worker,
  ],
  'contact details without a purpose': [
    `/api/matters/${number}/reveal`,
    json({ reporter: 1 }),
    422,
    'input',
    'purpose',
    worker,
  ],
  'contact details of nobody': [
    `/api/matters/${number}/reveal`,
    json({ reporter: 99, purpose: '回访' }),
    404,
    'missing',
    'reporter',
    worker,
  ],
  'no suggestion for nothing': ['/api/suggest', json({ text: '' }), 422, 'input', 'text'],
});

test('each fault is named with its code, field and remedy, in both languages; nothing is left behind', async (t) => {
  const before = everything();
  for (const [name, [path, body, status, code, field, who]] of Object.entries(cases())) {
    await t.test(name, async () => {
      const session = who?.headers ?? {};
      const inChinese = refused(
        await person.call('POST', path, body, { 'Content-Type': 'application/json', ...session }),
        status,
        code,
        field,
      );
      const inEnglish = refused(
        await english.call('POST', path, body, {
          'Content-Type': 'application/json',
          ...session,
          'Accept-Language': 'en',
        }),
        status,
        code,
        field,
      );
      assert.match(inChinese.message, /\p{Script=Han}/u);
      assert.doesNotMatch(inEnglish.message, /\p{Script=Han}/u);
    });
  }
  assert.deepEqual(everything(), before);
});

test('a wrong type is named in words of the reader', async () => {
  const wrong = {
    text: [['/api/reports', { text: 1 }], /文字/],
    lon: [['/api/reports', { text: '灯', lon: 'x' }], /数字/],
    grid: [['/api/reports', { text: '灯', grid: 1 }], /数字组成的文字/],
    confidential: [['/api/reports', { text: '灯', confidential: 'x' }], /true 或 false/],
    uploads: [['/api/reports', { text: '灯', uploads: 'x' }], /列表/],
    seq: [[`/api/matters/${number}/step`, { action: 'take', seq: 'x' }, worker.headers], /整数/],
  };
  for (const [field, [[path, body, headers], words]] of Object.entries(wrong)) {
    const { message } = refused(await person.post(path, body, headers), 422, 'input', field);
    assert.match(message, words);
    assert.doesNotMatch(message.replace('true 或 false', ''), /[a-z]/i, message);
  }
  const { message } = refused(
    await person.get('/api/locate?lon=x&lat=31', { 'Accept-Language': 'en' }),
    422,
    'input',
    'lon',
  );
  assert.equal(message, 'The type must be number');
  const digits = await english.post('/api/reports', { text: 'lamp', grid: 1 });
  assert.equal(digits.body.message, 'The type must be string of digits');
});

const readings = {
  '/api/locate': [422, 'input', 'lon'],
  '/api/locate?lon=120.6': [422, 'input', 'lat'],
  '/api/locate?lon=x&lat=31': [422, 'input', 'lon'],
  '/api/locate?lon=nan&lat=31': [422, 'input', 'lon'],
  '/api/locate?lon=200&lat=31': [422, 'input', 'lon'],
  '/api/locate?lon=116.4&lat=39.9': [404, 'missing'],
  '/api/locate?lon=120.6&lon=120.7&lat=31': [400, 'syntax', 'query'],
  '/api/locate?lon=120.6&lat=31.3&zoom=3': [422, 'input', 'zoom'],
  '/api/locate?lon=%zz&lat=31': [400, 'syntax', 'query'],
  '/api/grids/1': [404, 'missing'],
  '/api/grids/x': [422, 'input', 'grid'],
  '/api/grids/320508018023001?grid=2': [422, 'input', 'grid'],
  '/api/boundaries?w=120&s=31&e=121&n=32': [422, 'input', 'level'],
  '/api/boundaries?w=120&s=31&e=121&n=32&level=street': [422, 'input', 'level'],
  '/api/boundaries?w=119&s=30&e=122&n=33&level=grid': [422, 'input', 'level'],
  '/api/boundaries?w=121&s=31&e=120&n=32&level=town': [422, 'input', 'e'],
  '/api/boundaries?w=120&s=32&e=121&n=31&level=town': [422, 'input', 'n'],
  '/api/nearby?lon=120.6': [422, 'input', 'lat'],
  '/api/consistency?from=2&to=1': [422, 'input', 'from'],
  '/api/consistency?from=1&to=99999999': [422, 'input', 'to'],
  '/api/consistency?from=-1&to=1': [422, 'input', 'from'],
  '/api/config?x=1': [422, 'input', 'query'],
  '/api/nothing': [404, 'missing'],
  '/api/receipt': [401, 'login'],
};
for (const [path, [status, code, field]] of Object.entries(readings)) {
  test(`reading ${path}`, async () => {
    refused(await person.get(path), status, code, field);
  });
}

const lists = {
  'view=everything': 'view',
  'state=lost': 'state',
  'tier=5': 'tier',
  'limit=0': 'limit',
  'limit=101': 'limit',
  'after=x': 'after',
  'after=1.2': 'after',
  'from_ms=-1': 'from_ms',
  'from_ms=yesterday': 'from_ms',
  'grid=x': 'grid',
  'order=random': 'order',
  'view=mine&order=new': 'order',
  'view=pool&order=new': 'order',
  'view=cohandle&order=new': 'order',
  'view=ask&order=new': 'order',
  'view=overdue&order=new': 'order',
  'category=123456789': 'category',
};
for (const [query, field] of Object.entries(lists)) {
  test(`a list with ${query}`, async () => {
    const inChinese = refused(await worker.get(`/api/matters?${query}`), 422, 'input', field);
    const inEnglish = await worker.get(`/api/matters?${query}`, { 'Accept-Language': 'en' });
    assert.match(inChinese.message, /\p{Script=Han}/u);
    assert.doesNotMatch(inEnglish.body.message, /\p{Script=Han}/u);
  });
}

/** The answer to a body that is only announced: nobody should have to send it first. */
function announced(path, type, bytes) {
  return new Promise((answered, failed) => {
    const call = request(city.base + path, {
      method: 'POST',
      headers: { 'Content-Type': type, 'Content-Length': bytes },
    });
    call.on('response', (answer) => {
      answered(answer.statusCode);
      call.destroy();
    });
    call.on('error', failed);
    call.flushHeaders();
  });
}

test('other kinds of content, too much of it, or none are refused', async () => {
  const send = (body, headers) => person.call('POST', '/api/reports', body, headers);
  refused(
    await send('text=lamp', { 'Content-Type': 'application/x-www-form-urlencoded' }),
    415,
    'media',
    'Content-Type',
  );
  refused(await send(json(good), { 'Content-Type': 'text/plain' }), 415, 'media', 'Content-Type');
  refused(
    await send(json({ ...good, text: 'x'.repeat(70_000) }), { 'Content-Type': 'application/json' }),
    413,
    'too_large',
  );
  const upload = (body, type) =>
    person.call('POST', '/api/uploads', body, { 'Content-Type': type });
  for (const [body, type] of [
    [Buffer.from('GIF89a........'), 'image/gif'],
    [Buffer.from('no image at all'), 'image/jpeg'],
    [png().subarray(0, 100), 'image/png'],
    [Buffer.alloc(100_000), 'image/webp'],
  ]) {
    refused(await upload(body, type), 415, 'media', 'photo');
  }
  assert.equal(await announced('/api/uploads', 'image/jpeg', (12 << 20) + 1), 413);
  assert.equal(await announced('/api/reports', 'application/json', (64 << 10) + 1), 413);
  const bomb = png(10, 10);
  bomb.writeUInt32BE(60_000, 16);
  bomb.writeUInt32BE(60_000, 20);
  assert.equal((await upload(bomb, 'image/png')).status >= 413, true);
});

test('addresses take only their methods', async () => {
  for (const [method, path] of [
    ['GET', '/api/reports'],
    ['POST', '/api/config'],
    ['DELETE', '/api/matters'],
    ['PUT', '/api/receipt'],
  ]) {
    const answer = await person.call(method, path);
    refused(answer, 405, 'method');
    assert.match(answer.headers.get('allow'), method === 'GET' ? /POST/ : /GET/);
  }
});

test('a malformed idempotency key is refused, and a good one is not used up by a refused call', async () => {
  for (const key of [
    'short',
    'x'.repeat(65),
    'has a blank in its middle',
    '分组分组分组分组分组分组'.slice(0, 0),
  ]) {
    refused(
      await person.post('/api/reports', good, { 'Idempotency-Key': key }),
      422,
      'input',
      'Idempotency-Key',
    );
  }
  const key = newKey();
  refused(
    await person.post('/api/reports', { ...good, text: '' }, { 'Idempotency-Key': key }),
    422,
    'input',
    'text',
  );
  await person.write('/api/reports', good, { 'Idempotency-Key': key });
});

test('mistyped receipt codes are told from unknown ones', async () => {
  const { code } = await person.write('/api/reports', good);
  const twisted = code.replace(/.$/, (c) => (c === '0' ? '1' : '0'));
  const mistyped = await city.reporter(twisted).get('/api/receipt');
  refused(mistyped, 422, 'input', 'code');
  refused(await city.reporter('hello').get('/api/receipt'), 422, 'input', 'code');
  assert.equal(
    (await city.reporter(code.toLowerCase().replaceAll('-', '')).read('/api/receipt')).text,
    good.text,
  );
});

test('a word that is not one of the known ones is named, however short', async () => {
  const answer = await person.post('/api/reports', { ...good, lon: 120.63, lat: 31.31, crs: 'x' });
  assert.equal(answer.status, 422);
  assert.match(answer.body.message, /"x"|「x」/);
});

test('text comes back as it was sent, whatever it looks like', async () => {
  for (const text of [
    '<script>alert(1)</script> 路灯',
    "'; DROP TABLE matter; --",
    '$1 %s %n ${x} {{y}}',
    '🏮灯笼\n第二行\t制表',
    '\u{20000}\u{2A6D6} 生僻字',
  ]) {
    const { code } = await person.write('/api/reports', { ...good, text });
    const answer = await city.reporter(code).get('/api/receipt');
    assert.equal(answer.body.text, text);
    assert.ok(!answer.text.includes('<script'), 'it may stand in a page');
  }
});
