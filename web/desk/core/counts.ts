// The badges of menu and tabs. Asked again a moment after something changed, and once a minute.
import { ref } from 'vue'
import type { Counts } from '../../shared/api/types.ts'
import { api } from './api.ts'
import { can } from './session.ts'

const WAIT_MS = 1500
const EVERY_MS = 60_000

export const counts = ref<Partial<Counts>>({})
let timer: number | undefined

/** The server counts to a thousand. */
export const countText = (n: number): string => (n >= 1000 ? '999+' : String(n))

export async function loadCounts(): Promise<void> {
  window.clearTimeout(timer)
  timer = undefined
  if (!can('queue')) return
  try {
    counts.value = await api.counts()
  } catch {
    /* badges are a help, not the work: keep the old ones */
  }
}

export function countsSoon(): void {
  timer ??= window.setTimeout(() => void loadCounts(), WAIT_MS)
}

setInterval(() => {
  if (!document.hidden) void loadCounts()
}, EVERY_MS)
