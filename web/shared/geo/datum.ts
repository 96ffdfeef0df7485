// The coordinate systems of map tiles in China: WGS-84 is what is stored and drawn, GCJ-02 is what
// many tiles are shifted to. The same formulas as src/geo/datum.c; the inverse iterates.
export type Point = [lon: number, lat: number]

const AXIS_M = 6378245 // Krasovsky 1940
const EE = 0.00669342162296594323
const RAD = Math.PI / 180

/** The box in which GCJ-02 shifts points. */
export function isShifted([lon, lat]: Point): boolean {
  return lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271
}

const wave = (v: number, ...parts: [size: number, turns: number][]): number =>
  (parts.reduce((sum, [size, turns]) => sum + size * Math.sin(v * turns * Math.PI), 0) * 2) / 3

function shiftLon(x: number, y: number): number {
  const even = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x))
  return even + wave(x, [20, 6], [20, 2], [20, 1], [40, 1 / 3], [150, 1 / 12], [300, 1 / 30])
}

function shiftLat(x: number, y: number): number {
  const even = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x))
  return (
    even + wave(x, [20, 6], [20, 2]) + wave(y, [20, 1], [40, 1 / 3], [160, 1 / 12], [320, 1 / 30])
  )
}

export function gcjFromWgs(point: Point): Point {
  if (!isShifted(point)) return point
  const [lon, lat] = point
  const sine = Math.sin(lat * RAD)
  const magic = 1 - EE * sine * sine
  const root = Math.sqrt(magic)
  const east = shiftLon(lon - 105, lat - 35) / ((AXIS_M / root) * Math.cos(lat * RAD) * RAD)
  const north = shiftLat(lon - 105, lat - 35) / (((AXIS_M * (1 - EE)) / (magic * root)) * RAD)
  return [lon + east, lat + north]
}

/** The shift changes slowly, so stepping by the error gains about three digits a round. */
export function wgsFromGcj(point: Point): Point {
  if (!isShifted(point)) return point
  let [lon, lat] = point
  for (let round = 0; round < 12; round++) {
    const there = gcjFromWgs([lon, lat])
    const east = there[0] - point[0]
    const north = there[1] - point[1]
    lon -= east
    lat -= north
    if (Math.abs(east) < 1e-11 && Math.abs(north) < 1e-11) break
  }
  return [lon, lat]
}
