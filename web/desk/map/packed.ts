// A whole layer as the server packs it (src/geo/pack.h), opened into plain arrays that are drawn and
// searched without anything in between. Coordinates are of Web Mercator, the world being 1 wide.
export interface Layer {
  codes: string[]
  /** Borders to be drawn, each once, instead of outlines: what stands as rings are open lines. */
  open: boolean
  /** Rings of zone i: ringAt[i] .. ringAt[i + 1]. */
  ringAt: Uint32Array
  /** Points of ring r: pointAt[r] .. pointAt[r + 1]; a ring is not closed. */
  pointAt: Uint32Array
  x: Float64Array
  y: Float64Array
  /** Of zone i from 4i: least x, least y, greatest x, greatest y. */
  box: Float64Array
}

const RAD = Math.PI / 180
export const worldX = (lon: number): number => lon / 360 + 0.5
export function worldY(lat: number): number {
  const s = Math.sin(lat * RAD)
  return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)
}
export const lonOf = (x: number): number => (x - 0.5) * 360
export const latOf = (y: number): number =>
  (2 * Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) - Math.PI / 2) / RAD

/** Reads the numbers of a layer one after another; all in one place, for it runs a million times. */
class Reader {
  readonly bytes: Uint8Array
  at = 0
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
  number(): number {
    const { bytes } = this
    if (this.at >= bytes.length) throw new RangeError('the layer ends too early')
    let byte = bytes[this.at++]!
    if (byte < 128) return byte
    let value = byte & 127
    for (let unit = 128; byte >= 128; unit *= 128) {
      if (this.at >= bytes.length) throw new RangeError('the layer ends too early')
      byte = bytes[this.at++]!
      value += (byte & 127) * unit
    }
    return value
  }
  difference(): number {
    const v = this.number()
    return v % 2 ? -(v + 1) / 2 : v / 2
  }
  /** Codes of 17 digits do not fit a number. */
  longDifference(): bigint {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.bytes[this.at++]
      if (byte === undefined) throw new RangeError('the layer ends too early')
      value |= BigInt(byte & 127) << shift
      if (byte < 128) break
    }
    return value & 1n ? -((value + 1n) >> 1n) : value >> 1n
  }
}

/** worldY by steps; borders run to and fro over the same latitudes, so most are known already. */
function worldYBySteps(steps: number): (lat: number) => number {
  const SLOTS = 1 << 16
  const keys = new Int32Array(SLOTS).fill(-2147483648)
  const values = new Float64Array(SLOTS)
  return lat => {
    const slot = lat & (SLOTS - 1)
    if (keys[slot] !== lat) {
      keys[slot] = lat
      values[slot] = worldY(lat / steps)
    }
    return values[slot]!
  }
}

function boxesOf(ringAt: Uint32Array, pointAt: Uint32Array, x: Float64Array, y: Float64Array) {
  const box = new Float64Array((ringAt.length - 1) * 4)
  for (let i = 0; i + 1 < ringAt.length; i++) {
    let [w, n, e, s] = [Infinity, Infinity, -Infinity, -Infinity]
    const end = pointAt[ringAt[i + 1]!]!
    for (let k = pointAt[ringAt[i]!]!; k < end; k++) {
      if (x[k]! < w) w = x[k]!
      if (x[k]! > e) e = x[k]!
      if (y[k]! < n) n = y[k]!
      if (y[k]! > s) s = y[k]!
    }
    box.set([w, n, e, s], 4 * i)
  }
  return box
}

export function unpack(bytes: Uint8Array): Layer {
  const mark = new TextDecoder().decode(bytes.subarray(0, 4))
  if (mark !== 'FQ1\n' && mark !== 'FQB1') throw new TypeError('this is not a layer')
  const r = new Reader(bytes)
  r.at = 4
  const steps = r.number()
  const areas = r.number()
  const most = bytes.length // a point takes two bytes at least, a ring one more
  const codes: string[] = []
  const ringAt = new Uint32Array(areas + 1)
  const pointAt = new Uint32Array(most)
  const [x, y] = [new Float64Array(most >> 1), new Float64Array(most >> 1)]
  const yOf = worldYBySteps(steps)
  let [code, lon, lat, n, rings] = [0n, 0, 0, 0, 0]
  for (let i = 0; i < areas; i++) {
    code += r.longDifference()
    codes.push(String(code))
    for (let k = r.number(); k > 0; k--) {
      for (let points = Math.floor(r.number() / 2); points > 0; points--) {
        lon += r.difference()
        lat += r.difference()
        x[n] = worldX(lon / steps)
        y[n++] = yOf(lat)
      }
      pointAt[++rings] = n
    }
    ringAt[i + 1] = rings
  }
  const points = { pointAt: pointAt.slice(0, rings + 1), x: x.slice(0, n), y: y.slice(0, n) }
  const box = boxesOf(ringAt, points.pointAt, points.x, points.y)
  return { codes, open: mark === 'FQB1', ringAt, ...points, box }
}

/** Whether zone i holds the point, by the even-odd rule. */
function holds(layer: Layer, i: number, x: number, y: number): boolean {
  const { box, ringAt, pointAt } = layer
  if (x < box[4 * i]! || y < box[4 * i + 1]! || x > box[4 * i + 2]! || y > box[4 * i + 3]!)
    return false
  let inside = false
  for (let r = ringAt[i]!; r < ringAt[i + 1]!; r++) {
    const first = pointAt[r]!
    const end = pointAt[r + 1]!
    for (let k = first, before = end - 1; k < end; before = k++) {
      const [ya, yb] = [layer.y[before]!, layer.y[k]!]
      if (ya > y === yb > y) continue
      const [xa, xb] = [layer.x[before]!, layer.x[k]!]
      if (x < xa + ((y - ya) / (yb - ya)) * (xb - xa)) inside = !inside
    }
  }
  return inside
}

/** Position of the zone around a point of the world; -1 for none. */
export function zoneAt(layer: Layer, x: number, y: number): number {
  for (let i = 0; i < layer.codes.length; i++) if (holds(layer, i, x, y)) return i
  return -1
}
