import type { Texts } from './zh.ts'

const en: Texts = {
  app: 'Fengqiao',
  report: 'Report a problem',
}
export default en
