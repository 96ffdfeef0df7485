// plates.test.mjs: QR plates as people use them: the codes are read from the printed sheet and the
// texts from the PDF, and what cannot be printed is explained.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { grids, program, refused, startCity } from '../api/city.mjs';

const url = 'https://fengqiao.example.gov.cn';
const community = '320508018023';
const folder = mkdtempSync(join(tmpdir(), 'fengqiao-plates-'));
const out = join(folder, 'plates.pdf');
let city, dispatcher, worker;

before(async () => {
  city = await startCity('--url', `${url}/`);
  [dispatcher, worker] = [await city.signIn('dispatcher1'), await city.signIn('worker1')];
});
after(async () => {
  await city?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** {status, stdout, stderr} of a program. The page's connections live on meanwhile. */
const tool = (name, args, env = {}) =>
  new Promise((done) => {
    const options = { env: { ...process.env, ...env }, maxBuffer: 64 << 20 };
    execFile(name, args, options, (error, stdout, stderr) => {
      assert.notEqual(error?.code, 'ENOENT', `${name} is there`);
      done({ status: error?.code ?? 0, stdout, stderr });
    });
  });

const reader = ['-q', '--raw', '-Sdisable', '-Sqrcode.enable'];

/** The codes on one page. A reader that is shown two dozen at once overlooks one now and then,
 * which a phone before one of them does not; so it looks from three distances. */
async function codesOn(pdf, page, most) {
  const found = new Set();
  for (const dpi of ['200', '250', '300']) {
    if (found.size >= most) break;
    const picture = join(folder, 'page');
    await tool('pdftoppm',
      ['-r', dpi, '-gray', '-png', '-singlefile', '-f', page, '-l', page, pdf, picture]);
    const { stdout } = await tool('zbarimg', [...reader, `${picture}.png`]);
    for (const code of stdout.split('\n').filter(Boolean)) found.add(code);
  }
  return [...found];
}

/** The sheets as somebody with a phone sees them. */
async function read(pdf, expected = 1) {
  const info = (await tool('pdfinfo', [pdf])).stdout;
  const pages = Number(info.match(/^Pages:\s+(\d+)/m)[1]);
  const codes = [];
  for (let i = 1; i <= pages; i++)
    codes.push(...(await codesOn(pdf, String(i), expected - codes.length)));
  return {
    pages,
    size: info.match(/^Page size:\s+(\S+) x (\S+) pts/m).slice(1).map(Number),
    text: (await tool('pdftotext', [pdf, '-'])).stdout.replace(/\s/g, ''),
    codes: codes.sort(),
  };
}

const plates = (env, ...args) =>
  tool(program, ['plates', ...city.database.where, '--url', url, '--out', out, ...args],
    { LANG: 'en', LC_ALL: 'en', ...env });

test('every grid of a community has its plate, in every size', async () => {
  const expected = city.database
    .rows("SELECT CAST(code AS TEXT) AS code FROM zone WHERE layer = 'grid' AND parent = 320508018023")
    .map((row) => row.code)
    .sort();
  assert.ok(expected.includes(grids.ours));
  for (const size of ['2x3', '3x4', 'label']) {
    const done = await plates({}, '--community', community, '--size', size);
    assert.equal(done.status, 0, done.stderr);
    assert.match(done.stdout, new RegExp(`^${expected.length} plates in `));
    const seen = await read(out, expected.length);
    assert.deepEqual(seen.codes, expected.map((code) => `${url}/m/report?g=${code}`), size);
    assert.equal(seen.pages, Math.ceil(expected.length / { '2x3': 6, '3x4': 12, label: 24 }[size]));
    assert.deepEqual(seen.size.map(Math.round), [595, 842], 'A4');
    for (const code of expected) assert.ok(seen.text.includes(code), `${code} in plain text`);
    assert.match(seen.text, /大儒巷社区/);
    assert.match(seen.text, /Grid001/);
    assert.match(seen.text, /扫码报事/);
    assert.match(seen.text, /Scantoreport/);
  }
});

test('codes are drawn as lines and areas, not as pictures', async () => {
  assert.equal((await plates({}, '--grid', grids.ours)).status, 0);
  assert.equal((await tool('pdfimages', ['-list', out])).stdout.trim().split('\n').length, 2, 'only the heading');
  assert.deepEqual((await read(out)).codes, [`${url}/m/report?g=${grids.ours}`]);
});

test('a list of dwellings and sites: where exactly stands behind the #', async () => {
  const { lon, lat } = await city.anybody().read(`/api/grids/${grids.ours}`);
  const list = join(folder, 'sites.csv');
  writeFileSync(list, `grid,name,name_en,code,place,lon,lat
${grids.ours},大儒巷 12 号,12 Daru Lane,H-0012,大儒巷12号3幢,${lon},${lat}
${grids.ours},社区食堂,Community canteen,S-7,,,
`);
  const done = await plates({}, '--csv', list, '--size', 'label');
  assert.equal(done.status, 0, done.stderr);
  const seen = await read(out, 2);
  const places = seen.codes.map((code) => {
    const opened = new URL(code);
    assert.equal(opened.searchParams.get('g'), grids.ours);
    return Object.fromEntries(new URLSearchParams(opened.hash.slice(1)));
  });
  assert.deepEqual(places.sort((a, b) => ('at' in b) - ('at' in a)), [
    { at: `${lon.toFixed(5)},${lat.toFixed(5)}`, p: '大儒巷12号3幢' },
    { p: '社区食堂' },
  ]);
  for (const word of ['H-0012', 'S-7', '12DaruLane', '社区食堂']) assert.ok(seen.text.includes(word));
});

test('faults of a list are named by line, and nothing is printed', async () => {
  const list = join(folder, 'bad.csv');
  rmSync(out, { force: true });
  writeFileSync(list, `grid,name,lon,lat
999999999999999,甲,,
${grids.ours},乙,31.3,120.6
${grids.ours},,,
`);
  const done = await plates({}, '--csv', list);
  assert.equal(done.status, 1);
  for (const fault of [/bad\.csv:2: grid: /, /bad\.csv:3: l\w\w?: /, /bad\.csv:4: name: /, /nothing was printed/])
    assert.match(done.stderr, fault);
  assert.ok(!existsSync(out));
});

test('without a font for Chinese the remedy is named', async () => {
  const fonts = join(folder, 'fonts.conf');
  rmSync(out, { force: true });
  writeFileSync(fonts, '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig/>');
  const done = await plates({ FONTCONFIG_FILE: fonts }, '--grid', grids.ours);
  assert.equal(done.status, 1);
  assert.match(done.stderr, /fonts-noto-cjk/);
  assert.ok(!existsSync(out));
});

test('what cannot be printed is refused with a reason', async () => {
  for (const [args, reason] of [
    [['--grid', '1'], /no grid with or below the code 1/],
    [['--grid', grids.ours, '--url', 'fengqiao.example'], /begins with http/],
    [['--grid', grids.ours, '--size', 'huge'], /one of 2x3\|3x4\|label/],
    [['--grid', grids.ours, '--community', community], /one of/],
  ]) {
    const done = await plates({}, ...args);
    assert.notEqual(done.status, 0);
    assert.match(done.stderr, reason);
  }
  const long = join(folder, 'long.csv');
  writeFileSync(long, `grid,name,place\n${grids.ours},长地址,${'长'.repeat(60)}\n`);
  const done = await plates({}, '--csv', long, '--size', 'label');
  assert.equal(done.status, 1);
  assert.match(done.stderr, /too long for a code of this size/);
  assert.equal((await plates({}, '--csv', long, '--size', '2x3')).status, 0, 'a larger one holds it');
});

test('staff print the plates of their own territory', async () => {
  const choice = await dispatcher.read('/api/plates');
  assert.ok(choice.areas.some((area) => area.code === community));
  assert.deepEqual([choice.items, choice.parts], [[], 0]);
  const listed = await dispatcher.read(`/api/plates?division=${community}`);
  assert.equal(listed.parts, 1);
  assert.equal(listed.items[0].url, `${url}/m/report?g=${listed.items[0].code}`);
  const answer = await dispatcher.get(`/api/plates.pdf?division=${community}&layout=3x4`);
  assert.equal(answer.status, 200, answer.text.slice(0, 200));
  assert.equal(answer.type, 'application/pdf');
  writeFileSync(out, answer.bytes);
  const urls = listed.items.map((item) => item.url);
  assert.deepEqual((await read(out, urls.length)).codes, urls.sort());
  const atOnce = await Promise.all(Array.from({ length: 6 }, () =>
    dispatcher.get(`/api/plates.pdf?division=${community}&layout=3x4`)));
  assert.deepEqual(atOnce.map((a) => a.status), Array(6).fill(200), 'who prints beside others waits for their turn');
  refused(await dispatcher.get(`/api/plates.pdf?division=${community}&part=2`), 404, 'missing', 'part');
  refused(await dispatcher.get('/api/plates?division=320581006001'), 404, 'missing', 'division');
  refused(await worker.get('/api/plates.pdf?division=320508018025'), 404, 'missing', 'division');
  refused(await worker.get('/api/plates.pdf?division=320508000000'), 404, 'missing', 'division');
  refused(await city.anybody().get('/api/plates'), 401, 'login');
  refused(await dispatcher.get(`/api/plates.pdf?division=${community}&layout=9x9`), 422, 'input', 'layout');
});

test('a large area comes in parts, each plate once', async () => {
  const town = '320508018000';
  const listed = await dispatcher.read(`/api/plates?division=${town}`);
  assert.equal(listed.parts, Math.ceil(listed.items.length / 240));
  const codes = [];
  for (let part = 1; part <= listed.parts; part++) {
    const answer = await dispatcher.get(`/api/plates.pdf?division=${town}&layout=label&part=${part}`);
    assert.equal(answer.status, 200, answer.text.slice(0, 200));
    writeFileSync(out, answer.bytes);
    const { stdout } = await tool('pdftotext', [out, '-']);
    codes.push(...stdout.match(/\b320508018\d{6}\b/g));
  }
  assert.deepEqual(codes.sort(), listed.items.map((item) => item.code).sort());
});

test('without an address of the site nothing is printed', async () => {
  await city.restart('--no-limits');
  refused(await dispatcher.get(`/api/plates?division=${community}`), 503, 'busy');
});
