// Roles as rows of a form, in days; and as they are sent.
import type { TermIn, TermView } from '../../shared/api/server.ts'
import { dateTime, dayEnd, dayStart } from '../core/time.ts'

export interface RoleRow {
  unit: string
  unit_name: string
  role: string
  role_name: string
  from: string
  to: string
  /** It began before: its first day stays. */
  begun: boolean
}

const day = (ms: number): string => dateTime(ms).slice(0, 10)

/** Those in force now or later. */
export const rowsOf = (terms: TermView[]): RoleRow[] =>
  terms
    .filter(m => m.state !== 'ended')
    .map(m => ({
      unit: m.unit,
      unit_name: m.unit_name,
      role: m.role,
      role_name: m.role_name,
      from: m.from_ms ? day(m.from_ms) : '',
      to: m.to_ms ? day(m.to_ms - 1) : '',
      begun: m.state === 'current',
    }))

export const termsOf = (rows: RoleRow[]): TermIn[] =>
  rows.map(r => ({
    unit: r.unit,
    role: r.role,
    ...(r.from && !r.begun ? { from_ms: dayStart(r.from) } : {}),
    ...(r.to ? { to_ms: dayEnd(r.to) } : {}),
  }))
