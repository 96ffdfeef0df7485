// Times as the city reads them: UTC+8 whatever the phone is set to.
import { lang } from './i18n/index.ts'

const offsetMs = 8 * 3600_000
const dayMs = 24 * 3600_000

const two = (n: number): string => String(n).padStart(2, '0')
const local = (ms: number): Date => new Date(ms + offsetMs)
const dayOf = (ms: number): number => Math.floor((ms + offsetMs) / dayMs)

export function clockTime(ms: number): string {
  const d = local(ms)
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export function date(ms: number, now = Date.now()): string {
  const d = local(ms)
  const sameYear = d.getUTCFullYear() === local(now).getUTCFullYear()
  if (lang.value === 'en') {
    const text = `${d.getUTCDate()} ${months[d.getUTCMonth()]}`
    return sameYear ? text : `${text} ${d.getUTCFullYear()}`
  }
  const text = `${d.getUTCMonth() + 1}月${d.getUTCDate()}日`
  return sameYear ? text : `${d.getUTCFullYear()}年${text}`
}

/** "今天 14:30", "明天 09:00", "11月23日 14:30". */
export function when(ms: number, now = Date.now()): string {
  const days = dayOf(ms) - dayOf(now)
  const names = lang.value === 'en' ? ['yesterday', 'today', 'tomorrow'] : ['昨天', '今天', '明天']
  const day = Math.abs(days) <= 1 ? names[days + 1] : date(ms, now)
  return `${day} ${clockTime(ms)}`
}

/** A span in its two largest units: "2 天 3 小时", "40 分钟". */
export function span(ms: number): string {
  const minutes = Math.max(0, Math.round(Math.abs(ms) / 60_000))
  const parts: [number, string, string][] = [
    [Math.floor(minutes / 1440), '天', 'd'],
    [Math.floor((minutes % 1440) / 60), '小时', 'h'],
    [minutes % 60, '分钟', 'min'],
  ]
  const first = parts.findIndex(([n]) => n > 0)
  const shown = first < 0 ? [parts[2]!] : parts.slice(first, first + 2).filter(([n]) => n > 0)
  return shown.map(([n, zh, en]) => (lang.value === 'en' ? `${n} ${en}` : `${n} ${zh}`)).join(' ')
}

export const isToday = (ms: number, now = Date.now()): boolean => dayOf(ms) === dayOf(now)
