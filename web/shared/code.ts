// Receipt codes as people type them: lower case, full-width, spaces, O for 0 and I or L for 1. The
// last character is a check (a weighted sum in GF(32), x^5 + x^2 + 1), so that a slip is noticed
// on the phone, before anything is sent.
const symbols = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const codeChars = 18

export type CodeFault = 'length' | 'character' | 'check'

const timesX = (v: number): number => (v & 16 ? (v << 1) ^ 0x25 : v << 1)

/** The code as XXXXXX-XXXXXX-XXXXXX, or what is wrong with it. A whole link is taken as well. */
export function parseCode(text: string): { code: string } | { fault: CodeFault } {
  const plain = text
    .slice(text.indexOf('#') + 1)
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-_.\u2000-\u2015\u2212\u30fc]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
  if ([...plain].some(c => !symbols.includes(c))) return { fault: 'character' }
  if (plain.length !== codeChars) return { fault: 'length' }
  let sum = 0
  for (const c of plain) sum = timesX(sum) ^ symbols.indexOf(c)
  if (sum !== 0) return { fault: 'check' }
  return { code: plain.replace(/(.{6})(.{6})/, '$1-$2-') }
}
