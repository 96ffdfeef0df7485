// What the pages about accounts ask of the server.
import { get, newKey, post, query } from '../../shared/api/client.ts'
import type {
  AccountActIn,
  AccountAddIn,
  AccountsOut,
  AccountTermsIn,
  AccountUnits,
  AccountView,
  ChangesOut,
  CodesOut,
  FactorBegin,
  FactorIn,
  OwnAccount,
  ReadsIn,
  ReadsOut,
} from '../../shared/api/server.ts'

const write = <T>(path: string, body: unknown) => post<T>(path, body, { key: newKey() })
export const accounts = {
  own: () => get<OwnAccount>('/api/account'),
  password: (current: string, password: string) =>
    write<unknown>('/api/account/password', { current, password }),
  factor: () => get<FactorBegin>('/api/account/second-factor'),
  setFactor: (factor: FactorIn) => write<CodesOut>('/api/account/second-factor', factor),
  dropFactor: (current: string) => write<unknown>('/api/account/second-factor/off', { current }),
  codes: (current: string) => write<CodesOut>('/api/account/recovery-codes', { current }),
  endSessions: (which: string) => write<OwnAccount>('/api/account/sessions/end', { which }),
  list: (q: string, state: string, after?: string) =>
    get<AccountsOut>(`/api/accounts${query({ q, state, after })}`),
  units: (q: string) => get<AccountUnits>(`/api/accounts/units${query({ q })}`),
  reads: (ask: ReadsIn) => get<ReadsOut>(`/api/personal-reads${query({ ...ask })}`),
  changes: (before_ms?: number) => get<ChangesOut>(`/api/accounts/changes${query({ before_ms })}`),
  one: (id: string) => get<AccountView>(`/api/accounts/${id}`),
  add: (account: AccountAddIn) => write<AccountView>('/api/accounts', account),
  set: (id: string, facts: { name: string; phone: string; lang: 'zh-CN' | 'en'; why: string }) =>
    write<AccountView>(`/api/accounts/${id}`, facts),
  setRoles: (id: string, terms: AccountTermsIn) =>
    write<AccountView>(`/api/accounts/${id}/memberships`, terms),
  act: (id: string, act: AccountActIn) => write<AccountView>(`/api/accounts/${id}/act`, act),
}
