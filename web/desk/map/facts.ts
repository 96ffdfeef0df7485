// Figures of zones in words.
import { tm } from './text.ts'

const HECTARE = 10_000

/** Hectares up to a square kilometre, then square kilometres; three digits that mean something. */
export function areaText(m2: number): string {
  const large = m2 >= 100 * HECTARE
  const n = m2 / (large ? 1e6 : HECTARE)
  const digits = n >= 100 ? 0 : n >= 10 ? 1 : 2
  return tm(large ? 'side.km2' : 'side.ha', { n: n.toFixed(digits) })
}
