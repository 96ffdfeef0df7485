// Zones as a mesh: a vertex that several zones share is one vertex, so that moving it moves all of
// their borders and neither gap nor overlap arises. Every change gives a new mesh; the old one stays
// as it was, which is what undoing goes back to.
export type Pt = readonly [lon: number, lat: number]
/** A ring of vertices, not closed; the first of a polygon is its outer one. */
export type Ring = readonly number[]
export interface Zone {
  code: string
  name: string
  /** Of what it is part, and of a grid its kind: a part that is cut off has the same. */
  parent?: string
  kind?: string
  /** Which outline it was in force: what is drawn on it says so. */
  drawn_on?: string
  polygons: readonly (readonly Ring[])[]
}
export interface Mesh {
  next: number
  points: ReadonlyMap<number, Pt>
  zones: ReadonlyMap<string, Zone>
}
/** Why a change cannot be; the page has the words. */
export type Refusal =
  | 'corner'
  | 'few'
  | 'touches'
  | 'apart'
  | 'outside'
  | 'same'
  | 'code'
  | 'line'
export class Refused extends Error {
  readonly why: Refusal
  constructor(why: Refusal) {
    super(why)
    this.why = why
  }
}

export const noMesh: Mesh = { next: 0, points: new Map(), zones: new Map() }
const keyOf = ([lon, lat]: Pt): string => `${lon} ${lat}`
const AXIS_M = 6378137
const E = 0.0818191908426215
const RAD = Math.PI / 180
/** Less than this is no zone but a slip of the hand. */
const AREA_LEAST_M2 = 1

// --- reading and writing

type Position = GeoJSON.Position
function polygonsOf(g: GeoJSON.Geometry): Position[][][] {
  if (g.type === 'Polygon') return [g.coordinates]
  return g.type === 'MultiPolygon' ? g.coordinates : []
}

/** The mesh with more zones in it; those it has already stay as they are. */
export function withZones(mesh: Mesh, all: GeoJSON.FeatureCollection): Mesh {
  const points = new Map(mesh.points)
  const zones = new Map(mesh.zones)
  const ids = new Map([...points].map(([id, p]) => [keyOf(p), id]))
  let next = mesh.next
  const idOf = (p: Position): number => {
    const at: Pt = [p[0]!, p[1]!]
    const known = ids.get(keyOf(at))
    if (known !== undefined) return known
    ids.set(keyOf(at), next)
    points.set(next, at)
    return next++
  }
  for (const f of all.features) {
    const { code, name, parent, kind, drawn_on } = f.properties as Omit<Zone, 'polygons'>
    if (zones.has(code) || !f.geometry) continue
    const polygons = polygonsOf(f.geometry).map(p => p.map(ring => ring.slice(0, -1).map(idOf)))
    zones.set(code, { code, name, ...(parent ? { parent } : {}), ...(kind ? { kind } : {}), ...(drawn_on ? { drawn_on } : {}), polygons })
  }
  return { next, points, zones }
}

/** The mesh without some zones, nor the vertices that none but these had. */
export function withoutZones(mesh: Mesh, codes: readonly string[]): Mesh {
  const gone = new Set(codes)
  const zones = new Map([...mesh.zones].filter(([code]) => !gone.has(code)))
  const used = new Set([...zones.values()].flatMap(z => z.polygons.flat(2)))
  return { ...mesh, zones, points: new Map([...mesh.points].filter(([id]) => used.has(id))) }
}

const at = (mesh: Mesh, id: number): Pt => mesh.points.get(id)!
const before = <T>(ring: readonly T[], i: number): T => ring[(i + ring.length - 1) % ring.length]!
const after = <T>(ring: readonly T[], i: number): T => ring[(i + 1) % ring.length]!
export const ringPoints = (mesh: Mesh, ring: Ring): Pt[] => ring.map(id => at(mesh, id))

export function geometryOf(mesh: Mesh, zone: Zone): GeoJSON.MultiPolygon {
  const closed = (ring: Ring): Position[] =>
    [...ring, ring[0]!].map(id => [...at(mesh, id)] as Position)
  return { type: 'MultiPolygon', coordinates: zone.polygons.map(p => p.map(closed)) }
}

