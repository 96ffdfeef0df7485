// Quarters and years as spans of time in UTC+8, and days as people write them.
const EAST8_MS = 8 * 3600_000
export const DAY_MS = 24 * 3600_000
const MONTHS = 3
const QUARTERS = 4

export interface Quarter {
  year: number
  quarter: number
}
const start = (year: number, month: number): number => Date.UTC(year, month, 1) - EAST8_MS

export function quarterOf(ms: number): Quarter {
  const d = new Date(ms + EAST8_MS)
  return { year: d.getUTCFullYear(), quarter: Math.floor(d.getUTCMonth() / MONTHS) + 1 }
}
export function quarterSpan({ year, quarter }: Quarter): [number, number] {
  return [start(year, (quarter - 1) * MONTHS), start(year, quarter * MONTHS)]
}
export const yearSpan = (year: number): [number, number] => [start(year, 0), start(year + 1, 0)]
/** This quarter and those before it, the newest first. */
export function quartersBefore(ms: number, n = QUARTERS): Quarter[] {
  const now = quarterOf(ms)
  return Array.from({ length: n }, (_, i) => {
    const k = now.year * QUARTERS + now.quarter - 1 - i
    return { year: Math.floor(k / QUARTERS), quarter: (k % QUARTERS) + 1 }
  })
}
export const dayText = (ms: number): string => new Date(ms + EAST8_MS).toISOString().slice(0, 10)
/** NaN when it is not a day. */
export const dayStart = (text: string): number => Date.parse(`${text}T00:00:00+08:00`)
