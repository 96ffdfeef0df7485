// The docket number as readers of either language get it.
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { docketText } from '../../shared/docket.ts'
import { lang } from '../../shared/i18n/index.ts'

afterEach(() => {
  lang.value = 'zh-CN'
})

test('who reads English gets year and number before the number as it stands in the book', () => {
  const docket = '（2026）甪直人调字第12号'
  assert.equal(docketText(docket), docket)
  lang.value = 'en'
  assert.equal(docketText(docket), '(2026) 甪直人调字 No. 12')
  assert.equal(docketText('12/甪直'), '12/甪直', 'what is written otherwise stays')
  assert.equal(docketText(''), '')
})
