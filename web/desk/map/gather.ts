// Signs of matters as the map draws them: where they would bury it, those that lie near each other
// are one sign with their number. The tables beside the map list every matter all the same.
import type { MapGroup, MapPoint } from '../../shared/api/types.ts'
import { worldX, worldY } from './packed.ts'

export interface Signs {
  points: MapPoint[]
  groups: MapGroup[]
}
const SIGNS_MAX = 60
/** From here on streets are seen, and every matter has its own place in them. */
const SINGLY_FROM = 14
const CELL_PX = 48

interface Heap {
  matters: number
  overdue: number
  lon: number
  lat: number
  only?: MapPoint
}

function heapsOf({ points, groups }: Signs, side: number): Heap[] {
  const heaps = new Map<string, Heap>()
  const add = (g: MapGroup, only?: MapPoint): void => {
    const key = `${Math.floor(worldX(g.lon) / side)} ${Math.floor(worldY(g.lat) / side)}`
    const heap = heaps.get(key)
    if (!heap) {
      heaps.set(key, { matters: g.matters, overdue: g.overdue, lon: g.lon, lat: g.lat, only })
      return
    }
    const share = g.matters / (heap.matters + g.matters)
    heap.lon += (g.lon - heap.lon) * share
    heap.lat += (g.lat - heap.lat) * share
    heap.matters += g.matters
    heap.overdue += g.overdue
    heap.only = undefined
  }
  for (const g of groups) add(g)
  for (const p of points) add({ matters: 1, overdue: p.overdue ? 1 : 0, lon: p.lon, lat: p.lat }, p)
  return [...heaps.values()]
}

/** The same signs when they are few or seen from near, else at most some sixty. */
export function gather(signs: Signs, zoom: number): Signs {
  if (zoom >= SINGLY_FROM || signs.points.length + signs.groups.length <= SIGNS_MAX) return signs
  let side = CELL_PX / (256 * 2 ** Math.round(zoom))
  let heaps = heapsOf(signs, side)
  while (heaps.length > SIGNS_MAX) heaps = heapsOf(signs, (side *= 1.25))
  return {
    points: heaps.flatMap(h => h.only ?? []),
    groups: heaps.filter(h => !h.only),
  }
}
