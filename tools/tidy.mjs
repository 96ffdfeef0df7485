// tidy.mjs: runs the house rules over every file git knows (or would add) and prints
// file:line: rule: message. Its last line counts rules: "N passed, N failed".
//   tools/tidy [--dead] [PATH PREFIX]...      only findings under the prefixes; --dead also lists
//                                             public functions that nothing in the program uses
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { codeOf, withoutDirectives } from './tidy_c.mjs';
import { RULES } from './tidy_rules.mjs';

const PACKAGES = ['pangocairo', 'cairo-pdf', 'libmicrohttpd', 'sqlite3', 'jansson', 'libsodium', 'geos', 'libutf8proc', 'libpq'];
const TEXT_BYTES_MAX = 1 << 20;
const SCRIPT = /^(tools|tests|packaging|\.ci)\/.*(\.(m?[jt]s|sh)|\/[a-z-]+)$/;
const OUTPUT_BYTES_MAX = 1 << 26;

function run(program, ...args) {
  return execFileSync(program, args, { encoding: 'utf8', maxBuffer: OUTPUT_BYTES_MAX }).trim();
}

function fileRead(path) {
  const bytes = readFileSync(path);
  const isText = bytes.length <= TEXT_BYTES_MAX && !bytes.includes(0);
  const text = isText ? bytes.toString('utf8') : '';
  const isC = /\.[ch]$/.test(path);
  const code = isC ? codeOf(text) : '';
  const bare = withoutDirectives(code);
  return { path, text, isText, isC, isScript: SCRIPT.test(path), code, bare };
}

// Lines "RULE PATH KEY  # reason"; KEY may be * for all of the file.
function allowancesRead(path) {
  return readFileSync(path, 'utf8').split('\n').flatMap((line, i) => {
    const [entry, reason] = line.split(/\s+#\s+/);
    if (!entry.trim() || entry.startsWith('#')) return [];
    const [rule, file, key] = entry.trim().split(/\s+/);
    return [{ rule, file, key, reason, line: i + 1, used: false }];
  });
}

function isAllowed(allowances, rule, path, key) {
  const found = allowances.find((a) => a.rule === rule && a.file === path
    && (a.key === '*' || a.key === key));
  if (found) found.used = true;
  return Boolean(found);
}

const rooms = readFileSync('src/rooms.txt', 'utf8').split('\n')
  .map((line) => line.split('#')[0].trim()).filter(Boolean);
const paths = run('git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard')
  .split('\0').filter((path) => path && existsSync(path));
const files = [...new Set(paths)].map(fileRead)
  .sort((a, b) => b.path.endsWith('.h') - a.path.endsWith('.h'));    // headers give tags meaning
const cflags = run('pkg-config', '--cflags', ...PACKAGES).split(/\s+/).filter(Boolean);
const home = run('git', 'rev-parse', '--show-toplevel');
const project = { rooms, files, cflags, home, tags: new Map() };
const allowances = allowancesRead('tools/tidy.allow');
const prefixes = process.argv.slice(2).filter((argument) => argument !== '--dead');
const rules = RULES.filter((r) => !r.onlyWhenAsked || process.argv.includes('--dead'));
const isAsked = (path) => prefixes.length === 0 || prefixes.some((p) => path.startsWith(p));

let failed = 0;
for (const rule of rules) {
  let breaches = 0;
  for (const file of files.filter(rule.files)) {
    for (const { line, key, message } of rule.check(file, project)) {
      if (!isAsked(file.path) || isAllowed(allowances, rule.name, file.path, key)) continue;
      console.log(`${file.path}:${line}: ${rule.name}: ${message}`);
      breaches++;
    }
  }
  failed += breaches > 0;
}
const stale = allowances.filter((a) => prefixes.length === 0 && (!a.used || !a.reason));
for (const a of stale) {
  console.log(`tools/tidy.allow:${a.line}: allow: ${a.used ? 'says no reason' : 'is not needed'}`);
}
failed += stale.length > 0;
console.log(`${rules.length + 1 - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
