// outbox.test.mjs: people are told by message what waits for them: over TLS that is checked, signed,
// once, in their language, with the matter's number and nothing else of theirs; and what cannot be
// handed over is shown to the operator and goes out later.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { freePort } from '../fault/cluster.mjs';
import { Sink } from '../fault/sink.mjs';
import { grids, run, startCity, until } from './city.mjs';

const folder = mkdtempSync(join(tmpdir(), 'fengqiao-outbox-'));
const phone = '138 0000 1111';
let city, sink, worker, right, wrong;

/** A certificate for this machine that signs itself, and so is its own authority. */
function certificate(name) {
  const key = join(folder, `${name}.key`), cert = join(folder, `${name}.pem`);
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
    '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1',
    '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { file: cert, key: readFileSync(key), cert: readFileSync(cert) };
}

before(async () => {
  right = certificate('gateway');
  wrong = certificate('somebody');
  sink = await new Sink({ tls: right }).start();
  city = await startCity('--webhook', sink.url, '--webhook-key-file',
    sink.keyFile(join(folder, 'webhook.key')), '--webhook-ca', right.file,
    '--url', 'https://town.example/', '--no-limits');
  city.database.change("DELETE FROM setting WHERE name = 'quiet_hours'");
  city.database.change("INSERT INTO setting (name, value) VALUES ('quiet_hours', 'none')");
  await city.restart();
  worker = await city.signIn('worker1');
});
after(async () => {
  await city?.stop();
  await sink?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function report(lang, more = {}) {
  return city.anybody(lang).write('/api/reports', { text: '楼道堆满杂物', grid: grids.ours,
    name: '沈阿姨', phone, ...more });
}
const told = (number, kind) =>
  [...sink.messages.values()].filter((m) => m.number === number && m.kind === kind);
const waiting = () => Number(city.database.rows('SELECT count(*) AS n FROM outbox')[0].n);
const outbox = (...more) => run('outbox', ...city.database.options, ...more);

test('who gave a number is told of questions and of the answer, in their language', async () => {
  const zh = await report('zh-CN'), en = await report('en');
  for (const { number } of [zh, en]) {
    await worker.step(number, 'take');
    await worker.step(number, 'tell', { text: '是几号楼' });
    await worker.step(number, 'reply', { reply: '已经清走，请看看' });
  }
  await until(() => waiting() === 0);
  for (const [{ number }, lang, words] of [[zh, 'zh-CN', /已有答复.* https:\/\/town\.example\/m\/receipt$/],
    [en, 'en', /^There is an answer to matter .* https:\/\/town\.example\/m\/receipt$/]]) {
    const [message] = told(number, 'reply');
    assert.equal(message.to, phone);
    assert.equal(message.lang, lang);
    assert.match(message.text, words);
    assert.ok(message.text.includes(number));
    assert.deepEqual([told(number, 'reply').length, told(number, 'asked').length], [1, 1]);
    assert.doesNotMatch(message.text, /沈阿姨|杂物|138|清走/);
  }
  assert.ok([...sink.times.values()].every((n) => n === 1));
  assert.deepEqual(sink.faults, []);
  assert.ok(city.database.rows("SELECT * FROM access_log WHERE account = 0 AND fields = 'phone'")
    .length === 4);
  const kept = JSON.stringify(city.database.rows('SELECT * FROM access_log')) + city.log;
  assert.doesNotMatch(kept, /138|沈阿姨/);
});

test('nobody is told who wants to stay unknown, or gave no number', async () => {
  const sent = sink.messages.size;
  for (const more of [{ confidential: true }, { phone: '' }]) {
    const { number } = await report('zh-CN', more);
    await worker.step(number, 'take');
    await worker.step(number, 'reply', { reply: '已经清走，请看看' });
  }
  assert.equal(waiting(), 0);
  assert.equal(sink.messages.size, sent);
});

test('what a gateway refuses for good is shown, and may be sent once more', async () => {
  sink.behave = () => 'refuse';
  const { number } = await report('zh-CN');
  await worker.step(number, 'take');
  await worker.step(number, 'reply', { reply: '已经清走，请看看' });
  const failed = () => city.database.rows("SELECT * FROM outbox WHERE state = 'failed'").length;
  await until(() => failed() === 1);
  const shown = outbox();
  assert.match(shown.stdout, /^waiting 0, .*failed 1$/m);
  assert.match(shown.stdout, new RegExp(`${number}  reply .* the gateway will not take it$`, 'm'));
  assert.doesNotMatch(shown.stdout, /138/);
  await until(async () => /^fengqiao_outbox_failed 1$/m
    .test((await city.anybody().get('/metrics')).text));
  assert.match((await city.anybody().get('/metrics')).text, /^fengqiao_outbox_failed 1$/m);
  sink.behave = () => 'ok';
  assert.match(outbox('--retry').stdout, /^1 will be sent again$/m);
  await until(() => waiting() === 0);
  assert.equal(told(number, 'reply').length, 1);
  assert.match(outbox('--drop').stdout, /^0 dropped$/m);
});

test('a gateway that is not the right one gets nothing, and redirects lead nowhere', async () => {
  sink.server.setSecureContext(wrong);
  sink.server.closeAllConnections();
  const { number } = await report('zh-CN');
  await worker.step(number, 'take');
  await worker.step(number, 'reply', { reply: '已经清走，请看看' });
  const why = () => city.database.rows("SELECT why FROM outbox WHERE why <> ''")[0]?.why;
  await until(() => why());
  assert.equal(why(), 'the certificate is not believed');
  assert.equal(told(number, 'reply').length, 0);
  sink.server.setSecureContext(right);
  sink.behave = () => 'redirect';
  city.database.change('UPDATE outbox SET next_ms = 0');
  await until(() => /redirects/.test(why()));
  assert.equal(why(), 'the gateway redirects, which is not followed');
  assert.equal(told(number, 'reply').length, 0);
  sink.behave = () => 'ok';
  city.database.change('UPDATE outbox SET next_ms = 0');
  await until(() => waiting() === 0);
  assert.equal(told(number, 'reply').length, 1);
});

test('the receiver in the manual receives', async () => {
  const manual = readFileSync(join(import.meta.dirname, '../../docs/operate.md'), 'utf8');
  const file = join(folder, 'receiver.py');
  writeFileSync(file, manual.split('```python\n')[1].split('```')[0]);
  const port = await freePort();
  const receiver = spawn('python3', [file, join(folder, 'webhook.key'), String(port)],
    { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  receiver.stdout.on('data', (text) => {
    said += text;
  });
  try {
    await city.restart('--webhook', `http://127.0.0.1:${port}/in`, '--webhook-key-file',
      join(folder, 'webhook.key'), '--no-limits');
    worker = await city.signIn('worker1');
    const { number } = await report('zh-CN');
    await worker.step(number, 'take');
    await worker.step(number, 'reply', { reply: '已经清走，请看看' });
    await until(() => waiting() === 0 && said);
    assert.equal(said, `${phone} 事项 ${number} 已有答复，请凭回执编码查看。\n`);
  } finally {
    receiver.kill();
  }
});

test('without a gateway nothing is written', async () => {
  await city.restart('--no-limits');
  worker = await city.signIn('worker1');
  const { number } = await report('zh-CN');
  await worker.step(number, 'take');
  await worker.step(number, 'reply', { reply: '已经清走，请看看' });
  assert.equal(waiting(), 0);
  assert.doesNotMatch((await city.anybody().get('/metrics')).text, /outbox/);
});
