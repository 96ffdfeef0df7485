// What somebody has typed and not sent yet survives a reload, a closed panel and an expired
// session: every form keeps its fields in sessionStorage under a key of its own.
import { onScopeDispose, reactive, watch } from 'vue'

const PREFIX = 'fq.desk.draft.'
const WAIT_MS = 250

function read(key: string): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(PREFIX + key) ?? '{}')
    return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

export interface Draft<T extends object> {
  fields: T
  clear: () => void
  restored: boolean
}

/** The fields of a form, filled from the draft if there is one; clear() after sending. */
export function useDraft<T extends object>(key: string, empty: () => T): Draft<T> {
  const kept = read(key)
  const fields = reactive({ ...empty(), ...kept }) as T
  let timer: number | undefined
  function save(): void {
    window.clearTimeout(timer)
    timer = undefined
    if (JSON.stringify(fields) === JSON.stringify(empty())) sessionStorage.removeItem(PREFIX + key)
    else sessionStorage.setItem(PREFIX + key, JSON.stringify(fields))
  }
  watch(
    fields,
    () => {
      window.clearTimeout(timer)
      timer = window.setTimeout(save, WAIT_MS)
    },
    { deep: true },
  )
  onScopeDispose(() => {
    if (timer !== undefined) save()
  })
  function clear(): void {
    Object.assign(fields, empty())
    sessionStorage.removeItem(PREFIX + key)
  }
  return { fields, clear, restored: Object.keys(kept).length > 0 }
}

/** Has this form something unsent? */
export function hasDraft(key: string): boolean {
  return sessionStorage.getItem(PREFIX + key) !== null
}

/** On signing out nothing stays behind on a shared PC. */
export function dropDrafts(): void {
  for (const key of Object.keys(sessionStorage))
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key)
}
