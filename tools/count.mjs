// count.mjs: adds up what the test runners reported. Each argument is a meson testlog.json (one
// JSON object a line, TAP inside) or a TAP file of node's test runner; prints "passed failed".
// A runner that crashed, timed out or left its plan unfinished counts as a failure. What failed is
// named on standard error.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const total = { passed: 0, failed: 0 };

function countTap(text, name) {
  const points = text.match(/^(not )?ok \d+.*$/gm) ?? [];
  for (const point of points.filter((line) => line.startsWith('not ')))
    console.error(`failed: ${name}: ${point.replace(/^not ok \d+( - )?/, '')}`);
  return {
    passed: points.filter((line) => !line.startsWith('not ')).length,
    failed: points.filter((line) => line.startsWith('not ')).length,
  };
}

function countMeson(text) {
  const sum = { passed: 0, failed: 0 };
  for (const line of text.split('\n').filter(Boolean)) {
    const run = JSON.parse(line);
    const points = countTap(run.stdout ?? '', run.name);
    const bad = !['OK', 'SKIP', 'EXPECTEDFAIL'].includes(run.result);
    if (bad && !points.failed) console.error(`failed: ${run.name}: ${run.result}`);
    sum.passed += Math.max(points.passed, bad || run.result === 'SKIP' ? 0 : 1);
    sum.failed += bad ? Math.max(points.failed, 1) : points.failed;
  }
  return sum;
}

// node's TAP ends with "# pass 12" and "# fail 0"; without them the run did not end.
function countNode(text, name) {
  const number = (word) => text.match(new RegExp(`^# ${word} (\\d+)$`, 'm'))?.[1];
  const points = countTap(text, name);
  if (number('pass') === undefined) {
    console.error(`failed: ${name}: it did not end`);
    return { passed: points.passed, failed: points.failed + 1 };
  }
  const failed = Number(number('fail')) + Number(number('cancelled'));
  return { passed: Number(number('pass')), failed };
}

for (const path of process.argv.slice(2)) {
  const text = readFileSync(path, 'utf8');
  const sum = path.endsWith('.json') ? countMeson(text) : countNode(text, basename(path, '.tap'));
  total.passed += sum.passed;
  total.failed += sum.failed;
}
console.log(total.passed, total.failed);
