// Live updates. The server says which matters in my scope changed; pages decide what to do with it
// (a quiet bar, never a jumping row). What this desk changed itself is not news. When the line was
// down for a while, or the server dropped messages, pages hear of a gap instead.
import { onScopeDispose, ref } from 'vue'
import type { MatterEvent } from '../../shared/api/types.ts'

const OWN_MS = 10_000
const RETRY_MS = 15_000
/** The server ends each line now and then; the browser is back within seconds and nobody need know. */
const PATIENCE_MS = 8_000

interface Listener {
  change: (c: MatterEvent) => void
  gap: () => void
}

const listeners = new Set<Listener>()
const own = new Map<string, number>()
let source: EventSource | undefined
let retry: number | undefined
let doubt: number | undefined

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

function gap(): void {
  for (const listener of listeners) listener.gap()
}

function open(): void {
  window.clearTimeout(doubt)
  doubt = undefined
  if (connected.value) return
  connected.value = true
  gap()
}

/** The browser takes up a broken line by itself, but not one that was refused. */
function lost(): void {
  doubt ??= window.setTimeout(() => {
    connected.value = false
  }, PATIENCE_MS)
  if (source?.readyState !== EventSource.CLOSED) return
  source = undefined
  retry = window.setTimeout(startLive, RETRY_MS)
}

export function startLive(): void {
  window.clearTimeout(retry)
  if (source) return
  source = new EventSource('/api/events')
  source.onopen = open
  source.onerror = lost
  source.addEventListener('reload', gap)
  source.addEventListener('matter', e => {
    const change = parse((e as MessageEvent<string>).data)
    if (change) for (const listener of listeners) listener.change(change)
  })
}

export function stopLive(): void {
  window.clearTimeout(retry)
  window.clearTimeout(doubt)
  doubt = undefined
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

/** Calls `change` for each change, and `gap` when some may have been missed, until the component goes. */
export function useLive(change: Listener['change'], gap: Listener['gap']): void {
  const listener = { change, gap }
  listeners.add(listener)
  onScopeDispose(() => {
    listeners.delete(listener)
  })
}
