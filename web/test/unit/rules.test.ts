// The table of rules comes back from the editor as it went in.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columns, emptyRow, readTable, writeTable } from '../../desk/rules/table.ts'
import { goesOf, titleOf, whenOf } from '../../desk/rules/words.ts'
import { fill } from '../../shared/i18n/index.ts'

test('quotes, commas and lines survive; missing columns are empty', () => {
  const rows = readTable('\ufeffcode,category,why\r\n"a, b",01,"say ""so""\nand so"\n\nc,,d\n')
  assert.equal(rows.length, 2)
  assert.equal(rows[0]!.code, 'a, b')
  assert.equal(rows[0]!.why, 'say "so"\nand so')
  assert.equal(rows[0]!.tier_min, '0')
  assert.equal(rows[1]!.category, '')
  assert.deepEqual(readTable(writeTable(rows)), rows)
})

test('a new row fits everything, and the heading names every column', () => {
  const table = writeTable([emptyRow()])
  assert.equal(table.split('\n')[0], columns.join(','))
  assert.deepEqual(readTable(table), [{ ...emptyRow(), line: 2 }])
  assert.deepEqual(readTable(''), [])
})

const names: Record<string, string> = {
  'time night': '夜间', 'category 0602': '噪声', 'area 320508': '姑苏区', 'level town': '镇',
  'function station': '派出所', 'max_level town': '镇', 'avoid named': '点到名的', 'avoid u1': '甲局',
}
const name = (field: string, code: string) => names[`${field} ${code}`] ?? code
const words = {
  rest: '其余', goes: (level: string, unit: string) => `${level}：${unit}`,
  notBelow: (level: string) => `不低于${level}`, keepsOut: (units: string) => `回避${units}`,
}

test('a rule reads as a sentence; what nobody has named keeps its code', () => {
  const row = { ...emptyRow(), code: '噪声', time: 'night', category: '0602', area: '320508',
    level: 'town', function: 'station' }
  assert.equal(whenOf(row, name, words), '夜间 · 噪声 · 姑苏区')
  assert.equal(goesOf(row, name, words), '镇：派出所')
  assert.equal(whenOf({ ...emptyRow(), tier_min: '1' }, name, words), '其余')
  assert.equal(whenOf({ ...row, category: '77', area: '' }, name, words), '夜间 · 77')
  assert.equal(goesOf({ ...row, max_level: 'town', avoid: 'named u1' }, name, words),
    '镇：派出所 · 不低于镇 · 回避点到名的, 甲局')
  assert.equal(goesOf(emptyRow(), name, words), '?：?')
})

test('in English a rule without an English name is called after its kind of matter', () => {
  const row = { ...emptyRow(), code: '甲', category: '0602' }
  assert.equal(titleOf(row, false, name), '甲')
  assert.equal(titleOf(row, true, name), '噪声')
  assert.equal(titleOf({ ...row, name_en: 'Noise' }, true, name), 'Noise')
  assert.equal(titleOf({ ...row, category: '' }, true, name), '甲')
})

test('one has another word than many', () => {
  const text = '{n} {n|matter|matters} of {m}'
  assert.equal(fill(text, { n: 1, m: 'x' }), '1 matter of x')
  assert.equal(fill(text, { n: 0, m: 1 }), '0 matters of 1')
  assert.equal(fill(text, { n: 2 }), '2 matters of ')
})
