// What the statistics page asks of the server.
import { get, post, query } from '../../shared/api/client.ts'
import type { CasesView, FreeCountsIn, PublicFigures, TallyView } from '../../shared/api/types.ts'

const root = '/api/statistics/disputes'
export type Ask = Record<string, string | number>
export const tallyApi = {
  table: (ask: Ask) => get<TallyView>(`${root}${query(ask)}`),
  cases: (ask: Ask) => get<CasesView>(`${root}/cases${query(ask)}`),
  file: (kind: 'xlsx' | 'csv' | 'cases/csv', ask: Ask) => `${root}/${kind}${query(ask)}`,
  enter: (counts: FreeCountsIn) => post<unknown>(`${root}/counts`, counts),
  shown: (unit: string) => get<PublicFigures>(`/api/committees/${unit}/figures`),
}
