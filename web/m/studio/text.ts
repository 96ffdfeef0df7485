// The words of a studio's page, fetched with it.
import { messages } from '../../shared/i18n/index.ts'
import { zh } from './i18n/zh.ts'

export type StudioKey = keyof typeof zh
export const ts = messages(zh, () => import('./i18n/en.ts').then(m => ({ default: m.en })))
