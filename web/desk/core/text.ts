// The words of the desk: zh-CN is built in, English arrives when somebody asks for it.
import { messages } from '../../shared/i18n/index.ts'
import { zh } from '../i18n/zh.ts'

export type { Lang } from '../../shared/i18n/index.ts'
export { lang, pick, restoreLang, setLang } from '../../shared/i18n/index.ts'
export type Key = keyof typeof zh

export const t = messages(zh, () => import('../i18n/en.ts').then(m => ({ default: m.en })))
