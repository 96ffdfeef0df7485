// The words of the mediation pages, fetched with them.
import { messages } from '../../shared/i18n/index.ts'
import { zh } from './i18n/zh.ts'

export type MediationKey = keyof typeof zh
export const td = messages(zh, () => import('./i18n/en.ts').then(m => ({ default: m.en })))
/** A word of the server's lists, as people say it. */
export const word = (list: string, key: string): string =>
  key ? td(`${list}.${key}` as MediationKey) : ''
