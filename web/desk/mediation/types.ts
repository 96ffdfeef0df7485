// Types of disputes in words, fetched once in a language.
import { shallowRef, watch } from 'vue'
import type { ReasonRow } from '../../shared/api/server.ts'
import { lang } from '../core/text.ts'
import { mediation } from './api.ts'

const types = shallowRef<ReasonRow[]>([])
let known = ''

/** The 18 types of the statistics; empty until they are there. */
export function useTypes() {
  watch(
    lang,
    async now => {
      if (known === now) return
      const found = await mediation.kinds().catch(() => undefined)
      if (!found) return
      known = now
      types.value = found.types
    },
    { immediate: true },
  )
  return types
}
export const skillsText = (all: ReasonRow[], skills: string): string =>
  skills
    .split(' ')
    .filter(Boolean)
    .map(w => all.find(x => x.code === w)?.name ?? w)
    .join('、')
