// What the second lock on scope (sql/0005_scope.sql) costs the database: the statements behind
// three pages, run as a reader runs them, with the policies and with row level security turned off,
// in turn. What counts is the processor time of PostgreSQL's process, which other work on the
// machine disturbs little; the least of the rounds is the least disturbed.
//   node tests/bench/scope.mjs [--matters N] [--rounds N] [--dir DIR]
// The database is made once in DIR (var/bench) and kept.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { make, stores } from './stores.mjs'

const { values: options } = parseArgs({ options: { matters: { type: 'string', default: '300000' },
  rounds: { type: 'string', default: '5' }, dir: { type: 'string', default: 'var/bench' } } })
const build = process.env.BUILD ?? 'build', rounds = Number(options.rounds)
const community = 320508018023, worker = 2, farMs = 4000000000000, now = Date.now()
mkdirSync(options.dir, { recursive: true })
const store = stores.postgres(options.dir)

const texts = new Map(execFileSync(`${build}/fengqiao`, ['describe', 'sql'], { encoding: 'utf8' }).trim()
  .split('\n').map(line => JSON.parse(line)).map(({ name, text }) => [name, text]))

/** Each page as calls of named statements, for the worker of a community. */
function pages(db) {
  const rows = store.sql(db, `SELECT id, grid FROM matter WHERE community = ${community}
    AND open = 1 ORDER BY id LIMIT 50`).map(line => line.split(' '))
  const grid = rows[0][1], area = Math.floor(community / 1e6), n = rows.length
  const counts = [['desk.count_holder', [worker]], ['desk.count_unit', [community, farMs]],
    ['desk.count_pool', [community]], ['desk.count_cohandle', [community]],
    ['desk.count_ask', [community]],
    ['desk.count_unit', [community, now]], ['desk.count_unit', [community, now + 86400000]]]
  return {
    'list of a grid': i => [['desk.all_of_grid', [grid, -1, -1, -1, 51]],
      ...Array.from({ length: 5 }, (_, k) => ['desk.row', [area, rows[(i + k) % n][0]]])],
    'page of a matter': i => ['matter.by_id', 'view.lines', 'photo.of', 'desk.reporters',
      'step.cohandlers', 'desk.links'].map(name => [name, [area, rows[i % n][0], ...name === 'view.lines' ? [0] : []]]),
    'counts': () => counts,
  }
}

const settings = [`SET LOCAL fengqiao.sees = 'staff'`, `SET LOCAL fengqiao.units = '{${community}}'`,
  `SET LOCAL fengqiao.account = '{${worker}}'`, `SET LOCAL fengqiao.regions = '{[${community},${community}]}'`,
  `SET LOCAL fengqiao.first = '${community}'`, `SET LOCAL fengqiao.last = '${community}'`]

/** So many transactions of one connection, each as the program sends it: settings with BEGIN. */
function script(page, times, scoped) {
  const calls = Array.from({ length: 50 }, (_, i) => page(i))
  const names = [...new Set(calls.flat().map(([name]) => name))]
  const begin = ['BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', ...scoped ? settings : []].join('\\;')
  return ['SET plan_cache_mode = force_generic_plan; SET jit = off;',
    ...names.map((name, i) => `PREPARE s${i} AS ${texts.get(name)};`), '\\o /dev/null',
    ...Array.from({ length: times }, (_, i) => `${begin};${calls[i % 50].map(([name, args]) =>
      `EXECUTE s${names.indexOf(name)}(${args});`).join('')}ROLLBACK;`)].join('\n')
}

/** Processor time that the connection has taken in the end, in seconds. */
function run(db, text) {
  const last = 'SELECT pg_backend_pid() AS pid \\gset\n\\setenv BACKEND :pid\n'
    + '\\! cat /proc/$BACKEND/schedstat\n'
  const said = execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', db.url],
    { input: `${text}\n${last}`, encoding: 'utf8' })
  return Number(said.split(' ')[0]) / 1e9
}

function lock(db, on) {
  const how = on ? 'ENABLE' : 'DISABLE'
  store.sql(db, `DO $$ DECLARE t TEXT; BEGIN FOR t IN SELECT tablename FROM pg_policies LOOP
    EXECUTE format('ALTER TABLE %I ${how} ROW LEVEL SECURITY', t); END LOOP; END $$`)
}

const db = make(store, build, `scope-${options.matters}`, Number(options.matters), 20)
store.done(db)
const times = 2000
for (const [name, page] of Object.entries(pages(db))) {
  const us = { off: [], on: [] }
  for (let round = 0; round < rounds; round++) {
    for (const how of ['off', 'on']) {
      lock(db, how === 'on')
      us[how].push(run(db, script(page, times, how === 'on')) / times * 1e6)
    }
  }
  const [off, on] = [Math.min(...us.off), Math.min(...us.on)]
  const calls = page(0).length
  console.log(`${name}: ${calls} statements, ${off.toFixed(0)} us without, ${on.toFixed(0)} us with; `
    + `${(on / off).toFixed(2)} times, ${((on - off) / calls).toFixed(0)} us a statement more`)
}
lock(db, true)
store.stop()
