// Tables as CSV (RFC 4180): cells of rows, and back.

/** Without a byte order mark and empty lines. */
export function readCsv(csv: string): string[][] {
  const rows: string[][] = [[]]
  const text = csv.replace(/^\ufeff/, '')
  let cell = ''
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (quoted && c === '"' && text[i + 1] === '"') cell += text[++i]
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

const quoted = (text: string): string =>
  /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

export function writeCsv(rows: string[][]): string {
  return [...rows.map(r => r.map(quoted).join(',')), ''].join('\n')
}
