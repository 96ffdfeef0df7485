// What the map is first drawn from. It is asked for as soon as this file runs, which on the map's own
// address is before all else of the page: it takes longest to arrive, and needs nothing of the page.
export const layerNames = ['county', 'town', 'community', 'grid', 'micro', 'police'] as const
export type LayerName = (typeof layerNames)[number]
export type Detail = 'borders' | 'overview' | 'full'

/** Up to this zoom borders alone are enough to draw, to two hundred metres. */
const BORDERS_UP_TO = 10
/** Counties are filled, so they are outlines at any zoom. */
export const firstDetail = (name: LayerName, zoom: number): Detail =>
  name !== 'county' && Math.round(zoom) <= BORDERS_UP_TO ? 'borders' : 'overview'

/** The layers that an address names. */
export function layersOf(v: unknown): LayerName[] {
  if (typeof v !== 'string') return ['town', 'grid', 'police']
  return layerNames.filter(name => v.split(',').includes(name))
}
export const layerPath = (name: LayerName, detail: Detail): string =>
  `/api/layers/${name}?detail=${detail}`

const early = new Map<string, Promise<Response>>()
/** What was asked for early, once. */
export function earlyAnswer(path: string): Promise<Response> | undefined {
  const answer = early.get(path)
  early.delete(path)
  return answer
}

export const onMap = location.pathname === '/desk/map'
if (onMap) {
  const query = new URLSearchParams(location.search)
  const zoom = Number(query.get('at')?.split(',')[2] ?? 0)
  for (const name of ['county', ...layersOf(query.get('layers') ?? undefined)] as const) {
    const path = layerPath(name, firstDetail(name, zoom))
    const answer = fetch(path, { credentials: 'same-origin' })
    answer.catch(() => undefined) // whoever takes it is told
    early.set(path, answer)
  }
}
