// Units somebody has come across at this desk, by code, so that a restored draft shows names.
import type { Unit } from '../../shared/api/types.ts'

const STORE = 'fq.desk.units'
const KEPT = 60

function kept(): [string, Unit][] {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(STORE) ?? '[]')
    return Array.isArray(found) ? (found as [string, Unit][]) : []
  } catch {
    return []
  }
}

export const unitsSeen = new Map<string, Unit>(kept())

export function rememberUnits(units: Unit[]): void {
  for (const u of units) {
    unitsSeen.delete(u.unit)
    unitsSeen.set(u.unit, u)
  }
  try {
    sessionStorage.setItem(STORE, JSON.stringify([...unitsSeen].slice(-KEPT)))
  } catch {
    /* a full store costs a name in a restored draft, no more */
  }
}
