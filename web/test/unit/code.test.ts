// Receipt codes as people type them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCode } from '../../shared/code.ts'

const code = 'HHYK52-YEZ2Y9-GG98CQ'

test('a code is read in lower case, full width, with spaces or without hyphens', () => {
  for (const text of [
    code,
    code.toLowerCase(),
    code.replace(/-/g, ''),
    'hhyk52 yez2y9 gg98cq',
    'ＨＨＹＫ５２－ＹＥＺ２Ｙ９－ＧＧ９８ＣＱ',
    `  ${code}\n`,
    `https://city.example/m/matter#${code}`,
  ]) {
    assert.deepEqual(parseCode(text), { code }, text)
  }
})

test('O is read as 0 and I and L as 1', () => {
  const shown = '0FPW7T-SMTBFV-0NSC2W'
  assert.deepEqual(parseCode(shown.replace(/0/g, 'O')), { code: shown })
})

test('every single wrong character is noticed before anything is sent', () => {
  const plain = code.replace(/-/g, '')
  for (let i = 0; i < plain.length; i++) {
    for (const c of '0123456789ABCDEFGHJKMNPQRSTVWXYZ') {
      if (c === plain[i]) continue
      assert.deepEqual(parseCode(plain.slice(0, i) + c + plain.slice(i + 1)), { fault: 'check' })
    }
  }
})

test('two exchanged characters are noticed', () => {
  const plain = code.replace(/-/g, '')
  for (let i = 0; i < plain.length; i++) {
    for (let j = i + 1; j < plain.length; j++) {
      if (plain[i] === plain[j]) continue
      const c = [...plain]
      ;[c[i], c[j]] = [c[j]!, c[i]!]
      assert.deepEqual(parseCode(c.join('')), { fault: 'check' })
    }
  }
})

test('what is wrong is said apart: length, character, slip', () => {
  assert.deepEqual(parseCode(code.slice(0, -1)), { fault: 'length' })
  assert.deepEqual(parseCode(`${code}0`), { fault: 'length' })
  assert.deepEqual(parseCode('U'.repeat(18)), { fault: 'character' })
  assert.deepEqual(parseCode(''), { fault: 'length' })
})
