// The list somebody works through: the matter page offers the one before and the one after.
import { shallowRef } from 'vue'
import type { Matter } from '../../shared/api/types.ts'

export const trail = shallowRef<{ numbers: string[]; back: string }>({ numbers: [], back: '' })

/** What was changed on a matter's own page, for the list to show when one comes back to it. */
export const stepped = new Map<string, Matter>()

export function setTrail(numbers: string[], back: string): void {
  trail.value = { numbers, back }
}

export function beside(number: string): {
  before?: string
  after?: string
  at: number
  of: number
} {
  const { numbers } = trail.value
  const at = numbers.indexOf(number)
  if (at < 0) return { at: 0, of: 0 }
  return { before: numbers[at - 1], after: numbers[at + 1], at: at + 1, of: numbers.length }
}
