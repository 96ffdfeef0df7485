// The words of a party's own page, fetched with it.
import { messages } from '../../shared/i18n/index.ts'
import { zh } from './i18n/zh.ts'

export type PartyKey = keyof typeof zh
export const tp = messages(zh, () => import('./i18n/en.ts').then(m => ({ default: m.en })))
