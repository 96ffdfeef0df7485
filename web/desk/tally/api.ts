// What the statistics page asks of the server.
import { get, post, query } from '../../shared/api/client.ts'
import type { SubsidyView } from '../../shared/api/server.ts'
import type { CasesView, FreeCountsIn, PublicFigures, TallyView } from '../../shared/api/types.ts'

const root = '/api/statistics/disputes'
export type Ask = Record<string, string | number>
export const tallyApi = {
  table: (ask: Ask) => get<TallyView>(`${root}${query(ask)}`),
  cases: (ask: Ask) => get<CasesView>(`${root}/cases${query(ask)}`),
  file: (kind: 'xlsx' | 'csv' | 'cases/csv', ask: Ask) => `${root}/${kind}${query(ask)}`,
  enter: (counts: FreeCountsIn) => post<unknown>(`${root}/counts`, counts),
  subsidies: (ask: Ask) => get<SubsidyView>(`/api/statistics/subsidies${query(ask)}`),
  subsidyFile: (kind: 'xlsx' | 'csv', ask: Ask) => `/api/statistics/subsidies/${kind}${query(ask)}`,
  shown: (unit: string) => get<PublicFigures>(`/api/committees/${unit}/figures`),
}
