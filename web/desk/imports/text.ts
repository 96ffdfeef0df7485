// The words of the page that imports layers, fetched with it.
import { messages } from '../../shared/i18n/index.ts'
import { zh } from './i18n/zh.ts'

export type ImportKey = keyof typeof zh
export const ti = messages(zh, () => import('./i18n/en.ts').then(m => ({ default: m.en })))
