// The words of the map pages, fetched with them.
import { messages } from '../../shared/i18n/index.ts'
import { zh } from './i18n/zh.ts'

export type MapKey = keyof typeof zh
export const tm = messages(zh, () => import('./i18n/en.ts').then(m => ({ default: m.en })))