const sameGeometry = (a: GeoJSON.MultiPolygon, b: GeoJSON.MultiPolygon): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

export interface Changes {
  changed: Zone[]
  made: Zone[]
  ended: Zone[]
}
export function changesOf(first: Mesh, now: Mesh): Changes {
  const found: Changes = { changed: [], made: [], ended: [] }
  for (const zone of now.zones.values()) {
    const old = first.zones.get(zone.code)
    if (!old) found.made.push(zone)
    else if (old.name !== zone.name || !sameGeometry(geometryOf(first, old), geometryOf(now, zone)))
      found.changed.push(zone)
  }
  for (const old of first.zones.values()) if (!now.zones.has(old.code)) found.ended.push(old)
  return found
}

// --- measures

/** Height of a latitude in Lambert's equal-area projection, as src/geo/shape.c has it. */
function height(lat: number): number {
  const s = Math.sin(lat * RAD)
  return (AXIS_M / 2) * (1 - E * E) * (s / (1 - E * E * s * s) + Math.atanh(E * s) / E)
}

/** Square metres, positive when the ring runs counter-clockwise. */
export function ringArea(points: readonly Pt[]): number {
  const [lon0, y0] = [points[0]![0], height(points[0]![1])]
  const flat = points.map(([lon, lat]) => [AXIS_M * RAD * (lon - lon0), height(lat) - y0] as const)
  return flat.reduce((sum, [x, y], i) => {
    const [nx, ny] = flat[(i + 1) % flat.length]!
    return sum + (x * ny - nx * y) / 2
  }, 0)
}
export function zoneArea(mesh: Mesh, zone: Zone): number {
  const size = (ring: Ring): number => Math.abs(ringArea(ringPoints(mesh, ring)))
  return zone.polygons.reduce(
    (sum, [outer, ...holes]) => sum + size(outer!) - holes.reduce((h, ring) => h + size(ring), 0),
    0,
  )
}

export function ringHolds(points: readonly Pt[], [x, y]: Pt): boolean {
  let inside = false
  points.forEach(([xa, ya], i) => {
    const [xb, yb] = points[(i + 1) % points.length]!
    if (ya > y !== yb > y && x < xa + ((y - ya) / (yb - ya)) * (xb - xa)) inside = !inside
  })
  return inside
}
export function zoneHolds(mesh: Mesh, zone: Zone, p: Pt): boolean {
  return zone.polygons.some(
    ([outer, ...holes]) =>
      ringHolds(ringPoints(mesh, outer!), p) && !holes.some(h => ringHolds(ringPoints(mesh, h), p)),
  )
}

