// What an action asks for. The server names its needs as words; a word with a question mark may
// stay empty, and a field that is not named is refused.
import type { Action } from './api/types.ts'

const words = [
  'number2',
  'category',
  'unit',
  'person',
  'units',
  'reason',
  'days',
  'reply',
  'text',
  'score',
  'note',
  'uploads',
] as const
export type Need = (typeof words)[number]

/** In the order somebody thinks of them. */
export function needsOf(action: Action): Need[] {
  return words.filter(need => action.needs.some(word => word === need || word === `${need}?`))
}

export function mayStayEmpty(action: Action, need: Need): boolean {
  return action.needs.includes(`${need}?`)
}

/** Nothing has to be filled in. */
export function asksNothing(action: Action): boolean {
  return action.needs.every(word => word.endsWith('?'))
}
