// blocks.mjs: how many blocks PostgreSQL touches for the statements behind what people look at,
// among few matters and among many. Other work on the machine changes times, not these. The
// databases are those of run.mjs (--only looks --db postgres).
//   node tests/bench/blocks.mjs [--small N] [--large N] [--dir DIR]
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { stores } from './stores.mjs'

const { values: options } = parseArgs({ options: { small: { type: 'string', default: '100000' },
  large: { type: 'string', default: '10000000' }, dir: { type: 'string', default: 'var/bench' } } })
const build = process.env.BUILD ?? 'build', area = 320508, town = 320508018000, far = 4000000000000
const store = stores.postgres(options.dir)
const sizes = [options.small, options.large].map(n => store.at(`city-${n}`))
const texts = new Map(execFileSync(`${build}/fengqiao`, ['describe', 'sql'], { encoding: 'utf8' }).trim()
  .split('\n').map(line => JSON.parse(line)).map(({ name, text }) => [name, text]))

const one = (db, text) => store.sql(db, text)[0].split(' ').map(Number)
const none = ["''", "''", 0, 0, 0, far, 0, far]

/** What is looked at, as statements with their values. */
function looks(db) {
  const [low, high] = one(db, `SELECT min(id), max(id) FROM matter WHERE area = ${area}`)
  const [id] = one(db, `SELECT id FROM matter WHERE area = ${area}
    AND id > ${low} + (${high} - ${low}) / 3 LIMIT 1`)
  const [grid] = one(db, `SELECT min(grid) FROM matter WHERE area = ${area} AND open = 1`)
  const [unit, cell, lon, lat] = one(db, `SELECT owner_unit, cell, lon, lat FROM matter
    WHERE grid = ${grid} AND open = 1 AND cell IS NOT NULL ORDER BY id LIMIT 1`)
  const cells = [Math.floor(cell / 2 ** 18) * 2 ** 18, Math.floor(cell / 2 ** 18) * 2 ** 18 + 2 ** 18 - 1]
  const due = whose => [whose, -1, area, -1, 51, ...none, far, 0]
  const rare = ["'rejected'", "'0301'", 0, 0, 0, far, 0, far]
  const box = [lon - 0.002, lon + 0.002, lat - 0.002, lat + 0.002]
  const place = [0, far, 0, far, 0, ...box, "''", "''", 0, 0, 0]
  const [end] = one(db, texts.get('desk.look_end_of_area')
    .replaceAll('$1', area).replaceAll('$2', high + 1).replaceAll('$3', 20000))
  return {
    'a matter, by its number or a receipt code': ['matter.by_id', area, id],
    'its history': ['view.lines', area, id, 0],
    'its reporters': ['desk.reporters', area, id],
    'open matters of a grid': ['desk.all_of_grid', grid, -1, area, -1, 51],
    'open matters of a unit': ['desk.of_unit', ...due(unit)],
    'open matters of a town': ['desk.of_town', ...due(town)],
    'open matters of a county': ['desk.of_area', ...due(area)],
    'all of a unit, newest first': ['desk.new_of_unit', unit, 0, high + 1, 0, 51, ...none, 0],
    'all of a county, newest first': ['desk.new_of_area', area, 0, high + 1, far, 51, ...none, 0],
    'rejected ones of one kind in a town, all looked at':
      ['desk.new_of_area', area, town, high + 1, town, 51, ...rare, 0],
    'the same, a page looking at 20,000': ['desk.new_of_area', area, town, high + 1, town, 51, ...rare, end],
    'and where that ends': ['desk.look_end_of_area', area, high + 1, 20000],
    'count of a unit': ['desk.count_unit', unit, far],
    'count of a county': ['desk.count_area', area, far],
    'what is near, for residents': ['report.near', ...cells],
    'a place on the map': ['map.points_by_cell', ...cells, ...place],
    'what ended there, by time': ['map.points_by_end', area, 0, ...place],
    'what ended there, by place': ['map.points_ended_here', ...cells, ...place],
    'start: the newest entry': ['desk.last_entry'],
  }
}

/** Blocks of the second run, without those that a plan needs once. */
function blocks(db, [name, ...args]) {
  const call = `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) EXECUTE s${args.length ? `(${args})` : ''}`
  const said = store.sql(db, `SET plan_cache_mode = force_generic_plan; SET jit = off;
    PREPARE s AS ${texts.get(name)}; ${call}`).join('\n')
  const plan = JSON.parse(said.slice(said.indexOf('[')))[0]
  return plan.Plan['Shared Hit Blocks'] + plan.Plan['Shared Read Blocks']
}

try {
  for (const db of sizes)
    execFileSync(`${build}/fengqiao`, ['migrate', '--db', db.url], { stdio: ['ignore', 'ignore', 'inherit'] })
  const [few, many] = sizes.map(looks)
  console.log(`| blocks of 8 kB, PostgreSQL | ${options.small} | ${options.large} | ratio |\n|---|---|---|---|`)
  for (const name of Object.keys(few)) {
    const [a, b] = [blocks(sizes[0], few[name]), blocks(sizes[1], many[name])]
    console.log(`| ${name} | ${a} | ${b} | ${(b / a).toFixed(2)} |`)
  }
} finally {
  store.stop()
}
