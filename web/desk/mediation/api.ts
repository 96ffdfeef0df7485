// Calls of the mediation pages.
import { get, newKey, post, query } from '../../shared/api/client.ts'
import type {
  CommitteeIn,
  CommitteeView,
  DisputeFile,
  DisputeIn,
  DisputeMade,
  DisputePage,
  KindsOut,
  SealedText,
  Transfer,
} from '../../shared/api/server.ts'

const at = (number: string): string => `/api/disputes/${encodeURIComponent(number)}`

export const mediation = {
  list: (q: {
    view?: string
    after?: string | undefined
    state?: string
    type?: string
    q?: string
    from_ms?: number
    to_ms?: number
  }) =>
    get<DisputePage>(`/api/disputes${query({ ...q, limit: 100 })}`),
  file: (number: string) => get<DisputeFile>(at(number)),
  caucus: (number: string) => get<{ items: SealedText[] }>(`${at(number)}/caucus`),
  facts: (number: string) => get<{ items: SealedText[] }>(`${at(number)}/facts`),
  calendar: (number: string) => `${at(number)}/sittings.ics`,
  register: (dispute: DisputeIn, key: string) => post<DisputeMade>('/api/disputes', dispute, { key }),
  kinds: () => get<KindsOut>('/api/dispute-kinds'),
  transfers: () => get<{ items: Transfer[] }>('/api/transfers'),
  answer: (t: Transfer, answer: string, text: string) =>
    post<Transfer>(`${at(t.number)}/transfers/${t.id}`, { answer, text }, { key: newKey() }),
  committee: (unit: string) => get<CommitteeView>(`/api/committees/${unit}`),
  setCommittee: (unit: string, c: Omit<CommitteeIn, 'unit'>) =>
    post<CommitteeView>(`/api/committees/${unit}`, c, { key: newKey() }),
}
