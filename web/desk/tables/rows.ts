// A table under edit: rows by the table's own columns, and what has changed in them.
import type { TableColumn, TableFault } from '../../shared/api/server.ts'
import { readCsv, writeCsv } from '../core/csv.ts'
import { dateTime } from '../core/time.ts'
import { tt } from './text.ts'
import type { TableKey } from './text.ts'
import { zh } from './i18n/zh.ts'

/** was: the row as it came; none: it is new. */
export interface Row {
  cells: string[]
  was?: string
}
const line = (cells: string[]): string => JSON.stringify(cells)

export const emptyRow = (n: number): Row => ({ cells: Array.from({ length: n }, () => '') })

/** Headings that the text lacks among the required ones. */
export function headingsLacking(csv: string, columns: TableColumn[]): string[] {
  const head = (readCsv(csv)[0] ?? []).map(c => c.trim())
  return columns.filter(c => c.required && !head.includes(c.name)).map(c => c.name)
}
/** Rows in the order of the columns; headings that are not among them are left out. */
export function readRows(csv: string, columns: TableColumn[]): Row[] {
  const [head = [], ...rows] = readCsv(csv)
  const from = columns.map(c => head.findIndex(h => h.trim() === c.name))
  return rows.map(r => {
    const cells = from.map(i => (i < 0 ? '' : (r[i] ?? '').trim()))
    return { cells, was: line(cells) }
  })
}
export const writeRows = (rows: Row[], columns: TableColumn[]): string =>
  writeCsv([columns.map(c => c.name), ...rows.map(r => r.cells)])

/** Rows that a file brought, held against those there were: what stands in both is not new. */
export function matched(rows: Row[], before: Row[]): Row[] {
  const known = new Set(before.map(r => r.was))
  return rows.map(({ cells }) => ({ cells, was: known.has(line(cells)) ? line(cells) : undefined }))
}
/** A cell as JSON has it: what looks like a number in a column of numbers stays a text, which the server
 * takes as well. */
const value = (cell: string): string | boolean | null =>
  cell === '' ? null : cell === 'true' || cell === 'false' ? cell === 'true' : cell

/** The rows as an array of objects, one a line, whose keys are the columns. */
export const writeJson = (rows: Row[], columns: TableColumn[]): string =>
  `[\n${rows.map(r => JSON.stringify(Object.fromEntries(columns.map((c, i) => [c.name, value(r.cells[i] ?? '')])))).join(',\n')}\n]\n`

const isRow = (row: unknown): row is Record<string, unknown> =>
  typeof row === 'object' && row !== null && !Array.isArray(row) && Object.values(row).every(v => typeof v !== 'object' || v === null)
/** The same as CSV; undefined when it is no array of flat objects. */
export function csvOfJson(json: string): string | undefined {
  const rows: unknown = JSON.parse(json)
  if (!Array.isArray(rows) || !rows.every(isRow)) return undefined
  const head = [...new Set(rows.flatMap(r => Object.keys(r)))]
  return writeCsv([head, ...rows.map(r => head.map(h => String(r[h] ?? '')))])
}
export const isJson = (text: string): boolean => /^\ufeff?\s*[[{]/.test(text)

export interface Changes {
  added: number
  altered: number
  removed: number
}
export function changesOf(rows: Row[], before: Row[]): Changes {
  const kept = new Set(rows.map(r => r.was))
  return {
    added: rows.filter(r => r.was === undefined).length,
    altered: rows.filter(r => r.was !== undefined && r.was !== line(r.cells)).length,
    removed: before.filter(r => !kept.has(r.was)).length,
  }
}
export const columnName = (name: string): string =>
  `column.${name}` in zh ? tt(`column.${name}` as TableKey) : name

/** Where it is, as the page names rows and columns, and what is wrong there. */
export function faultText(f: TableFault, columns: TableColumn[]): string {
  const row = f.line > 1 ? tt('row', { n: f.line - 1 }) : tt('whole')
  const column = columns.some(c => c.name === f.field) ? ` · ${columnName(f.field)}` : ''
  return `${row}${column}${tt('colon')}${f.message}`
}

/** What a word means that a cell of this column may be; undefined: it says so itself. */
function meaning(column: string, word: string): string | undefined {
  const key = [`word.${column}.${word}`, `word.${word}`].find(k => k in zh)
  return word === 'true' ? tt('yes') : word === 'false' ? tt('no') : key && tt(key as TableKey)
}
/** A cell as people read it; the file holds the word itself. */
export const cellName = (column: TableColumn, cell: string): string =>
  (column.words?.includes(cell) && meaning(column.name, cell)) || cell

/** For choosing: the meaning, and the word as it stands in files. */
export function wordName(column: string, word: string): string {
  const means = meaning(column, word)
  return !means || ['true', 'false'].includes(word) ? (means ?? word) : `${means} (${word})`
}

/** Up to which year the rows of a calendar tell holidays, and which year is lacking: from November
 * on the next one, too. */
export function calendarKnown(rows: Row[], columns: TableColumn[], now = Date.now()): { year?: number; lacks?: number } {
  const at = columns.findIndex(c => c.name === 'date')
  const years = rows.map(r => Number(/^\d{4}(?=-)/.exec(r.cells[at] ?? '')?.[0])).filter(y => y > 0)
  const year = years.length ? Math.max(...years) : undefined
  const [thisYear = 0, month = 0] = dateTime(now).split('-').map(Number)
  const wanted = month >= 11 ? thisYear + 1 : thisYear
  return { year, lacks: (year ?? 0) < wanted ? Math.max(thisYear, (year ?? 0) + 1) : undefined }
}

/** A file's text: UTF-8, else GB18030, of which GBK is a part. */
export async function textOf(file: Blob): Promise<string> {
  const bytes = await file.arrayBuffer()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes)
  }
}
