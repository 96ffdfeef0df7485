// A table under edit: rows by the table's own columns, and what has changed in them.
import type { TableColumn } from '../../shared/api/server.ts'
import { readCsv, writeCsv } from '../core/csv.ts'
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

/** A word that a cell may hold, and what it means where the word alone does not say. */
export const wordName = (word: string): string =>
  word === 'true' ? tt('yes') : word === 'false' ? tt('no')
    : `word.${word}` in zh ? `${tt(`word.${word}` as TableKey)} (${word})` : word

/** A file's text: UTF-8, else GB18030, of which GBK is a part. */
export async function textOf(file: Blob): Promise<string> {
  const bytes = await file.arrayBuffer()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes)
  }
}
