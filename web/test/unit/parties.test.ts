// The parties as a form holds them: who acts for whom stays right whatever is left out or dropped.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emptyStep, lacking, newParty, partiesOf, without } from '../../desk/mediation/step.ts'

const child = { ...newParty('applicant'), name: '顾小弟', minor: true }
const other = { ...newParty('respondent'), name: '沈小妹' }
const guardian = { ...newParty('applicant'), name: '顾阿大', role: 'guardian', stands_for: 2 }

test('rows without a name are left out, and the guardian still acts for the child', () => {
  const sent = partiesOf([newParty('applicant'), child, newParty('respondent'), other, guardian])
  assert.deepEqual(
    sent.map(p => [p.name, p.stands_for]),
    [['顾小弟', undefined], ['沈小妹', undefined], ['顾阿大', 1]],
  )
})
test('whoever acts for somebody without a name acts for nobody yet', () => {
  assert.equal(partiesOf([child, newParty('respondent'), guardian])[1]!.stands_for, undefined)
})
test('when a row is dropped the numbers behind it move up', () => {
  const left = without([newParty('respondent'), child, guardian], 0, 0)
  assert.deepEqual(left.map(p => p.stands_for), [undefined, 1])
  assert.equal(without([other, child, guardian], 1, 0)[1]!.stands_for, undefined, 'its own is gone')
})
test('those in the dispute already keep their numbers', () => {
  const left = without([other, child, { ...guardian, stands_for: 1 }, { ...guardian, stands_for: 4 }], 0, 2)
  assert.deepEqual(left.map(p => p.stands_for), [undefined, 1, 3])
})
test('with another name goes what was wrong; a telephone alone needs no word', () => {
  const action = { action: 'correct_party', name: '', needs: ['party', 'name?', 'reason?', 'phone?'], ok: true, reasons: [] }
  const asks = (fields: object) => lacking(action as never, { ...emptyStep(), party: 2, ...fields })
  assert.deepEqual(asks({ phone: '051212345678' }), [])
  assert.deepEqual(asks({ name: '李乙' }), ['reason'])
  assert.deepEqual(asks({ name: '李乙', reason: 'spelling' }), [])
})
