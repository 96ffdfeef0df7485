// What may stand in the columns of rules, with names in the reader's language; asked for once.
import { shallowReactive } from 'vue'
import type { RuleChoice } from '../../shared/api/types.ts'
import { api } from '../core/api.ts'
import { lang } from '../core/text.ts'

/** Areas and units are many: they are fetched when a rule names one or is about to. */
type Part = '' | 'area' | 'avoid'
const partOf = (field: string): Part => (field === 'area' || field === 'avoid' ? field : '')

const lists = shallowReactive(new Map<string, RuleChoice[]>())
const asked = new Map<string, Promise<void>>()
const keyOf = (part: Part): string => `${lang.value} ${part}`

export function loadChoices(part: Part): Promise<void> {
  const key = keyOf(part)
  let loading = asked.get(key)
  if (!loading) {
    loading = api.ruleChoices(part || undefined).then(
      ({ items }) => void lists.set(key, items),
      (e: unknown) => {
        asked.delete(key)
        throw e
      },
    )
    asked.set(key, loading)
  }
  return loading
}

export function choicesFor(field: string): RuleChoice[] {
  return lists.get(keyOf(partOf(field)))?.filter(c => c.field === field) ?? []
}
export function nameOf(field: string, code: string): string {
  const all = lists.get(keyOf(partOf(field)))
  return all?.find(c => c.field === field && c.code === code)?.name ?? code
}
