// What an action form holds, what it still lacks, and what it sends.
import type { Action, StepInput } from '../../shared/api/types.ts'
import { mayStayEmpty, needsOf, type Need } from '../../shared/needs.ts'
import type { Key } from '../core/text.ts'
import type { CoTask } from './CoTasks.vue'

export interface Fields {
  note: string
  unit: string
  person: string
  units: CoTask[]
  days: number
  reply: string
  number2: string
  reason: string
  category: string
  text: string
  score: number
  uploads: string[]
}

export const emptyFields = (): Fields => ({
  note: '',
  unit: '',
  person: '',
  units: [{ unit: '', task: '', days: 3 }],
  days: 3,
  reply: '',
  number2: '',
  reason: '',
  category: '',
  text: '',
  score: 5,
  uploads: [],
})

function isEmpty(f: Fields, need: Need): boolean {
  switch (need) {
    case 'units':
      return !f.units.length || f.units.some(u => !u.unit || !u.task.trim())
    case 'uploads':
      return !f.uploads.length
    case 'days':
    case 'score':
      return false
    default:
      return !f[need].trim()
  }
}

export function missing(action: Action, f: Fields): Need[] {
  return needsOf(action).filter(n => !mayStayEmpty(action, n) && isEmpty(f, n))
}

/** Only what the action names, and of that only what is filled in, goes over the line. */
export function toStep(action: Action, seq: number, f: Fields): StepInput {
  const step: StepInput = { action: action.action, seq }
  for (const need of needsOf(action)) {
    if (isEmpty(f, need)) continue
    if (need === 'units')
      step.units = f.units.map(u => ({ unit: u.unit, task: u.task.trim(), days: u.days }))
    else if (need === 'uploads') step.uploads = [...f.uploads]
    else if (need === 'days') step.days = f.days
    else if (need === 'score') step.score = f.score
    else step[need] = f[need].trim()
  }
  return step
}

/** The field of the server's answer, as one of the form's; "units[0].task" belongs to units. */
export function needIn(action: Action, field: string | undefined): Need | undefined {
  const name = field?.split(/[.[]/)[0]
  return needsOf(action).find(n => n === name)
}

export const labels: Record<Need, Key> = {
  note: 'form.note',
  unit: 'form.unit',
  person: 'form.person',
  units: 'form.units',
  reply: 'form.reply',
  number2: 'form.number',
  reason: 'form.reason',
  category: 'form.category',
  text: 'form.text',
  score: 'form.score',
  uploads: 'form.uploads',
  days: 'form.days',
}
