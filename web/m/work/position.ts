// Where this phone is, asked for only when the person asks, and kept nowhere.
export interface Position {
  lon: number
  lat: number
}

const earthM = 6_371_000
const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** Great-circle distance in metres. */
export function metresBetween(a: Position, b: Position): number {
  const dLat = radians(b.lat - a.lat)
  const dLon = radians(b.lon - a.lon)
  const h =
    Math.sin(dLat / 2) ** 2 +
    Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(dLon / 2) ** 2
  return 2 * earthM * Math.asin(Math.sqrt(h))
}

export function readPosition(): Promise<Position> {
  return new Promise((done, failed) => {
    if (!navigator.geolocation) return failed(new Error('no position'))
    return navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        done({ lon: Number(coords.longitude.toFixed(6)), lat: Number(coords.latitude.toFixed(6)) }),
      failed,
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    )
  })
}
