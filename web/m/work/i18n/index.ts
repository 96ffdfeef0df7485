import { messages } from '../../../shared/i18n/index.ts'
import { pages } from '../../i18n/pages.zh.ts'
import { zh } from '../../i18n/zh.ts'
import { work } from './zh.ts'

export const t = messages({ ...zh, ...pages, ...work }, async () => {
  const [frame, more, own] = await Promise.all([
    import('../../i18n/en.ts'),
    import('../../i18n/pages.en.ts'),
    import('./en.ts'),
  ])
  return { default: { ...frame.default, ...more.default, ...own.default } }
})
