// How the desk speaks about time: clock times in UTC+8 whatever the PC is set to, and spans as
// words ("余 3 小时", "超时 2 天") together with a level that also has a shape of its own.
import { clockTime, date, isToday, span } from '../../shared/time.ts'
import { t } from './text.ts'

const EAST8_MS = 8 * 3600_000
const DAY_MS = 24 * 3600_000

export { clockTime, span }

const HOUR_MS = 3600_000
const FEW = 3

/** A span to read at a glance: the smaller unit only while the larger one is a small number. */
export function shortSpan(ms: number): string {
  const rest = Math.abs(ms)
  if (rest >= FEW * DAY_MS) return span(Math.round(rest / DAY_MS) * DAY_MS)
  if (rest >= FEW * HOUR_MS) return span(Math.round(rest / HOUR_MS) * HOUR_MS)
  return span(rest)
}

/** 2026-06-12 09:05 */
export function dateTime(ms: number): string {
  return new Date(ms + EAST8_MS).toISOString().slice(0, 16).replace('T', ' ')
}

/** The time alone for today, day and time for the rest. */
export function shortTime(ms: number, now = Date.now()): string {
  return isToday(ms, now) ? clockTime(ms) : `${date(ms, now)} ${clockTime(ms)}`
}

/** For columns: 09:05 today, 06-12 09:05 this year, 2025-06-12 before. */
export function columnTime(ms: number, now = Date.now()): string {
  const text = dateTime(ms)
  if (isToday(ms, now)) return text.slice(11)
  return text.slice(0, 4) === dateTime(now).slice(0, 4) ? text.slice(5) : text.slice(0, 10)
}

export type DueLevel = 'none' | 'fine' | 'soon' | 'over' | 'paused'

export interface DueState {
  level: DueLevel
  text: string
}

/** Soon = within a day; the server alone decides what is overdue, the words follow the clock. */
export function dueState(
  due_ms: number | undefined,
  paused: boolean,
  overdue: boolean,
  now: number,
): DueState {
  if (paused) return { level: 'paused', text: t('due.paused') }
  if (due_ms === undefined) return { level: 'none', text: t('due.none') }
  const left = due_ms - now
  if (overdue || left < 0) return { level: 'over', text: t('due.over', { span: shortSpan(left) }) }
  return { level: left < DAY_MS ? 'soon' : 'fine', text: t('due.left', { span: shortSpan(left) }) }
}

/** A clock time in UTC+8 as fields give it (YYYY-MM-DDTHH:mm), whatever the PC is set to. */
export function momentOf(text: string): number {
  return Date.parse(`${text}+08:00`)
}
/** Start and end of a day in UTC+8 as written by the date picker (YYYY-MM-DD). */
export function dayStart(day: string): number {
  return momentOf(`${day}T00:00:00`)
}
export function dayEnd(day: string): number {
  return dayStart(day) + DAY_MS - 1
}
