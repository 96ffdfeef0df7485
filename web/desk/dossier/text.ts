// The words of a dispute's documents, fetched with them.
import { messages } from '../../shared/i18n/index.ts'
import { zh } from './i18n/zh.ts'

export type DossierKey = keyof typeof zh
export const ts = messages(zh, () => import('./i18n/en.ts').then(m => ({ default: m.en })))
