// looks.mjs: what people look at, as calls: the same for a city of any size, so that run.mjs can tell
// what grows with it. A look: [name, whose session or none, lines]; lines are as `load get` reads them.
import { execFileSync } from 'node:child_process'

const AREA = 320508, DISTINCT = 20000, DAY_MS = 24 * 3600_000

/** In an order that has nothing to do with the database's, the same each time. */
export const shuffled = all => all.map((v, i) => [(i * 7919) % 1000003, v])
  .sort(([a], [b]) => a - b).map(([, v]) => v)

/** Matters of the county, evenly over all its time, without reading all of them. */
function matters(store, db) {
  const [low, high] = store.sql(db, `SELECT min(id), max(id) FROM matter WHERE area = ${AREA}`)[0]
    .split(' ').map(Number)
  return store.sql(db, `WITH RECURSIVE k(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM k
      WHERE i < ${DISTINCT - 1})
    SELECT (SELECT id || ' ' || number FROM matter WHERE area = ${AREA}
      AND id >= ${low} + (${high} - ${low}) / ${DISTINCT} * i ORDER BY id LIMIT 1) FROM k`)
    .map(line => line.split(' '))
}

function codes(build, db, ids) {
  return execFileSync(`${build}/tests/bench/codes`, [db.url, db.data],
    { input: ids.map(id => `${AREA} ${id}\n`).join(''), encoding: 'utf8' }).trim().split('\n')
}

// With many lengths of page, so that no answer is one that was kept.
const pages = path => Array.from({ length: 30 }, (_, i) => `${path}&limit=${21 + i}`)
const box = (lon, lat, half) => Object.entries({ w: lon - half, s: lat - half,
  e: lon + half, n: lat + half }).map(([side, v]) => `${side}=${v.toFixed(6)}`).join('&')

export function looks(store, build, db, total) {
  const some = shuffled(matters(store, db)), ids = some.map(([id]) => id)
  const grids = shuffled(store.sql(db, `SELECT code, lon, lat FROM zone WHERE layer = 'grid'
    AND code / 1000000000 = ${AREA}`).map(line => line.split(' ').map(Number)))
  const near = half => grids.map(([, lon, lat]) => box(lon, lat, half))
  const ofOne = Array.from({ length: 500 }, (_, i) => total - 1 - Math.floor(total / 501) * i)
  const month = Math.floor((Date.now() - 30 * DAY_MS) / 60_000) * 60_000
  return [
    ['a matter by its number', 'dispatcher2', some.map(([, number]) => `/api/matters/${number}`)],
    ['a report by its receipt code', '', codes(build, db, ids).map(code => `/api/receipt Receipt ${code}`)],
    ['open matters of my grid', 'dispatcher2', shuffled(grids.flatMap(([code]) => pages(`/api/matters?view=region&grid=${code}`)))],
    ['open matters of a unit', 'worker1', pages('/api/matters?view=unit')],
    ['open matters of a town', 'dispatcher1', pages('/api/matters?view=region')],
    ['open matters of a county', 'dispatcher2', pages('/api/matters?view=region')],
    ['all of a unit, newest first', 'worker1', pages('/api/matters?view=unit&order=new')],
    ['all of a town, newest first', 'dispatcher1', pages('/api/matters?view=region&order=new')],
    ['all of a county, newest first', 'dispatcher2', pages('/api/matters?view=region&order=new')],
    ['a town\'s rejected ones of one kind', 'dispatcher1', pages('/api/matters?view=region&order=new&state=rejected&category=0301')],
    ['counts of a desk', 'dispatcher2', ['/api/counts']],
    ['a word that all have', 'worker1', ['%E6%A5%BC%E9%81%93', '%E5%A0%86%E7%89%A9'].map(q => `/api/search?q=${q}`)],
    ['a word that one has', 'dispatcher2', shuffled(ofOne.map(n => `/api/search?q=${n}`))],
    ['what is near, for residents', '', grids.map(([, lon, lat]) => `/api/nearby?lon=${lon}&lat=${lat}`)],
    ['a grid on the map', 'dispatcher2', near(0.002).map(at => `/api/matters/map?${at}`)],
    ['a town\'s zones on the map, counted', 'dispatcher2', near(0.02).map(at => `/api/zones?${at}&layer=grid`)],
    ['a grid on the map, ended within a month', 'dispatcher2', near(0.002).map(at => `/api/matters/map?${at}&ended=only&from_ms=${month}`)],
    ['a grid on the map, ended at any time', 'dispatcher2', near(0.002).map(at => `/api/matters/map?${at}&ended=only`)],
  ]
}
