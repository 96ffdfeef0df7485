// tidy_rules.mjs: the house rules as a table. A rule has a name (used in tools/tidy.allow), says
// what it asks for, picks its files, and yields {line, message, key} for each breach; key is what
// an exception in tools/tidy.allow names, beside the file.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { functionsOf, lineAt, mutablesOf, prototypesOf } from './tidy_c.mjs';

const FUNCTION_LINES_MAX = 60, FILE_LINES_MAX = 800;
const LINE_CODE_MAX = 100, LINE_CHARACTERS_MAX = 200;
const NESTING_MAX = 4, PARAMETERS_MAX = 8;

const inSrc = (f) => f.path.startsWith('src/') && f.isC;
const inC = (f) => f.isC;
const isHeader = (f) => inSrc(f) && f.path.endsWith('.h');
const roomOf = (path) => path.match(/^src\/(\w+)\//)?.[1];

// Calls, where they may stand (a regular expression over paths; null is nowhere), what to use.
const CALLS = [
  [/^src\/base\/str\.c$/, 'the parsers of base/str.h',
    'strtol|strtoul|strtoll|strtoull|strtod|strtof|atoi|atol|atoll|atof|sscanf|fscanf|scanf'],
  [null, 'struct buf or arena_fmt',
    'strcpy|strcat|strncpy|strncat|stpcpy|sprintf|vsprintf|gets|strtok|strtok_r|strsep'],
  [null, 'no shell', 'system|popen'],
  [null, 'an arena', 'alloca'],
  [null, 'mkstemp', 'tmpnam|mktemp|tempnam'],
  [null, 'the variant that threads may call', 'strerror|inet_ntoa|gethostbyname|setlocale|signal'],
  [/^src\/media\//, 'an error value', 'longjmp'],
];
const CALLS_IN_SRC = [
  [/^src\/base\/arena\.c$/, 'an arena, or heap_alloc and heap_free',
    'malloc|calloc|realloc|reallocarray|aligned_alloc|strdup|strndup|asprintf|vasprintf|free'],
  [/^src\/base\/clock\.c$/, 'the clock of the context',
    'time|gettimeofday|clock_gettime|localtime|localtime_r|gmtime|gmtime_r|mktime|timegm|strftime'],
  [/^src\/base\/rand\.c$/, 'the randomness of the context',
    'rand|srand|random|srandom|drand48|rand_r|getrandom|getentropy|randombytes_buf'],
  [/^src\/(base\/(log|check)\.c|cli\/|media\/|print\/|sift\/|demo\/)/, 'log_line or an answer',
    'printf|fprintf|vprintf|vfprintf|puts|fputs|putchar|perror'],
  [/^src\/(cli|media|sift|guard)\//, 'an error value', 'exit|_exit|quick_exit'],
  [/^src\/cli\//, 'an option', 'getenv|secure_getenv'],
  [/^src\/(media|attach|guard)\//, 'no other program', 'fork|vfork|execve?|execvp?|execlp?|posix_spawnp?'],
  [/^src\/base\/check\.c$/, 'CHECK', 'abort'],
  [null, 'CHECK, which stays on in release builds', 'assert'],
  [null, 'a timer or a condition variable', 'sleep|usleep|nanosleep'],
];

function* matches(text, pattern, message) {
  for (const hit of text.matchAll(pattern)) {
    const name = hit[0].trim();
    yield { line: lineAt(text, hit.index), key: name, message: `${name}: ${message}` };
  }
}

function* calls(file) {
  for (const [where, instead, names] of inSrc(file) ? [...CALLS, ...CALLS_IN_SRC] : CALLS) {
    if (where?.test(file.path)) continue;
    const pattern = new RegExp(`(?<![\\w.>])(${names})(?=\\s*\\()`, 'g');
    yield* matches(file.code, pattern, `use ${instead}`);
  }
}

// Symbols of a database's library, and the files that may name them.
const STORAGE = [
  [/^src\/db\/(sqlite|sqlite_copy|sqlite_peer|wal_file|checkpoint|fts_tokenizer)\.c$/, /\bsqlite3_\w+/g],
  [/^src\/db\/postgres\w*\.[ch]$/, /\bPQ[a-z]\w+/g],
];

function* storage(file) {
  for (const [where, symbols] of STORAGE) {
    if (!where.test(file.path)) yield* matches(file.code, symbols, 'storage is behind src/db/db.h');
  }
}

function* includeOrder(file, { rooms }) {
  const room = roomOf(file.path);
  const rank = rooms.indexOf(room);
  if (room && rank < 0) yield { line: 1, key: room, message: `${room} is not in src/rooms.txt` };
  for (const hit of file.text.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)) {
    const path = hit[1];
    const other = path.split('/')[0];
    const breach = (message) => ({ line: lineAt(file.text, hit.index + 1), key: path, message });
    if (!rooms.includes(other) && path !== 'modules.h') {
      yield breach(`"${path}": name the header as "room/name.h"`);
    } else if (room && rooms.indexOf(other) > rank) {
      yield breach(`"${path}": ${room} may not know ${other}, which comes after it`);
    }
  }
  const own = file.path.replace(/^src\//, '').replace(/\.c$/, '.h');
  const first = file.text.match(/^\s*#\s*include\s+["<]([^">]+)[">]/m)?.[1];
  if (file.path.endsWith('.c') && existsSync(`src/${own}`) && first !== own) {
    yield { line: 1, key: own, message: `its own header "${own}" comes first` };
  }
}

function* headerAlone(file, { cflags }) {
  if (!/^#pragma once$/m.test(file.text)) {
    yield { line: 1, key: 'pragma', message: '#pragma once is missing' };
  }
  const options = ['-std=gnu17', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-Isrc'];
  try {
    execFileSync('cc', [...options, ...cflags, '-fsyntax-only', '-x', 'c', '-'],
      { input: `#include "${file.path.slice('src/'.length)}"\n`, stdio: ['pipe', 'ignore', 'pipe'] });
  } catch (error) {
    const said = String(error.stderr).split('\n').find((line) => / error: /.test(line));
    yield { line: 1, key: 'alone', message: `does not compile alone: ${said ?? error.message}` };
  }
}

// Depth of blocks inside a function body; initialisers inside parentheses do not count.
function nestingOf(body) {
  let depth = 0, most = 0, parens = 0;
  for (const c of body) {
    if (c === '(') parens++;
    if (c === ')') parens--;
    if (c === '{' && !parens) most = Math.max(most, ++depth);
    if (c === '}' && !parens) depth--;
  }
  return most - 1;
}

function* functionShape(file) {
  for (const f of functionsOf(file.bare)) {
    const breach = (message) => ({ line: f.line, key: f.name, message: `${f.name}: ${message}` });
    const nesting = nestingOf(f.text);
    const parameters = f.head.slice(f.head.indexOf(f.name)).split(',').length;
    if (f.lines > FUNCTION_LINES_MAX) {
      yield breach(`${f.lines} lines, at most ${FUNCTION_LINES_MAX}`);
    }
    if (nesting > NESTING_MAX) yield breach(`nested ${nesting} deep, at most ${NESTING_MAX}`);
    if (parameters > PARAMETERS_MAX) {
      yield breach(`${parameters} parameters, at most ${PARAMETERS_MAX}`);
    }
  }
}

// Messages and statements are not broken up, so that they can be searched for: what stands inside
// a literal does not count towards a line's length, up to a point.
function* textShape(file) {
  const lines = file.text.split('\n');
  if (lines.length - 1 > FILE_LINES_MAX) {
    yield { line: FILE_LINES_MAX, key: 'file', message: `${lines.length - 1} lines` };
  }
  for (const [i, line] of lines.entries()) {
    const code = line.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|\/.*\/[gm]*/g, '');
    const length = [...line].length;
    if ([...code].length > LINE_CODE_MAX || length > LINE_CHARACTERS_MAX) {
      yield { line: i + 1, key: 'line', message: `${length} characters` };
    }
  }
}

// A tag that a header gives a meaning has no other one anywhere; a .c file may have tags of its own.
function* structTags(file, { tags }) {
  for (const hit of file.code.matchAll(/\b(?:struct|enum|union)\s+(\w+)\s*\{/g)) {
    const tag = hit[1];
    if (isHeader(file) && !tags.has(tag)) tags.set(tag, file.path);
    if (tags.has(tag) && tags.get(tag) !== file.path) {
      const message = `${tag} means something else in ${tags.get(tag)}`;
      yield { line: lineAt(file.code, hit.index), key: tag, message };
    }
  }
}

// A function that a header offers is used by another file, or by the header's own macros.
function* deadOffers(file, { files }) {
  const stem = file.path.replace(/\.h$/, '');
  const others = files.filter((f) => inSrc(f) && ![file.path, `${stem}.c`].includes(f.path));
  for (const { name, line } of prototypesOf(file.bare)) {
    const mention = new RegExp(`\\b${name}\\b`);
    if (file.code.split(mention).length > 2 || others.some((f) => mention.test(f.code))) continue;
    yield { line, key: name, message: `${name} is offered, but only its own file or tests use it` };
  }
}

function* listedSource(file) {
  const [, room, name] = file.path.match(/^src\/(\w+)\/(.+\.c)$/) ?? [];
  const list = `src/${room}/meson.build`;
  if (!room || file.path === 'src/cli/main.c') return;
  if (!existsSync(list) || !readFileSync(list, 'utf8').includes(`'${name}'`)) {
    yield { line: 1, key: name, message: `is not listed in ${list}` };
  }
}

function* globals(file) {
  for (const { line, name } of mutablesOf(file.bare)) {
    yield { line, key: name, message: `${name} can change and belongs to nobody` };
  }
}

function* opening(file) {
  const name = file.path.split('/').pop();
  const begins = inSrc(file) ? `/* ${name}: ` : '/* ';
  if (!file.text.startsWith(begins)) {
    yield { line: 1, key: name, message: `begins with ${begins}what it is and why */` };
  }
}

function* shellParses(file) {
  try {
    execFileSync('bash', ['-n', file.path], { stdio: 'pipe' });
  } catch (error) {
    yield { line: 1, key: 'parse', message: String(error.stderr).trim() };
  }
}

const blanks = (f) => matches(f.text, f.isC || f.isScript ? /\t|[ \t]+$/gm : /[ \t]+$/gm,
  'a tab, or blanks at the end of a line');

// Home directories, this very checkout, and fixed names in the shared temporary directory.
const machinePaths = (f, { home }) => matches(f.text,
  new RegExp(`(?<![\\w.*}$])/(home|root|Users)/[\\w.]+|${home}|(?<!/var)/t[m]p/(?!\\S*X{6})[a-z]\\S*`, 'g'),
  'a path of one machine');

export const RULES = [
  { name: 'call', asks: 'no banned calls', files: inC, check: calls },
  { name: 'storage', asks: 'each database is named by its driver only', files: inSrc,
    check: storage },
  { name: 'room', asks: 'own header first, then earlier rooms', files: inSrc, check: includeOrder },
  { name: 'header', asks: 'headers compile alone', files: isHeader, check: headerAlone },
  { name: 'function', asks: 'short, flat, few parameters', files: inC, check: functionShape },
  { name: 'length', asks: 'short files and lines', files: (f) => f.isC || f.isScript,
    check: textShape },
  { name: 'typedef', asks: 'struct and enum tags; only function types have names', files: inC,
    check: (f) => matches(f.bare, /\btypedef\b[^;{(]*(?=[;{])/g, 'write the tag') },
  { name: 'global', asks: 'nothing at file level changes', files: inSrc, check: globals },
  { name: 'tag', asks: 'one name, one meaning', files: inSrc, check: structTags },
  { name: 'dead', asks: 'what a header offers is used', files: isHeader, check: deadOffers,
    onlyWhenAsked: true },
  { name: 'listed', asks: 'each source is built', files: inSrc, check: listedSource },
  { name: 'opening', asks: 'each C file says what it is', files: inC, check: opening },
  { name: 'blank', asks: 'no tabs, no blanks at line ends',
    files: (f) => f.isText && !/^(LICENSE|(.*\/)?Makefile|.*\/debian\/rules)$/.test(f.path), check: blanks },
  { name: 'later', asks: 'nothing put off', files: (f) => f.isText,
    check: (f) => matches(f.text, /\b(TO[D]O|FIX[M]E|X[X]X)\b/g, 'do it, or write it in the roadmap') },
  { name: 'path', asks: 'no paths of one machine', files: (f) => f.isText, check: machinePaths },
  { name: 'lock', asks: 'lock files name no host',
    files: (f) => f.path.endsWith('package-lock.json'),
    check: (f) => matches(f.text, /"resolved":\s*"https?:[^"]*"/g, 'a registry') },
  { name: 'shell', asks: 'scripts parse', files: (f) => /^#!.*\b(ba)?sh\b/.test(f.text),
    check: shellParses },
];
