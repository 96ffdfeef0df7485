// A rule as a sentence: for which matters it is, and where they go.
import type { RuleRow } from './table.ts'

export type NameOf = (field: string, code: string) => string
export interface Words {
  rest: string
  goes: (level: string, unit: string) => string
  notBelow: (level: string) => string
  keepsOut: (units: string) => string
}
const DOT = ' · '

/** Several words of one cell, such as units that keep out. */
export const wordsIn = (cell: string): string[] => cell.split(' ').filter(Boolean)

export function whenOf(row: RuleRow, name: NameOf, words: Words): string {
  const parts: string[] = []
  if (row.time) parts.push(name('time', row.time))
  if (row.category) parts.push(name('category', row.category))
  if (Number(row.tier_min) > 1) parts.push(name('tier_min', row.tier_min))
  for (const field of ['origin', 'area', 'place'] as const)
    if (row[field]) parts.push(name(field, row[field]))
  return parts.join(DOT) || words.rest
}

export function goesOf(row: RuleRow, name: NameOf, words: Words): string {
  const known = (field: 'level' | 'function') => (row[field] ? name(field, row[field]) : '?')
  const parts = [words.goes(known('level'), known('function'))]
  if (row.max_level) parts.push(words.notBelow(name('max_level', row.max_level)))
  if (row.avoid)
    parts.push(words.keepsOut(wordsIn(row.avoid).map(u => name('avoid', u)).join(', ')))
  return parts.join(DOT)
}

/** The name in the reader's language: a rule without an English one is called after its matters. */
export function titleOf(row: RuleRow, english: boolean, name: NameOf): string {
  if (!english) return row.code
  return row.name_en || (row.category ? name('category', row.category) : row.code)
}
