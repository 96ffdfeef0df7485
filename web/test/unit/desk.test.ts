// What the desk decides without a browser: which fields a form shows and sends, time in words,
// views by role, paging back and forth, and that both languages say the same things.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Action, MatterList, MatterRow } from '../../shared/api/types.ts'
import { asksNothing, mayStayEmpty, needsOf } from '../../shared/needs.ts'
import { emptyFields, missing, needIn, toStep } from '../../desk/matter/fields.ts'
import { firstView, viewsOf } from '../../desk/queue/columns.ts'
import { useList } from '../../desk/queue/list.ts'
import { columnTime, dateTime, dayEnd, dayStart, dueState } from '../../desk/core/time.ts'
import { footLines, legendColumns } from '../../desk/map/picture.ts'
import { zh } from '../../desk/i18n/zh.ts'
import { en } from '../../desk/i18n/en.ts'

const action = (...needs: string[]): Action => ({ action: 'x', name: 'X', ok: true, needs })
const hourMs = 3600_000

test('an action shows exactly the fields it names, in one order, and knows which may stay empty', () => {
  const a = action('note', 'uploads?', 'reply', 'unit')
  assert.deepEqual(needsOf(a), ['unit', 'reply', 'note', 'uploads'])
  assert.equal(mayStayEmpty(a, 'uploads'), true)
  assert.equal(mayStayEmpty(a, 'note'), false)
  assert.equal(asksNothing(action('note?')), true)
  assert.equal(asksNothing(action()), true)
  assert.equal(asksNothing(a), false)
})

test('what is missing is named; blanks are not an answer; a helper needs a unit and a task', () => {
  const fields = { ...emptyFields(), reply: '   ', note: 'ok' }
  assert.deepEqual(missing(action('reply', 'note', 'unit'), fields), ['unit', 'reply'])
  assert.deepEqual(missing(action('units'), emptyFields()), ['units'])
  assert.deepEqual(
    missing(action('units'), { ...emptyFields(), units: [{ unit: '7', task: 'look', days: 2 }] }),
    [],
  )
  assert.deepEqual(missing(action('note?'), emptyFields()), [])
})

test('a step carries the version seen and only what was asked for and filled in', () => {
  const fields = { ...emptyFields(), note: ' because ', unit: '12', text: 'not asked', days: 5 }
  assert.deepEqual(toStep(action('note?', 'unit', 'days', 'uploads?'), 9, fields), {
    action: 'x',
    seq: 9,
    unit: '12',
    days: 5,
    note: 'because',
  })
  assert.deepEqual(toStep(action('note?'), 1, emptyFields()), { action: 'x', seq: 1 })
})

test('a field the server complains about is found in the form, also inside a list', () => {
  assert.equal(needIn(action('units', 'note?'), 'units[1].task'), 'units')
  assert.equal(needIn(action('note?'), 'note'), 'note')
  assert.equal(needIn(action('note?'), 'seq'), undefined)
})

test('time left: paused, over, within a day, later; in the time of the city', () => {
  const now = Date.UTC(2026, 5, 12, 1, 5)
  assert.equal(dateTime(now), '2026-06-12 09:05')
  assert.equal(columnTime(now, now), '09:05')
  assert.equal(columnTime(now - 48 * hourMs, now), '06-10 09:05')
  assert.equal(columnTime(now - 365 * 24 * hourMs, now), '2025-06-12')
  assert.deepEqual(dueState(now + 3 * hourMs, false, false, now), {
    level: 'soon',
    text: '余 3 小时',
  })
  assert.deepEqual(dueState(now + 49 * hourMs, false, false, now), {
    level: 'fine',
    text: '余 2 天 1 小时',
  })
  assert.equal(dueState(now - 60_000, false, false, now).level, 'over')
  assert.equal(dueState(now + hourMs, true, false, now).level, 'paused')
  assert.equal(dueState(undefined, false, false, now).level, 'none')
  assert.equal(dayEnd('2026-06-12') - dayStart('2026-06-12'), 24 * hourMs - 1)
  assert.equal(dateTime(dayStart('2026-06-12')), '2026-06-12 00:00')
})

