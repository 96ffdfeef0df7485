// Small choices kept on this PC: columns, density, folded sections.
import { ref, watch } from 'vue'
import type { Ref } from 'vue'

const PREFIX = 'fq.desk.'

export function usePref<T>(key: string, fallback: T): Ref<T> {
  let start = fallback
  try {
    const kept = localStorage.getItem(PREFIX + key)
    if (kept !== null) start = JSON.parse(kept) as T
  } catch {
    /* unreadable or forbidden storage: the default */
  }
  const pref = ref(start) as Ref<T>
  watch(
    pref,
    v => {
      try {
        localStorage.setItem(PREFIX + key, JSON.stringify(v))
      } catch {
        /* works without */
      }
    },
    { deep: true },
  )
  return pref
}
