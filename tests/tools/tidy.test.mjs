// The house rules catch what they are for, and leave good code alone.
import assert from 'node:assert/strict';
import test from 'node:test';
import { codeOf, functionsOf, mutablesOf, withoutDirectives } from '../../tools/tidy_c.mjs';
import { RULES } from '../../tools/tidy_rules.mjs';

function fileOf(path, text) {
  const isC = /\.[ch]$/.test(path);
  const code = isC ? codeOf(text) : '';
  const isScript = !isC;
  return { path, text, isText: true, isC, isScript, code, bare: withoutDirectives(code) };
}

const project = { rooms: ['base', 'db', 'report'], cflags: [], home: '/srv/here', tags: new Map() };

// The keys of what a rule finds in a text.
function found(name, path, text) {
  const rule = RULES.find((r) => r.name === name);
  const file = fileOf(path, text);
  return rule.files(file) ? [...rule.check(file, project)].map((b) => b.key) : [];
}

test('banned calls are seen, their names in comments, literals and members are not', () => {
  const text = 'void f(void)\n{\n    strcpy(a, b); /* strcat(a, b) */ x->time(3); s = "system(1)";\n}\n';
  assert.deepEqual(found('call', 'src/report/a.c', text), ['strcpy']);
});

test('a call is allowed where its wrapper lives', () => {
  const text = 'int64_t f(void)\n{\n    return time(NULL);\n}\n';
  assert.deepEqual(found('call', 'src/report/a.c', text), ['time']);
  assert.deepEqual(found('call', 'src/base/clock.c', text), []);
  assert.deepEqual(found('call', 'tests/unit/test_a.c', text), []);
});

test('storage symbols stay behind the door', () => {
  const text = 'int f(void)\n{\n    return sqlite3_step(s) + PQexec(c) + PQX;\n}\n';
  assert.deepEqual(found('storage', 'src/report/a.c', text), ['sqlite3_step', 'PQexec']);
  assert.deepEqual(found('storage', 'src/db/sqlite.c', text), ['PQexec']);
  assert.deepEqual(found('storage', 'src/db/postgres.c', text), ['sqlite3_step']);
});

test('rooms include earlier rooms only, by their full names', () => {
  const text = '#include "base/str.h"\n#include "report/report.h"\n#include "str.h"\n';
  assert.deepEqual(found('room', 'src/db/a.c', text), ['report/report.h', 'str.h']);
  assert.deepEqual(found('room', 'src/report/a.c', text), ['str.h']);
  assert.deepEqual(found('room', 'src/attic/a.c', '\n'), ['attic']);
});

test('long, deep and crowded functions are named', () => {
  const long = `int f(void)\n{\n${'    x();\n'.repeat(58)}}\n`;
  const fits = `int g(void)\n{\n${'    x();\n'.repeat(57)}}\n`;
  const deep = 'void h(void)\n{\n    if (a) { if (b) { if (c) { if (d) { if (e) { x(); } } } } }\n}\n';
  const crowded = 'void k(int a, int b, int c, int d, int e, int f, int g, int h, int i)\n{\n}\n';
  assert.deepEqual(found('function', 'src/base/a.c', long + fits + deep + crowded), ['f', 'h', 'k']);
});

test('what stands in a literal does not make a line too long', () => {
  const message = `    return "${'x'.repeat(120)}";\n`;
  const code = `    return ${'x + '.repeat(30)}1;\n`;
  assert.deepEqual(found('length', 'src/base/a.c', message + code), ['line']);
  assert.deepEqual(found('length', 'src/base/a.c', 'x\n'.repeat(801)), ['file']);
});

test('only function types have names of their own', () => {
  const text = 'typedef struct a { int b; } a;\ntypedef enum err handler(int a);\n';
  assert.deepEqual(found('typedef', 'src/base/a.h', text), ['typedef struct a']);
});

test('variables at file level are constant', () => {
  const text = `
static int count;
static const char *names[] = { "a" };
static const char *const fixed[] = { "a", "b" };
static const struct row rows[] = { { 1, { 2 } }, };
struct plain { int a; };
enum { A_MAX = 3 };
int f(void);
static int g(void)
{
    int local = 1;
    return local;
}
`;
  assert.deepEqual(mutablesOf(withoutDirectives(codeOf(text))).map((m) => m.name), ['count', 'names']);
});

test('a tag that a header explains means one thing', () => {
  project.tags.clear();
  assert.deepEqual(found('tag', 'src/base/a.h', 'struct thing { int a; };\n'), []);
  assert.deepEqual(found('tag', 'src/report/b.c', 'struct thing { int b; };\n'), ['thing']);
  assert.deepEqual(found('tag', 'src/report/b.c', 'struct own { int b; };\n'), []);
});

test('sources outside their room\'s list are noticed', () => {
  assert.deepEqual(found('listed', 'src/base/forgotten.c', ''), ['forgotten.c']);
  assert.deepEqual(found('listed', 'src/base/arena.c', ''), []);
});

test('headers compile alone and guard themselves', () => {
  assert.deepEqual(found('header', 'src/base/str.h', '#pragma once\n'), []);
  assert.deepEqual(found('header', 'src/base/none.h', ''), ['pragma', 'alone']);
});

test('things put off, paths of one machine and registries are refused', () => {
  assert.equal(found('later', 'docs/a.md', `TO${'DO'}: later\n`).length, 1);
  const paths = `/srv/here/a /ho${'me'}/x/y /t${'mp'}/a /t${'mp'}/a-XXXXXX /var/tmp/a /m/work/x\n`;
  assert.equal(found('path', 'docs/a.md', paths).length, 3);
  assert.equal(found('lock', 'web/package-lock.json', '"resolved": "https://a.example/b"').length, 1);
});

test('functions are found with their extent, also behind directives and initialisers', () => {
  const text = `
#define LOOP(x) \\
    for (;;) {
static const int a[] = { 1, 2 };
static enum err
name_of(int x)
{
    return x ? (struct str){ 1 } : 2;
}
`;
  const [only, ...rest] = functionsOf(withoutDirectives(codeOf(text)));
  assert.deepEqual([only.name, only.line, only.lines, rest.length], ['name_of', 5, 5, 0]);
});