test('views follow the role, and each first view is among them', () => {
  const roles: [string[], boolean, string][] = [
    [['dispatch', 'approve', 'supervise'], true, 'pool'],
    [['handle'], false, 'mine'],
    [['handle', 'approve'], false, 'mine'],
    [['approve', 'supervise'], true, 'overdue'],
    [[], true, 'region'],
    [[], false, 'unit'],
  ]
  for (const [words, territory, first] of roles) {
    const can = (word: string): boolean => words.includes(word)
    assert.equal(firstView(can, territory), first)
    assert.ok(viewsOf(can, territory).includes(firstView(can, territory)))
    assert.equal(viewsOf(can, territory).includes('region'), territory)
  }
})

test('a list goes forward and back by cursor, and an older answer never replaces a newer one', async () => {
  const pages: Record<string, MatterList> = {
    '': { items: [{ number: 'a' } as MatterRow], next: 'p2' },
    p2: { items: [{ number: 'b' } as MatterRow] },
  }
  const waits: Record<string, number> = {}
  const list = useList(async after => {
    await new Promise(done => setTimeout(done, waits[after ?? ''] ?? 0))
    return pages[after ?? '']!
  })
  await list.first()
  await list.forward()
  assert.deepEqual(
    [list.rows.value[0]?.number, list.page.value, list.hasNext.value, list.hasBefore.value],
    ['b', 2, false, true],
  )
  await list.back()
  assert.equal(list.rows.value[0]?.number, 'a')
  waits.p2 = 30
  const slow = list.forward()
  await list.again()
  await slow
  assert.equal(list.rows.value[0]?.number, 'a')
})

test('a page without rows that has a next one is not shown: the list goes on to what there is', async () => {
  const pages: Record<string, MatterList> = {
    '': { items: [], next: 'x' },
    x: { items: [], next: 'y' },
    y: { items: [{ number: 'c' } as MatterRow], next: 'z' },
    z: { items: [] },
  }
  const list = useList(async after => pages[after ?? '']!)
  await list.first()
  assert.deepEqual([list.rows.value[0]?.number, list.page.value, list.hasNext.value], ['c', 1, true])
  await list.forward()
  assert.deepEqual([list.rows.value.length, list.hasNext.value, list.hasBefore.value], [0, false, true])
})

test('both languages have the same texts with the same blanks; Chinese uses its own punctuation', () => {
  const blanks = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort()
  for (const key of Object.keys(zh) as (keyof typeof zh)[]) {
    assert.deepEqual(blanks(en[key]), blanks(zh[key]), key)
    assert.doesNotMatch(zh[key], /[\p{Script=Han}][,;!?]|[,;!?][\p{Script=Han}]/u, key)
    assert.doesNotMatch(en[key], /\p{Script=Han}/u, key)
  }
  assert.deepEqual(Object.keys(en).sort(), Object.keys(zh).sort())
})

test('a picture has as many columns in its legend as its longest text leaves room for', () => {
  assert.equal(legendColumns([40, 60, 50], 1200), 3)
  assert.equal(legendColumns([40, 60, 50, 44, 30], 258), 2)
  assert.equal(legendColumns([40, 260, 50, 44, 30], 700), 2)
  assert.equal(legendColumns([400], 258), 1)
  assert.equal(legendColumns([], 258), 1)
  const wide = (text: string): number => text.length * 7
  assert.deepEqual(footLines(['a', 'b'], 258, wide), ['a  ·  b'])
  assert.deepEqual(footLines(['a'.repeat(20), 'b'.repeat(30)], 258, wide), ['a'.repeat(20), 'b'.repeat(30)])
})