const turn = (a: Pt, b: Pt, c: Pt): number =>
  (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

/** Whether two lines cross at a point inside both. */
export function cross(a: Pt, b: Pt, c: Pt, d: Pt): boolean {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0
}

// --- changing rings

function mapRings(mesh: Mesh, change: (ring: Ring) => Ring): Map<string, Zone> {
  const zones = new Map(mesh.zones)
  for (const zone of mesh.zones.values()) {
    const polygons = zone.polygons.map(p => p.map(change))
    const touched = polygons.some((p, i) => p.some((ring, k) => ring !== zone.polygons[i]![k]))
    if (touched) zones.set(zone.code, { ...zone, polygons })
  }
  return zones
}

export const zonesWith = (mesh: Mesh, id: number): Zone[] =>
  [...mesh.zones.values()].filter(z => z.polygons.some(p => p.some(ring => ring.includes(id))))

export function moveVertex(mesh: Mesh, id: number, to: Pt): Mesh {
  return { ...mesh, points: new Map(mesh.points).set(id, to) }
}

/** One vertex more on the edge between two, in every ring that has the edge. */
export function insertVertex(mesh: Mesh, a: number, b: number, p: Pt): { mesh: Mesh; id: number } {
  const id = mesh.next
  const zones = mapRings(mesh, ring => {
    const i = ring.findIndex((v, k) => {
      const w = ring[(k + 1) % ring.length]
      return (v === a && w === b) || (v === b && w === a)
    })
    return i < 0 ? ring : [...ring.slice(0, i + 1), id, ...ring.slice(i + 1)]
  })
  return { mesh: { next: id + 1, points: new Map(mesh.points).set(id, p), zones }, id }
}

/** Takes a vertex out of all rings. Where three borders meet there is nothing to straighten. */
export function removeVertex(mesh: Mesh, id: number): Mesh {
  const pairs = new Set<string>()
  for (const zone of zonesWith(mesh, id))
    for (const ring of zone.polygons.flat().filter(r => r.includes(id))) {
      if (ring.length <= 3) throw new Refused('few')
      const i = ring.indexOf(id)
      const [a, b] = [before(ring, i), after(ring, i)]
      pairs.add(a < b ? `${a} ${b}` : `${b} ${a}`)
    }
  if (pairs.size > 1) throw new Refused('corner')
  const points = new Map(mesh.points)
  points.delete(id)
  const zones = mapRings(mesh, ring => (ring.includes(id) ? ring.filter(v => v !== id) : ring))
  return { ...mesh, points, zones }
}

/** Makes two vertices one, where the second is; borders that met there now meet in it. */
export function weldVertex(mesh: Mesh, id: number, into: number): Mesh {
  if (id === into) return mesh
  const zones = mapRings(mesh, ring => {
    if (!ring.includes(id)) return ring
    const welded = ring.map(v => (v === id ? into : v))
    const kept = welded.filter((v, i) => v !== before(welded, i))
    if (kept.length < 3) throw new Refused('few')
    if (new Set(kept).size < kept.length) throw new Refused('touches')
    return kept
  })
  const points = new Map(mesh.points)
  points.delete(id)
  return { ...mesh, points, zones }
}

// --- splitting and merging

function lineCrosses(line: readonly Pt[], ring: readonly Pt[]): boolean {
  return line.some((a, i) => {
    const b = line[i + 1]
    return b !== undefined && ring.some((c, k) => cross(a, b, c, ring[(k + 1) % ring.length]!))
  })
}

function crossesItself(line: readonly Pt[]): boolean {
  return line.some((a, i) =>
    line.some(
      (c, k) => k > i + 1 && k + 1 < line.length && cross(a, line[i + 1]!, c, line[k + 1]!),
    ),
  )
}

function midpoint(a: Pt, b: Pt): Pt {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
}

/** The zones after a cut: holes and other parts of the zone go with the part that holds them. */
function withParts(
  mesh: Mesh,
  zone: Zone,
  which: number,
  parts: [Ring, Ring],
  made: { code: string; name: string },
): Map<string, Zone> {
  const area = (ring: Ring): number => Math.abs(ringArea(ringPoints(mesh, ring)))
  const [large, small] = area(parts[0]) >= area(parts[1]) ? parts : [parts[1], parts[0]]
  const inLarge = ringPoints(mesh, large)
  const holes = zone.polygons[which]!.slice(1)
  const isIn = (hole: Ring): boolean => ringHolds(inLarge, at(mesh, hole[0]!))
  const kept = zone.polygons.map((p, i) => (i === which ? [large, ...holes.filter(isIn)] : p))
  return new Map(mesh.zones)
    .set(zone.code, { ...zone, polygons: kept })
    .set(made.code, { ...zone, ...made, polygons: [[small, ...holes.filter(h => !isIn(h))]] })
}

/**
 * Cuts a zone in two along a line from one vertex of its outer border to another, by way of points
 * inside. The larger part keeps the code.
 */
export function splitZone(
  mesh: Mesh,
  code: string,
  from: number,
  way: readonly Pt[],
  to: number,
  made: { code: string; name: string },
): Mesh {
  const zone = mesh.zones.get(code)
  if (!zone) throw new Refused('code')
  if (mesh.zones.has(made.code)) throw new Refused('code')
  if (from === to) throw new Refused('same')
  const which = zone.polygons.findIndex(([outer]) => outer!.includes(from) && outer!.includes(to))
  if (which < 0) throw new Refused('apart')
  const [outer, ...holes] = zone.polygons[which] as [Ring, ...Ring[]]
  const line: Pt[] = [at(mesh, from), ...way, at(mesh, to)]
  const rings = [outer, ...holes].map(r => ringPoints(mesh, r))
  if (rings.some(r => lineCrosses(line, r)) || crossesItself(line)) throw new Refused('line')
  if (line.some((a, i) => i > 0 && !zoneHolds(mesh, zone, midpoint(line[i - 1]!, a))))
    throw new Refused('outside')
  const points = new Map(mesh.points)
  let next = mesh.next
  const inner = way.map(p => {
    points.set(next, p)
    return next++
  })
  const [i, k] = [outer.indexOf(from), outer.indexOf(to)]
  const stretch = (a: number, b: number): number[] =>
    a < b ? outer.slice(a, b + 1) : [...outer.slice(a), ...outer.slice(0, b + 1)]
  const parts: [Ring, Ring] = [
    [...stretch(i, k), ...[...inner].reverse()],
    [...stretch(k, i), ...inner],
  ]
  const grown = { ...mesh, next, points }
  if (parts.some(p => p.length < 3 || Math.abs(ringArea(ringPoints(grown, p))) < AREA_LEAST_M2))
    throw new Refused('outside')
  return { ...grown, zones: withParts(grown, zone, which, parts, made) }
}

/** What is left of the edges of two zones once those that they share are gone, by where they begin. */
function edgesLeft(zones: readonly Zone[]): { left: Map<number, number[]>; shared: number } {
  const all = new Map<string, [number, number]>()
  let shared = 0
  for (const ring of zones.flatMap(z => z.polygons.flat()))
    ring.forEach((a, i) => {
      const b = ring[(i + 1) % ring.length]!
      if (all.delete(`${b} ${a}`)) shared++
      else all.set(`${a} ${b}`, [a, b])
    })
  const left = new Map<number, number[]>()
  for (const [a, b] of all.values()) left.set(a, [...(left.get(a) ?? []), b])
  return { left, shared }
}

/** Where borders touch in a point, the way that turns most to the left keeps rings apart. */
function choose(mesh: Mesh, from: number | undefined, here: number, ways: number[]): number {
  if (from === undefined || ways.length === 1) return ways[0]!
  const [p, q] = [at(mesh, from), at(mesh, here)]
  const back = Math.atan2(p[1] - q[1], p[0] - q[0])
  const angle = (to: number): number => {
    const [x, y] = at(mesh, to)
    return (back - Math.atan2(y - q[1], x - q[0]) + 4 * Math.PI) % (2 * Math.PI)
  }
  return ways.reduce((best, way) => (angle(way) < angle(best) ? way : best))
}

function chain(mesh: Mesh, left: Map<number, number[]>): Ring[] {
  const rings: Ring[] = []
  for (;;) {
    const start = left.keys().next().value
    if (start === undefined) return rings
    const ring: number[] = []
    let [from, here]: [number | undefined, number] = [undefined, start]
    do {
      const ways: number[] | undefined = left.get(here)
      if (!ways) throw new Refused('apart')
      const next = choose(mesh, from, here, ways)
      const others = ways.filter(w => w !== next)
      if (others.length) left.set(here, others)
      else left.delete(here)
      ring.push(here)
      ;[from, here] = [here, next]
    } while (here !== start)
    rings.push(ring)
  }
}

/** Two neighbours become one, under the code and name of the first. */
export function mergeZones(mesh: Mesh, keep: string, drop: string): Mesh {
  const [a, b] = [mesh.zones.get(keep), mesh.zones.get(drop)]
  if (!a || !b) throw new Refused('code')
  if (a === b) throw new Refused('same')
  const { left, shared } = edgesLeft([wound(mesh, a), wound(mesh, b)])
  if (!shared) throw new Refused('apart')
  const rings = chain(mesh, left)
  const isOuter = (r: Ring): boolean => ringArea(ringPoints(mesh, r)) > 0
  const holes = rings.filter(r => !isOuter(r))
  const polygons = rings.filter(isOuter).map(outer => {
    const around = ringPoints(mesh, outer)
    return [outer, ...holes.filter(h => ringHolds(around, inside(mesh, h)))]
  })
  const zones = new Map(mesh.zones).set(keep, { ...a, polygons })
  return withoutZones({ ...mesh, zones }, [drop])
}

/** Outer rings counter-clockwise, holes clockwise, whatever they came as. */
function wound(mesh: Mesh, zone: Zone): Zone {
  const polygons = zone.polygons.map(p =>
    p.map((ring, i) =>
      ringArea(ringPoints(mesh, ring)) > 0 === (i === 0) ? ring : [...ring].reverse(),
    ),
  )
  return { ...zone, polygons }
}

/** A point within a ring, near its first corner. */
function inside(mesh: Mesh, ring: Ring): Pt {
  const points = ringPoints(mesh, ring)
  for (let i = 0; i < points.length; i++) {
    const [a, b, c] = [before(points, i), points[i]!, after(points, i)]
    const p = midpoint(midpoint(a, c), b)
    if (ringHolds(points, p)) return p
  }
  return points[0]!
}

export const renamed = (mesh: Mesh, code: string, name: string): Mesh => ({
  ...mesh,
  zones: new Map(mesh.zones).set(code, { ...mesh.zones.get(code)!, name }),
})

// --- what is wrong

export interface Crossing {
  code: string
  other: string
  at: Pt
}
interface Edge {
  code: string
  a: number
  b: number
}

function edgesOf(zone: Zone): Edge[] {
  return zone.polygons.flat().flatMap(ring =>
    ring.map((a, i) => ({ code: zone.code, a, b: ring[(i + 1) % ring.length]! })),
  )
}

/** Borders of the named zones that cross themselves or others: each pair of zones once. */
export function crossings(mesh: Mesh, codes: Iterable<string>): Crossing[] {
  const all = [...mesh.zones.values()].flatMap(edgesOf)
  const found = new Map<string, Crossing>()
  for (const code of codes) {
    const zone = mesh.zones.get(code)
    for (const e of zone ? edgesOf(zone) : []) {
      const [p, q] = [at(mesh, e.a), at(mesh, e.b)]
      const [w, x] = [Math.min(p[0], q[0]), Math.max(p[0], q[0])]
      for (const f of all) {
        if (f.a === e.a || f.a === e.b || f.b === e.a || f.b === e.b) continue
        const [r, s] = [at(mesh, f.a), at(mesh, f.b)]
        if ((r[0] < w && s[0] < w) || (r[0] > x && s[0] > x) || !cross(p, q, r, s)) continue
        const key = [e.code, f.code].sort().join(' ')
        if (!found.has(key)) found.set(key, { code: e.code, other: f.code, at: midpoint(r, s) })
      }
    }
  }
  return [...found.values()]
}

// --- snapping

export type Snap =
  | { kind: 'vertex'; id: number; at: Pt }
  | { kind: 'edge'; a: number; b: number; at: Pt }
type OnScreen = (p: Pt) => readonly [x: number, y: number]

function nearestOnEdge(p: readonly [number, number], a: readonly [number, number], b: readonly [number, number]) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const length = dx * dx + dy * dy
  const share = length ? ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length : 0
  const t = Math.min(1, Math.max(0, share))
  return { t, distance: Math.hypot(a[0] + t * dx - p[0], a[1] + t * dy - p[1]) }
}

/** The vertex, or else the edge, within so many pixels of a point; except holds what is moved. */
export function snapAt(
  mesh: Mesh,
  point: readonly [number, number],
  onScreen: OnScreen,
  reach: number,
  except?: number,
): Snap | undefined {
  let best: Snap | undefined
  let nearest = reach
  for (const [id, p] of mesh.points) {
    if (id === except) continue
    const [x, y] = onScreen(p)
    const distance = Math.hypot(x - point[0], y - point[1])
    if (distance <= nearest) [best, nearest] = [{ kind: 'vertex', id, at: p }, distance]
  }
  if (best) return best
  for (const zone of mesh.zones.values())
    for (const { a, b } of edgesOf(zone)) {
      if (a === except || b === except) continue
      const [p, q] = [at(mesh, a), at(mesh, b)]
      const { t, distance } = nearestOnEdge(point, onScreen(p), onScreen(q))
      if (distance > nearest) continue
      nearest = distance
      best = { kind: 'edge', a, b, at: [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])] }
    }
  return best
}
