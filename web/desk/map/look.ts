// What the map shows of matters, as it stands in the address of the page.
import { statesEnded, statesOpen } from './glyphs.ts'

export interface Look {
  state: string
  category: string
  tier: string
  days: string
  ended: 'no' | 'only' | 'too'
  by: 'state' | 'kind' | 'none'
}
export const plainLook: Look = {
  state: '',
  category: '',
  tier: '',
  days: '',
  ended: 'no',
  by: 'state',
}

/** From farther away the city would be a speck. */
export const ZOOM_LEAST = 8
const DAY_MS = 24 * 3600_000
const one = (v: unknown): string => (typeof v === 'string' ? v : '')
const among = <T extends string>(v: string, all: readonly T[], usual: T): T =>
  all.find(a => a === v) ?? usual

export const spans = ['1', '7', '30', '90'] as const

/** Reads an address; what is not known there counts as not said. */
export function lookOf(query: Record<string, unknown>): Look {
  const ended = among(one(query.ended), ['no', 'only', 'too'] as const, 'no')
  return {
    ended,
    state: among(one(query.state), statesFor(ended), ''),
    category: /^(\d\d){1,4}$/.test(one(query.category)) ? one(query.category) : '',
    tier: among(one(query.tier), ['1', '2', '3', '4'], ''),
    days: among(one(query.days), spans as readonly string[], ''),
    by: among(one(query.by), ['state', 'kind', 'none'] as const, 'state'),
  }
}

export function statesFor(ended: Look['ended']): string[] {
  return ended === 'no' ? statesOpen : ended === 'only' ? statesEnded : [...statesOpen, ...statesEnded]
}

/** Only what differs from the usual, for the address. */
export const lookQuery = (look: Look): Record<string, string> =>
  Object.fromEntries(
    Object.entries(look).filter(([k, v]) => v !== plainLook[k as keyof Look]),
  ) as Record<string, string>

/** What the server is asked. Times are whole minutes, so that what did not change looks the same. */
export function filtersOf(look: Look, now: number): Record<string, string | number> {
  const from = look.days ? Math.floor((now - Number(look.days) * DAY_MS) / 60_000) * 60_000 : ''
  return {
    state: look.state,
    category: look.category,
    tier: look.tier,
    from_ms: from,
    ended: look.ended === 'no' ? '' : look.ended,
  }
}

export interface MapPlace {
  center: [number, number]
  zoom: number
}
/** "lon,lat,zoom" of the address. */
export function placeOf(v: unknown): MapPlace | undefined {
  const parts = typeof v === 'string' ? v.split(',').map(Number) : []
  const [lon, lat, z] = parts as [number, number, number]
  if (parts.length !== 3 || !parts.every(Number.isFinite)) return undefined
  if (Math.abs(lon) > 180 || Math.abs(lat) > 85 || z < ZOOM_LEAST || z > 19) return undefined
  return { center: [lon, lat], zoom: z }
}
