// once.mjs: what many test files need and is dear to make is made by one of them; the others wait.
import {
  existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const freshForMs = 20 * 60 * 1000; // deadlines of a city's matters pass as time goes by
const makerMs = 120_000; // longer than any making takes

function isMade(folder, stamp) {
  const mark = join(folder, 'made');
  return existsSync(mark) && readFileSync(mark, 'utf8') === stamp
    && Date.now() - statSync(mark).mtimeMs < freshForMs;
}

/** The folder, filled by make(folder to fill) unless it was a moment ago by the program of this stamp. */
export async function madeOnce(folder, program, make) {
  const { size, mtimeMs } = statSync(program);
  const stamp = `${size} ${mtimeMs}`;
  const claim = `${folder}.claim`;
  for (let waited = 0; !isMade(folder, stamp); waited += 100) {
    try {
      mkdirSync(claim);
    } catch {
      if (waited > makerMs) rmSync(claim, { recursive: true, force: true }); // its maker died
      await sleep(100);
      continue;
    }
    try {
      if (isMade(folder, stamp)) break;
      const making = mkdtempSync(`${folder}-`);
      await make(making);
      writeFileSync(join(making, 'made'), stamp);
      rmSync(folder, { recursive: true, force: true });
      renameSync(making, folder);
    } finally {
      rmSync(claim, { recursive: true, force: true });
    }
  }
  return folder;
}
