// A list read page by page. The server gives a cursor for what follows; the cursors passed are kept
// so that one can go back. Whatever was asked before the newest question is dropped.
import { computed, ref, shallowRef } from 'vue'
import type { MatterList, MatterRow } from '../../shared/api/types.ts'
import { problemText } from '../core/problem.ts'

export type Reader = (after: string | undefined, signal: AbortSignal) => Promise<MatterList>

export function useList(read: Reader) {
  const rows = shallowRef<MatterRow[]>([])
  const next = ref<string>()
  const passed = ref<(string | undefined)[]>([])
  const loading = ref(false)
  const loaded = ref(false)
  const problem = ref('')
  let running: AbortController | undefined

  async function load(cursors: (string | undefined)[]): Promise<void> {
    running?.abort()
    const mine = new AbortController()
    running = mine
    loading.value = true
    try {
      let page = await read(cursors.at(-1), mine.signal)
      // The server looks at so many for a page; where few are what is wanted, it may hold none.
      while (!page.items.length && page.next !== undefined && !mine.signal.aborted)
        page = await read(page.next, mine.signal)
      if (mine.signal.aborted) return
      rows.value = page.items
      next.value = page.next
      passed.value = cursors
      problem.value = ''
      loaded.value = true
    } catch (e) {
      if (!mine.signal.aborted) problem.value = problemText(e)
    } finally {
      if (running === mine) loading.value = false
    }
  }

  return {
    rows,
    loading,
    loaded,
    problem,
    page: computed(() => passed.value.length),
    hasNext: computed(() => next.value !== undefined),
    hasBefore: computed(() => passed.value.length > 1),
    first: () => load([undefined]),
    again: () => load(passed.value.length ? passed.value : [undefined]),
    forward: () =>
      next.value === undefined ? Promise.resolve() : load([...passed.value, next.value]),
    back: () => load(passed.value.length > 1 ? passed.value.slice(0, -1) : [undefined]),
    clear: () => {
      running?.abort()
      rows.value = []
      next.value = undefined
      passed.value = []
      loaded.value = false
    },
  }
}
