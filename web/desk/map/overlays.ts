// Lists that can lie over the map: GeoJSON of the server, each feature a place with its facts. A new
// one is a line here.
import type { Box } from './board.ts'
import type { MapKey } from './text.ts'

export interface Overlay {
  key: string
  url: string
  text: MapKey
}
export const overlays: readonly Overlay[] = [
  { key: 'gaps', url: '/api/fusion/gaps/map', text: 'overlay.gaps' },
  { key: 'slivers', url: '/api/fusion/slivers/map', text: 'overlay.slivers' },
  { key: 'cut', url: '/api/fusion/cut/map', text: 'overlay.cut' },
]

/** A feature as a row of the table. */
export interface Place {
  name: string
  text: string
  m2?: number
  box: Box
}

type Nested = number | Nested[]
function stretch(box: Box, at: Nested[]): void {
  if (typeof at[0] !== 'number') return (at as Nested[][]).forEach(part => stretch(box, part))
  const [lon, lat] = at as [number, number]
  box.w = Math.min(box.w, lon)
  box.e = Math.max(box.e, lon)
  box.s = Math.min(box.s, lat)
  box.n = Math.max(box.n, lat)
}

export function placesOf(all: GeoJSON.FeatureCollection): Place[] {
  return all.features.flatMap(f => {
    if (!f.geometry || !('coordinates' in f.geometry)) return []
    const box: Box = { w: 180, s: 90, e: -180, n: -90 }
    stretch(box, f.geometry.coordinates as Nested[])
    const p = f.properties ?? {}
    const names = [p.name, p.other_name].filter(n => typeof n === 'string')
    return [{ name: names.join(' · ') || String(p.code ?? ''), text: String(p.text ?? ''), ...(typeof p.m2 === 'number' ? { m2: p.m2 } : {}), box }]
  })
}
