// Times are the city's, UTC+8, whatever the phone is set to.
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { lang } from '../../shared/i18n/index.ts'
import { date, isToday, span, when } from '../../shared/time.ts'

const now = Date.parse('2026-11-23T22:30:00+08:00')
const at = (text: string): number => Date.parse(text)

afterEach(() => {
  lang.value = 'zh-CN'
})

test('days change at midnight in UTC+8', () => {
  assert.equal(when(at('2026-11-23T23:59:00+08:00'), now), '今天 23:59')
  assert.equal(when(at('2026-11-24T00:01:00+08:00'), now), '明天 00:01')
  assert.equal(when(at('2026-11-22T23:59:00+08:00'), now), '昨天 23:59')
  assert.equal(when(at('2026-11-26T09:00:00+08:00'), now), '11月26日 09:00')
  assert.equal(isToday(at('2026-11-23T00:00:00+08:00'), now), true)
  assert.equal(isToday(at('2026-11-22T23:59:59+08:00'), now), false)
})

test('the year is named when it is another one', () => {
  assert.equal(date(at('2027-01-02T09:00:00+08:00'), now), '2027年1月2日')
  lang.value = 'en'
  assert.equal(date(at('2027-01-02T09:00:00+08:00'), now), '2 Jan 2027')
  assert.equal(when(at('2026-11-24T00:01:00+08:00'), now), 'tomorrow 00:01')
})

test('spans show their two largest units', () => {
  const minute = 60_000
  assert.equal(span(0), '0 分钟')
  assert.equal(span(40 * minute), '40 分钟')
  assert.equal(span(60 * minute), '1 小时')
  assert.equal(span(-(26 * 60 + 5) * minute), '1 天 2 小时')
  lang.value = 'en'
  assert.equal(span(90 * minute), '1 h 30 min')
})
