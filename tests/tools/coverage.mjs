// Sums up what gcov wrote (--json-format) for the files of src/: lines and branches, by room and in
// all. A line or branch counts once, however many programs hold it.
//   node tests/tools/coverage.mjs FOLDER
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const folder = process.argv[2];
const lines = new Map(); // "src/room/file.c:12": runs, and of each branch

for (const name of readdirSync(folder).filter((n) => n.endsWith('.gcov.json.gz'))) {
  const { files } = JSON.parse(gunzipSync(readFileSync(join(folder, name))));
  for (const { file, lines: found } of files) {
    const at = /(?:^|\/)(src\/[a-z_]+\/[a-z0-9_]+\.c)$/.exec(file)?.[1];
    if (!at) continue;
    for (const { line_number: number, count, branches } of found) {
      const key = `${at}:${number}`, before = lines.get(key) ?? { count: 0, branches: [] };
      before.count += count;
      branches.forEach(({ count: n }, i) => {
        before.branches[i] = (before.branches[i] ?? 0) + n;
      });
      lines.set(key, before);
    }
  }
}

const rooms = new Map([['in all', { lines: 0, run: 0, branches: 0, taken: 0 }]]);
for (const [key, { count, branches }] of lines) {
  const room = key.split('/')[1];
  if (!rooms.has(room)) rooms.set(room, { lines: 0, run: 0, branches: 0, taken: 0 });
  for (const sum of [rooms.get(room), rooms.get('in all')]) {
    sum.lines++;
    sum.run += count > 0;
    sum.branches += branches.length;
    sum.taken += branches.filter((n) => n > 0).length;
  }
}
const share = (part, whole) => `${((100 * part) / (whole || 1)).toFixed(1)} %`.padStart(8);
for (const [room, { lines: n, run, branches, taken }] of [...rooms].sort())
  console.log(`${room.padEnd(10)} lines ${share(run, n)} of ${String(n).padStart(6)}   branches `
    + `${share(taken, branches)} of ${branches}`);
