// Editing boundaries: shared vertices stay shared, nothing is lost or covered twice by moving,
// splitting and merging, and everything can be undone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { begin, done, redo, undo } from '../../desk/map/edit/history.ts'
import {
  Refused,
  changesOf,
  crossings,
  geometryOf,
  insertVertex,
  mergeZones,
  moveVertex,
  noMesh,
  removeVertex,
  snapAt,
  splitZone,
  weldVertex,
  withZones,
  zoneArea,
  zoneHolds,
} from '../../desk/map/edit/mesh.ts'
import type { Mesh, Pt, Refusal } from '../../desk/map/edit/mesh.ts'

const feature = (code: string, ...rings: number[][][]): GeoJSON.Feature => ({
  type: 'Feature',
  properties: { code, name: `zone ${code}` },
  geometry: { type: 'MultiPolygon', coordinates: [rings] },
})
const square = (x: number, y: number, size = 1): number[][] => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
]
const collection = (...features: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({
  type: 'FeatureCollection',
  features,
})
/** Four squares around (1, 1): a b below, c d above. */
const four = (): Mesh =>
  withZones(
    noMesh,
    collection(
      feature('a', square(0, 0)),
      feature('b', square(1, 0)),
      feature('c', square(0, 1)),
      feature('d', square(1, 1)),
    ),
  )
const idAt = (mesh: Mesh, x: number, y: number): number => {
  const found = [...mesh.points].find(([, p]) => p[0] === x && p[1] === y)
  assert.ok(found, `no vertex at ${x} ${y}`)
  return found[0]
}
const zone = (mesh: Mesh, code: string) => mesh.zones.get(code)!
const area = (mesh: Mesh, ...codes: string[]): number =>
  codes.reduce((sum, code) => sum + zoneArea(mesh, zone(mesh, code)), 0)
const near = (a: number, b: number, share = 1e-9): void =>
  assert.ok(Math.abs(a - b) <= share * Math.abs(b), `${a} is not ${b}`)
const refused = (why: Refusal, act: () => unknown): void => {
  assert.throws(act, (e: unknown) => e instanceof Refused && e.why === why)
}
/** Every point of a lattice over the squares lies in exactly so many zones. */
function coveredOnce(mesh: Mesh): void {
  for (let x = 0.03; x < 2; x += 0.0613)
    for (let y = 0.03; y < 2; y += 0.0613) {
      const holders = [...mesh.zones.values()].filter(z => zoneHolds(mesh, z, [x, y]))
      assert.equal(holders.length, 1, `${x} ${y} lies in ${holders.map(z => z.code).join()}`)
    }
}

test('vertices that zones share are one, also with zones that come later', () => {
  const mesh = four()
  assert.equal(mesh.points.size, 9)
  const more = withZones(mesh, collection(feature('e', square(2, 0)), feature('a', square(9, 9))))
  assert.equal(more.points.size, 11)
  assert.deepEqual(zone(more, 'a'), zone(mesh, 'a'), 'what is there already stays')
})

test('moving a shared vertex moves all borders there: no gap, no overlap, the sum stays', () => {
  const mesh = four()
  const moved = moveVertex(mesh, idAt(mesh, 1, 1), [1.3, 0.7])
  coveredOnce(moved)
  near(area(moved, 'a', 'b', 'c', 'd'), area(mesh, 'a', 'b', 'c', 'd'))
  assert.ok(area(moved, 'c') > area(mesh, 'c') && area(moved, 'b') < area(mesh, 'b'))
  assert.deepEqual(crossings(moved, ['a', 'b', 'c', 'd']), [])
  assert.deepEqual(mesh.points.get(idAt(mesh, 1, 1)), [1, 1], 'the old mesh is as it was')
})

test('a vertex moved across a neighbour is seen to cross it', () => {
  const mesh = four()
  const moved = moveVertex(mesh, idAt(mesh, 1, 1), [1.5, 2.4])
  const found = crossings(moved, ['a'])
  assert.ok(found.length > 0)
  assert.ok(crossings(moved, ['d']).some(c => c.code === 'd' || c.other === 'd'))
})

test('areas are those of the ellipsoid', () => {
  const mesh = withZones(noMesh, collection(feature('a', square(120, 31, 0.01))))
  near(area(mesh, 'a'), 1_058_930, 1e-3)
})

test('a vertex on a shared edge comes into both rings, and goes again', () => {
  const mesh = four()
  const { mesh: more, id } = insertVertex(mesh, idAt(mesh, 1, 0), idAt(mesh, 1, 1), [1, 0.5])
  for (const code of ['a', 'b']) assert.equal(zone(more, code).polygons[0]![0]!.length, 5)
  assert.equal(zone(more, 'c').polygons[0]![0]!.length, 4)
  coveredOnce(moveVertex(more, id, [1.2, 0.5]))
  const back = removeVertex(more, id)
  assert.deepEqual(changesOf(mesh, back), { changed: [], made: [], ended: [] })
})

test('what cannot be removed says why', () => {
  const mesh = four()
  refused('corner', () => removeVertex(mesh, idAt(mesh, 1, 1)))
  refused('corner', () => removeVertex(mesh, idAt(mesh, 1, 0)))
  const triangle = withZones(noMesh, collection(feature('t', [[0, 0], [1, 0], [0, 1], [0, 0]])))
  refused('few', () => removeVertex(triangle, idAt(triangle, 1, 0)))
  assert.equal(removeVertex(mesh, idAt(mesh, 0, 0)).zones.get('a')!.polygons[0]![0]!.length, 3)
})

test('welding closes a gap between zones that did not share a vertex', () => {
  const mesh = withZones(
    noMesh,
    collection(feature('a', square(0, 0)), feature('b', square(1.01, 0))),
  )
  let closed = weldVertex(mesh, idAt(mesh, 1.01, 0), idAt(mesh, 1, 0))
  closed = weldVertex(closed, idAt(closed, 1.01, 1), idAt(closed, 1, 1))
  assert.equal(closed.points.size, 6)
  near(area(closed, 'b'), area(mesh, 'b') * 1.01)
  const moved = moveVertex(closed, idAt(closed, 1, 1), [1.2, 1])
  assert.ok(zoneHolds(moved, zone(moved, 'a'), [1.05, 0.9]))
  refused('touches', () => weldVertex(four(), idAt(four(), 0, 0), idAt(four(), 1, 1)))
})

test('a zone is cut along a line; the larger part keeps the code, neighbours are untouched', () => {
  const mesh = four()
  const { mesh: one, id: from } = insertVertex(mesh, idAt(mesh, 0, 0), idAt(mesh, 1, 0), [0.3, 0])
  const { mesh: two, id: to } = insertVertex(one, idAt(one, 0, 1), idAt(one, 1, 1), [0.3, 1])
  const cut = splitZone(two, 'a', from, [[0.4, 0.5]], to, { code: 'n', name: 'new' })
  coveredOnce(cut)
  near(area(cut, 'a', 'n'), area(mesh, 'a'))
  assert.ok(area(cut, 'a') > area(cut, 'n'))
  assert.ok(zoneHolds(cut, zone(cut, 'n'), [0.1, 0.5]))
  const changes = changesOf(mesh, cut)
  assert.deepEqual(changes.made.map(z => z.code), ['n'])
  assert.deepEqual(changes.changed.map(z => z.code).sort(), ['a', 'c'], 'c has one vertex more')
  assert.deepEqual(changesOf(mesh, mergeZones(cut, 'a', 'n')).made, [])
  near(area(mergeZones(cut, 'a', 'n'), 'a'), area(mesh, 'a'))
})

test('what cannot be cut says why', () => {
  const mesh = four()
  const [p, q, r] = [idAt(mesh, 0, 0), idAt(mesh, 1, 1), idAt(mesh, 2, 2)]
  const made = { code: 'n', name: 'n' }
  refused('same', () => splitZone(mesh, 'a', p, [], p, made))
  refused('apart', () => splitZone(mesh, 'a', p, [], r, made))
  refused('code', () => splitZone(mesh, 'a', p, [], q, { code: 'b', name: 'b' }))
  refused('line', () => splitZone(mesh, 'a', p, [[1.5, 0.2]], q, made))
  refused('outside', () => splitZone(mesh, 'a', p, [], idAt(mesh, 1, 0), made))
  const knot: Pt[] = [[0.8, 0.2], [0.2, 0.8], [0.1, 0.3], [0.7, 0.6]]
  refused('line', () => splitZone(mesh, 'a', p, knot, q, made))
})

test('holes go with the part that holds them', () => {
  const mesh = withZones(
    noMesh,
    collection(feature('a', square(0, 0), [[0.1, 0.1], [0.1, 0.2], [0.2, 0.2], [0.1, 0.1]])),
  )
  const { mesh: one, id: from } = insertVertex(mesh, idAt(mesh, 0, 0), idAt(mesh, 1, 0), [0.3, 0])
  const { mesh: two, id: to } = insertVertex(one, idAt(one, 0, 1), idAt(one, 1, 1), [0.3, 1])
  const cut = splitZone(two, 'a', from, [], to, { code: 'n', name: 'n' })
  assert.equal(zone(cut, 'n').polygons[0]!.length, 2)
  assert.equal(zone(cut, 'a').polygons[0]!.length, 1)
  near(area(cut, 'a', 'n'), area(mesh, 'a'))
})

test('neighbours become one; a zone around a hole, and rings that touch, stay right', () => {
  const mesh = four()
  const one = mergeZones(mesh, 'a', 'b')
  coveredOnce(one)
  near(area(one, 'a'), area(mesh, 'a', 'b'))
  assert.deepEqual(changesOf(mesh, one).ended.map(z => z.code), ['b'])
  refused('apart', () => mergeZones(mesh, 'a', 'd'))
  refused('same', () => mergeZones(mesh, 'a', 'a'))
  const corner = mergeZones(mergeZones(mesh, 'a', 'b'), 'a', 'd')
  coveredOnce(corner)
  const ring = withZones(
    noMesh,
    collection(
      feature('o', square(0, 0, 3), [[1, 1], [1, 2], [2, 2], [2, 1], [1, 1]]),
      feature('i', square(1, 1)),
    ),
  )
  const filled = mergeZones(ring, 'o', 'i')
  assert.equal(zone(filled, 'o').polygons[0]!.length, 1)
  near(area(filled, 'o'), area(ring, 'o', 'i'))
})

test('merging around a courtyard leaves it as a hole', () => {
  const mesh = withZones(
    noMesh,
    collection(
      feature('u', [[0, 0], [3, 0], [3, 3], [2, 3], [2, 1], [1, 1], [1, 3], [0, 3], [0, 0]]),
      feature('lid', [[1, 2], [2, 2], [2, 3], [1, 3], [1, 2]]),
    ),
  )
  const joined = withZones(
    noMesh,
    collection(
      feature('u', [[0, 0], [3, 0], [3, 3], [2, 3], [2, 2], [2, 1], [1, 1], [1, 2], [1, 3], [0, 3], [0, 0]]),
      feature('lid', [[1, 2], [2, 2], [2, 3], [1, 3], [1, 2]]),
    ),
  )
  refused('apart', () => mergeZones(mesh, 'u', 'lid'))
  const one = mergeZones(joined, 'u', 'lid')
  assert.equal(zone(one, 'u').polygons.length, 1)
  assert.equal(zone(one, 'u').polygons[0]!.length, 2)
  assert.ok(!zoneHolds(one, zone(one, 'u'), [1.5, 1.5]))
  near(area(one, 'u'), area(joined, 'u', 'lid'))
})

test('snapping prefers a vertex to an edge, and nothing far away', () => {
  const mesh = four()
  const onScreen = (p: Pt) => [p[0] * 100, p[1] * 100] as const
  assert.deepEqual(snapAt(mesh, [103, 98], onScreen, 8), { kind: 'vertex', id: idAt(mesh, 1, 1), at: [1, 1] })
  const edge = snapAt(mesh, [97, 40], onScreen, 8)
  assert.equal(edge?.kind, 'edge')
  assert.deepEqual(edge?.at, [1, 0.4])
  assert.equal(snapAt(mesh, [50, 50], onScreen, 8), undefined)
  assert.notEqual(snapAt(mesh, [101, 99], onScreen, 8, idAt(mesh, 1, 1))?.kind, 'vertex')
})

test('what is written reads as the same to the last digit', () => {
  const mesh = withZones(noMesh, collection(feature('a', square(120.1234567, 31.7654321))))
  const text = JSON.stringify(geometryOf(mesh, zone(mesh, 'a')))
  const again = withZones(noMesh, collection({ ...feature('a'), geometry: JSON.parse(text) }))
  assert.deepEqual(geometryOf(again, zone(again, 'a')), geometryOf(mesh, zone(mesh, 'a')))
})

test('undo and redo go through all states, and a new step forgets what was undone', () => {
  let h = begin(1)
  for (const n of [2, 3, 4]) h = done(h, n)
  assert.equal(done(h, 4), h, 'no step without a change')
  h = undo(undo(h))
  assert.equal(h.now, 2)
  assert.equal(redo(h).now, 3)
  h = done(h, 9)
  assert.equal(redo(h).now, 9)
  assert.equal(undo(undo(undo(undo(h)))).now, 1)
})
