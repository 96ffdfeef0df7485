// The words of the page about one's own data, fetched with it.
import { messages } from '../../shared/i18n/index.ts'
import { zh } from './i18n/zh.ts'

export type DataKey = keyof typeof zh
export const td = messages(zh, () => import('./i18n/en.ts').then(m => ({ default: m.en })))
