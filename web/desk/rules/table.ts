// The table of rules as drafts hold it: CSV with a heading (RFC 4180), and rows to edit.
export const columns = [
  'code',
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
export type RuleRow = Record<Column, string>

function cells(csv: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  for (let i = 0; i < csv.length; i++) {
    const c = csv[i]
    if (quoted && c === '"' && csv[i + 1] === '"') cell += csv[++i]
    else if (c === '"') quoted = !quoted
    else if (!quoted && (c === ',' || c === '\n')) {
      rows[rows.length - 1]!.push(cell)
      cell = ''
      if (c === '\n') rows.push([])
    } else if (quoted || c !== '\r') cell += c
  }
  rows[rows.length - 1]!.push(cell)
  return rows.filter(r => r.length > 1 || r[0] !== '')
}

export function emptyRow(): RuleRow {
  return Object.fromEntries(columns.map(c => [c, c === 'tier_min' ? '0' : ''])) as RuleRow
}

/** Columns that this table does not know are left out; missing ones are empty. */
export function readTable(csv: string): RuleRow[] {
  const [head, ...rows] = cells(csv.replace(/^\ufeff/, ''))
  if (!head) return []
  return rows.map(r => {
    const row = emptyRow()
    head.forEach((name, i) => {
      const column = columns.find(c => c === name.trim())
      if (column) row[column] = (r[i] ?? '').trim()
    })
    return row
  })
}

const quoted = (text: string): string =>
  /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

export function writeTable(rows: RuleRow[]): string {
  const lines = rows.map(r => columns.map(c => quoted(r[c])).join(','))
  return [columns.join(','), ...lines, ''].join('\n')
}
