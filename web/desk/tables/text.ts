// The words of the page of tables, fetched with it.
import { messages } from '../../shared/i18n/index.ts'
import { zh } from './i18n/zh.ts'

export type TableKey = keyof typeof zh
export const tt = messages(zh, () => import('./i18n/en.ts').then(m => ({ default: m.en })))
