// What the page of tables says of cells, faults and the calendar.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calendarKnown, cellName, csvOfJson, faultText, isJson, readRows, wordName, writeJson, writeRows } from '../../desk/tables/rows.ts'

const column = (name: string, words?: string[]) => ({ name, required: true, words })
const columns = [column('stage', ['dispatch', 'handle']), column('desk', ['true', 'false']), column('icon', ['work']),
  column('kind', ['committee', 'court']), column('text')]
const csv = 'stage,desk,icon,kind,text\ndispatch,true,work,court,dispatch\n'

test('cells say in words what the file says in codes, and the file stays as it was', () => {
  const rows = readRows(csv, columns)
  assert.deepEqual(rows[0]!.cells.map((cell, i) => cellName(columns[i]!, cell)), ['派单', '是', '工作', '法院', 'dispatch'])
  assert.equal(cellName(columns[0]!, 'dispach'), 'dispach')
  assert.equal(writeRows(rows, columns), csv)
  assert.deepEqual([wordName('stage', 'handle'), wordName('desk', 'false')], ['办理 (handle)', '否'])
})

test('a table goes out as JSON and comes back the same; what is no array of flat objects does not', () => {
  const rows = readRows(csv, columns)
  const json = writeJson(rows, columns)
  assert.deepEqual(JSON.parse(json), [{ stage: 'dispatch', desk: true, icon: 'work', kind: 'court', text: 'dispatch' }])
  assert.ok(isJson(json) && isJson('\ufeff {"a":1}') && !isJson(csv))
  assert.equal(csvOfJson(json), csv)
  assert.equal(csvOfJson('[{"a":1,"b":null},{"b":"x, y"}]'), 'a,b\n1,\n,"x, y"\n')
  for (const wrong of ['{"a":1}', '[1]', '[[1]]', '[{"a":{}}]', '[{"a":[1]}]']) assert.equal(csvOfJson(wrong), undefined, wrong)
})

test('a fault names row and column as they stand on the page', () => {
  const fault = { line: 6, field: 'stage', message: '应为 0 至 4' }
  assert.equal(faultText(fault, columns), '第 5 行 · 环节：应为 0 至 4')
  assert.equal(faultText({ ...fault, line: 0, field: 'limit' }, columns), '整张表：应为 0 至 4')
})

test('a calendar says up to which year it goes, and from November on that the next one is lacking', () => {
  const days = [column('date'), column('work')]
  const rows = readRows('date,work\n2025-10-01,false\n2026-10-01,false\n', days)
  const at = (day: string) => calendarKnown(rows, days, Date.parse(`${day}T00:00:00+08:00`))
  assert.deepEqual(at('2026-10-31'), { year: 2026, lacks: undefined })
  assert.deepEqual(at('2026-11-01'), { year: 2026, lacks: 2027 })
  assert.deepEqual(at('2027-01-01'), { year: 2026, lacks: 2027 })
  assert.deepEqual(calendarKnown([], days, Date.parse('2026-03-01')), { year: undefined, lacks: 2026 })
})
