// Live updates. The server says which matters in my scope changed; pages decide what to do with it
// (a quiet bar, never a jumping row). What this desk changed itself is not news.
import { onScopeDispose, ref } from 'vue'
import type { MatterEvent } from '../../shared/api/types.ts'

const OWN_MS = 10_000
const RETRY_MS = 15_000
const listeners = new Set<(c: MatterEvent) => void>()
const own = new Map<string, number>()
let source: EventSource | undefined
let retry: number | undefined

/** False while the line is down; the page says so instead of showing old figures as new. */
export const connected = ref(true)

function parse(data: string): MatterEvent | undefined {
  try {
    const c = JSON.parse(data) as MatterEvent
    return typeof c.number === 'string' ? c : undefined
  } catch {
    return undefined
  }
}

/** The browser takes up a broken line by itself, but not one that was refused. */
function lost(): void {
  connected.value = false
  if (source?.readyState !== EventSource.CLOSED) return
  source = undefined
  retry = window.setTimeout(startLive, RETRY_MS)
}

export function startLive(): void {
  window.clearTimeout(retry)
  if (source) return
  source = new EventSource('/api/events')
  source.onopen = () => { connected.value = true }
  source.onerror = lost
  source.addEventListener('matter', (e) => {
    const change = parse((e as MessageEvent<string>).data)
    if (change) for (const listener of listeners) listener(change)
  })
}

export function stopLive(): void {
  window.clearTimeout(retry)
  source?.close()
  source = undefined
  connected.value = true
}

export function markOwn(number: string): void {
  own.set(number, Date.now() + OWN_MS)
}
export function isOwn(number: string): boolean {
  const until = own.get(number)
  if (until === undefined) return false
  if (until > Date.now()) return true
  own.delete(number)
  return false
}

/** Calls `listener` for each change until the component goes. */
export function useLive(listener: (c: MatterEvent) => void): void {
  listeners.add(listener)
  onScopeDispose(() => { listeners.delete(listener) })
}
