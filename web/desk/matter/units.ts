// Units somebody has come across at this desk, by code.
import type { Unit } from '../../shared/api/types.ts'

export const unitsSeen = new Map<string, Unit>()

export function rememberUnits(units: Unit[]): void {
  for (const u of units) unitsSeen.set(u.unit, u)
}
