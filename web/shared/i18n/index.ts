// Text by message keys. A catalogue is one typed object in Chinese and its complete translation,
// which is fetched only when somebody reads English: a key missing there fails the type check.
import { ref, shallowReactive } from 'vue'

export type Lang = 'zh-CN' | 'en'
export type Params = Record<string, string | number>
type Texts = Record<string, string>
type Loader = () => Promise<{ default: Texts }>

const stored = 'fq.lang'
const catalogues: { loader: Loader; en: { texts?: Texts } }[] = []

export const lang = ref<Lang>('zh-CN')

/** Fills `{name}` in a text, and writes the first word of `{name|matter|matters}` for one, else the second. */
export function fill(text: string, params: Params = {}): string {
  return text.replace(
    /\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g,
    (_, name: string, one?: string, many?: string) =>
      one === undefined ? String(params[name] ?? '') : ((params[name] === 1 ? one : many) ?? ''),
  )
}

/** Registers a catalogue and returns its `t(key, params)`. */
export function messages<T extends Texts>(
  zh: T,
  loader: () => Promise<{ default: Record<keyof T, string> }>,
) {
  const en = shallowReactive<{ texts?: Texts }>({})
  catalogues.push({ loader: loader as Loader, en })
  return (key: keyof T & string, params?: Params): string => {
    const texts = lang.value === 'en' && en.texts ? en.texts : zh
    return fill(texts[key] ?? key, params)
  }
}

async function loadEnglish(): Promise<void> {
  await Promise.all(
    catalogues.map(async ({ loader, en }) => {
      if (!en.texts) en.texts = (await loader()).default
    }),
  )
}

/** Makes the texts of a part loaded later ready in the present language; call before showing it. */
export async function textsReady(): Promise<void> {
  if (lang.value === 'en') await loadEnglish()
}

async function showLang(next: Lang): Promise<void> {
  if (next === 'en') await loadEnglish()
  lang.value = next
  document.documentElement.lang = next
}

/** The reader's choice, kept for the next visit. */
export async function setLang(next: Lang): Promise<void> {
  await showLang(next)
  try {
    localStorage.setItem(stored, next)
  } catch {
    // private browsing: the choice lasts as long as the page
  }
}

/** What the browser asks for, before anybody has chosen: Chinese for any kind of it, else English. */
export const browserLang = (asked: readonly string[]): Lang =>
  !asked.length || asked[0]!.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'

/** Follows `?lang=` in the address, or the reader's choice, or the browser's language. */
export async function restoreLang(): Promise<void> {
  const asked = new URLSearchParams(location.search).get('lang')
  if (asked) return setLang(asked.startsWith('en') ? 'en' : 'zh-CN')
  let choice: string | null = null
  try {
    choice = localStorage.getItem(stored)
  } catch {
    // private browsing
  }
  choice ??= browserLang(navigator.languages)
  if (choice.startsWith('en')) await showLang('en')
}

/** The Chinese or the English one of two texts that come from data. */
export function pick(zh: string, en: string | undefined): string {
  return lang.value === 'en' && en ? en : zh
}
