import { messages } from '../../shared/i18n/index.ts'
import { zh } from './zh.ts'

export const t = messages(zh, () => import('./en.ts'))
