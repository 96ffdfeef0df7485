// The table of rules comes back from the editor as it went in.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columns, emptyRow, readTable, writeTable } from '../../desk/rules/table.ts'

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
  assert.deepEqual(readTable(table), [emptyRow()])
  assert.deepEqual(readTable(''), [])
})
