// The words about lists as files, fetched with them.
import { messages } from '../../shared/i18n/index.ts'
import { zh } from './i18n/zh.ts'

export const te = messages(zh, () => import('./i18n/en.ts').then(m => ({ default: m.en })))
