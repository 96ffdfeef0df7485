// Texts of the pages after the first, together with those of the frame.
import { messages } from '../../shared/i18n/index.ts'
import { pages } from './pages.zh.ts'
import { zh } from './zh.ts'

export const t = messages({ ...zh, ...pages }, async () => {
  const [frame, more] = await Promise.all([import('./en.ts'), import('./pages.en.ts')])
  return { default: { ...frame.default, ...more.default } }
})
