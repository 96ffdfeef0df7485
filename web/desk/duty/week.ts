// A week of the roster as columns of days: what of each span falls on which day.
import type { DutySpanView, DutyTurn, DutyZone } from '../../shared/api/server.ts'
import { clockTime } from '../core/time.ts'

export const DAY_MS = 24 * 3600_000
export const dayWords = [
  'mon',
  'tue',
  'wed',
  'thu',
  'fri',
  'sat',
  'sun',
  'work',
  'free',
  'daily',
] as const

export interface Piece {
  key: string
  time: string
  span: DutySpanView
}

/** 00:00-24:00 rather than 00:00-00:00. */
const timeOf = (from: number, to: number, dayEnd: number): string =>
  `${clockTime(from)}–${to === dayEnd ? '24:00' : clockTime(to)}`

export function piecesOf(zone: DutyZone, dayMs: number): Piece[] {
  const end = dayMs + DAY_MS
  return zone.spans
    .filter(s => s.from_ms < end && s.to_ms > dayMs)
    .map(span => {
      const from = Math.max(span.from_ms, dayMs)
      return { key: String(from), time: timeOf(from, Math.min(span.to_ms, end), end), span }
    })
}

export interface TurnDraft {
  days: string[]
  from: string
  to: string
  account: string
}

export const draftOf = (turn: DutyTurn): TurnDraft => ({
  days: turn.days.split(' ').filter(Boolean),
  from: turn.from,
  to: turn.to,
  account: turn.account === '0' ? '' : turn.account,
})

export const turnOf = (draft: TurnDraft): DutyTurn => ({
  days: draft.days.join(' '),
  from: draft.from.trim(),
  to: draft.to.trim(),
  account: draft.account || '0',
})
