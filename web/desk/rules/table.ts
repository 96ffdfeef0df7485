// The table of rules as drafts hold it: CSV with a heading, and rows to edit.
import { readCsv, writeCsv } from '../core/csv.ts'

export const columns = [
  'code',
  'name_en',
  'category',
  'tier_min',
  'origin',
  'area',
  'time',
  'place',
  'level',
  'function',
  'max_level',
  'avoid',
  'why',
  'why_en',
  'basis',
  'basis_en',
] as const
export type Column = (typeof columns)[number]
/** line: of the table that was read, to which what is wrong in it refers; none: it is new. */
export type RuleRow = Record<Column, string> & { line?: number }

export function emptyRow(): RuleRow {
  return Object.fromEntries(columns.map(c => [c, c === 'tier_min' ? '0' : ''])) as Record<
    Column,
    string
  >
}

/** Columns that this table does not know are left out; missing ones are empty. */
export function readTable(csv: string): RuleRow[] {
  const [head, ...rows] = readCsv(csv)
  if (!head) return []
  return rows.map((r, at) => {
    const row: RuleRow = { ...emptyRow(), line: at + 2 }
    head.forEach((name, i) => {
      const column = columns.find(c => c === name.trim())
      if (column) row[column] = (r[i] ?? '').trim()
    })
    return row
  })
}

export function writeTable(rows: RuleRow[]): string {
  return writeCsv([[...columns], ...rows.map(r => columns.map(c => r[c]))])
}
