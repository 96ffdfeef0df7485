// What an action form holds, what it still lacks, and what it sends. An action names its needs as
// words; with a question mark the field may stay empty. The server refuses fields it did not name.
import type { Action, StepInput } from '../../shared/api/types.ts'
import type { Key } from '../core/text.ts'
import type { CoTask } from './CoTasks.vue'

const order = ['number2', 'category', 'unit', 'units', 'reason', 'days', 'reply', 'text', 'note', 'uploads'] as const
export type Need = typeof order[number]

export interface Fields {
  note: string, unit: string, units: CoTask[], days: number, reply: string, number2: string,
  reason: string, category: string, text: string, uploads: string[],
}

export const emptyFields = (): Fields => ({
  note: '', unit: '', units: [{ unit: '', task: '', days: 3 }], days: 3, reply: '', number2: '',
  reason: '', category: '', text: '', uploads: [],
})

/** The fields to show, in the order somebody thinks of them. */
export function fieldsOf(action: Action): Need[] {
  return order.filter(need => action.needs.some(word => word === need || word === `${need}?`))
}

export function isOptional(action: Action, need: Need): boolean {
  return action.needs.includes(`${need}?`)
}

/** Nothing has to be filled in, so one press can be enough. */
export function asksNothing(action: Action): boolean {
  return action.needs.every(word => word.endsWith('?'))
}

function isEmpty(f: Fields, need: Need): boolean {
  switch (need) {
    case 'units': return !f.units.length || f.units.some(u => !u.unit || !u.task.trim())
    case 'uploads': return !f.uploads.length
    case 'days': return false
    default: return !f[need].trim()
  }
}

export function missing(action: Action, f: Fields): Need[] {
  return fieldsOf(action).filter(n => !isOptional(action, n) && isEmpty(f, n))
}

/** Only what the action names, and of that only what is filled in, goes over the line. */
export function toStep(action: Action, seq: number, f: Fields): StepInput {
  const step: StepInput = { action: action.action, seq }
  for (const need of fieldsOf(action)) {
    if (isEmpty(f, need)) continue
    if (need === 'units') step.units = f.units.map(u => ({ unit: u.unit, task: u.task.trim(), days: u.days }))
    else if (need === 'uploads') step.uploads = [...f.uploads]
    else if (need === 'days') step.days = f.days
    else step[need] = f[need].trim()
  }
  return step
}

/** The field of the server's answer, as one of the form's. */
export function needOf(field: string | undefined): Need | undefined {
  return order.find(n => n === field || field?.startsWith(`${n}.`) || field?.startsWith(`${n}[`))
}

export const labels: Record<Need, Key> = {
  note: 'form.note', unit: 'form.unit', units: 'form.units', reply: 'form.reply', number2: 'form.number',
  reason: 'form.reason', category: 'form.category', text: 'form.text', uploads: 'form.uploads', days: 'form.days',
}
