// The words of the pages about accounts, fetched with them.
import { messages } from '../../shared/i18n/index.ts'
import { zh } from './i18n/zh.ts'

export type AccountKey = keyof typeof zh
export const ta = messages(zh, () => import('./i18n/en.ts').then(m => ({ default: m.en })))
