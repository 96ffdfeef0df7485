// The number of a dispute in its committee's book, （2026）甪直人调字第12号, is Chinese by its nature:
// year, short name of the committee, 人调字 (people's mediation), running number. Who reads English
// gets the same with its year and number in English.
import { lang } from './i18n/index.ts'

export function docketText(docket: string): string {
  const parts = /^（(\d{4})）(.+)第(\d+)号$/.exec(docket)
  return lang.value === 'en' && parts ? `(${parts[1]}) ${parts[2]} No. ${parts[3]}` : docket
}
