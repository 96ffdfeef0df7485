// The words of the pages about requests on personal data, fetched with them.
import { messages } from '../../shared/i18n/index.ts'
import { zh } from './i18n/zh.ts'

export type PersonalKey = keyof typeof zh
export const tr = messages(zh, () => import('./i18n/en.ts').then(m => ({ default: m.en })))
