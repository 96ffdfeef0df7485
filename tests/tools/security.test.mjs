// security.test.mjs: what docs/security.md and docs/threats.md say can be followed: every requirement
// of the standard's levels 1 and 2 stands there once, and each file and each test named exists.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path) => readFileSync(path, 'utf8');
const rows = (path) => read(path).split('\n').filter((line) => line.startsWith('|'));
const cells = (row) => row.split('|').slice(1, -1).map((cell) => cell.trim());

/** The numbers of ASVS 4.0.3, levels 1 and 2, and of level 3 cryptography, memory and building. */
const sections = `1.1:1-7 1.2:1-4 1.4:1,4,5 1.5:1-4 1.6:1-4 1.7:1,2 1.8:1,2 1.9:1,2 1.10:1
  1.11:1,2 1.12:2 1.14:1-6
  2.1:1-12 2.2:1-3 2.3:1-3 2.4:1-5 2.5:1-7 2.6:1-3 2.7:1-6 2.8:1-7 2.9:1-3 2.10:1-4
  3.1:1 3.2:1-4 3.3:1-4 3.4:1-5 3.5:1-3 3.7:1 4.1:1-3,5 4.2:1,2 4.3:1-3
  5.1:1-5 5.2:1-8 5.3:1-10 5.4:1-3 5.5:1-4 6.1:1-3 6.2:1-8 6.3:1-3 6.4:1,2
  7.1:1-4 7.2:1,2 7.3:1,3,4 7.4:1-3 8.1:1-4 8.2:1-3 8.3:1-8 9.1:1-3 9.2:1-4
  10.1:1 10.2:1-6 10.3:1-3 11.1:1-8 12.1:1-3 12.2:1 12.3:1-6 12.4:1,2 12.5:1,2 12.6:1
  13.1:1,3-5 13.2:1-3,5,6 13.3:1,2 13.4:1,2 14.1:1-5 14.2:1-6 14.3:2,3 14.4:1-7 14.5:1-4`;
const asked = sections.trim().split(/\s+/).flatMap((section) => {
  const [head, list] = section.split(':');
  return list.split(',').flatMap((range) => {
    const [from, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => `${head}.${from + i}`);
  });
});

test('every requirement stands in docs/security.md once, with a state', () => {
  const mapped = rows('docs/security.md').map(cells).filter(([no]) => /^\d+\.\d+\.\d/.test(no));
  assert.deepEqual(mapped.flatMap(([no]) => no.split(' ')).sort(), asked.toSorted());
  for (const [no, , state] of mapped) assert.match(state, /^(met|partly: |no: |site: |none here)/, no);
});

/** `FILE` and `FILE` "part of a title" in a text. */
const NAMED = /`((?:docs|packaging|src|tests|tools|web)\/[\w./-]+|meson\.build)`(?: "([^"]+)")?/g;
const named = (text) => [...text.matchAll(NAMED)];

for (const path of ['docs/security.md', 'docs/threats.md']) {
  test(`each file and test that ${path} names is there`, () => {
    const all = named(read(path));
    assert.ok(all.length > 50);
    for (const [, file, title] of all) {
      assert.ok(existsSync(file), file);
      if (title) assert.ok(read(file).replaceAll("\\'", "'").includes(title), `${file}: ${title}`);
    }
  });
}

test('each threat has a border that is drawn, and a test; what is met has a test', () => {
  const text = read('docs/threats.md');
  const threats = rows('docs/threats.md').map(cells).filter(([no]) => /^T\d/.test(no));
  threats.forEach(([no, border, , , shown], i) => {
    assert.equal(no, `T${String(i + 1).padStart(2, '0')}`);
    if (border !== 'all') assert.match(text, new RegExp(`[=,-] ?${border}\\b`), no);
    assert.ok(named(shown).some(([, file]) => file.startsWith('tests/')), no);
  });
  assert.ok(threats.length > 30);
  for (const [no, , state, , shown] of rows('docs/security.md').map(cells))
    if (/^\d+\.\d/.test(no) && state.startsWith('met') && no !== '1.10.1')
      assert.ok(named(shown).length > 0, `${no} is met, but nothing shows it`);
});
