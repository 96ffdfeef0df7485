// What the city is called, its categories and limits; asked once.
import { computed, shallowRef } from 'vue'
import type { Category, Config } from '../../shared/api/types.ts'
import { api } from './api.ts'
import { pick } from './text.ts'

export const config = shallowRef<Config>()
let asked: Promise<void> | undefined

export function loadConfig(): Promise<void> {
  asked ??= api.config().then(
    c => {
      config.value = c
    },
    () => {
      asked = undefined
    },
  )
  return asked
}

/** Categories with their parents' names in front, in catalogue order. */
export const categories = computed(() => {
  const all = config.value?.categories ?? []
  const byCode = new Map(all.map(c => [c.code, c]))
  const name = (c: Category): string => pick(c.name, c.name_en)
  return all.map(c => {
    const parent = c.parent ? byCode.get(c.parent) : undefined
    return {
      code: c.code,
      name: name(c),
      path: parent ? `${name(parent)} / ${name(c)}` : name(c),
      emergency: Boolean(c.hotline),
    }
  })
})
