// The list somebody works through: the matter page offers the one before and the one after.
import { shallowRef } from 'vue'

export const trail = shallowRef<{ numbers: string[], back: string }>({ numbers: [], back: '' })

export function setTrail(numbers: string[], back: string): void {
  trail.value = { numbers, back }
}

export function beside(number: string): { before?: string, after?: string, at: number, of: number } {
  const { numbers } = trail.value
  const at = numbers.indexOf(number)
  if (at < 0) return { at: 0, of: 0 }
  return { before: numbers[at - 1], after: numbers[at + 1], at: at + 1, of: numbers.length }
}
