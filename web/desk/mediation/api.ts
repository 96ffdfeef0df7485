// Calls of the mediation pages.
import { get, newKey, post, query } from '../../shared/api/client.ts'
import type {
  CommitteeIn,
  CommitteesOut,
  CommitteeView,
  DisputeFile,
  DisputeIn,
  DisputeMade,
  DisputePage,
  HandedView,
  HouseholdsIn,
  KindsOut,
  PersonIn,
  SealedText,
  StudioIn,
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
  caucus: (number: string) => post<{ items: SealedText[] }>(`${at(number)}/caucus`, {}, { key: newKey() }),
  handed: (number: string) => get<HandedView>(`${at(number)}/handed`),
  facts: (number: string) => get<{ items: SealedText[] }>(`${at(number)}/facts`),
  calendar: (number: string) => `${at(number)}/sittings.ics`,
  register: (dispute: DisputeIn, key: string) => post<DisputeMade>('/api/disputes', dispute, { key }),
  kinds: () => get<KindsOut>('/api/dispute-kinds'),
  transfers: () => get<{ items: Transfer[] }>('/api/transfers'),
  answer: (t: Transfer, answer: string, text: string) =>
    post<Transfer>(`${at(t.number)}/transfers/${t.id}`, { answer, text }, { key: newKey() }),
  committees: () => get<CommitteesOut>('/api/committees'),
  committee: (unit: string) => get<CommitteeView>(`/api/committees/${unit}`),
  setCommittee: (unit: string, c: Omit<CommitteeIn, 'unit'>) =>
    post<CommitteeView>(`/api/committees/${unit}`, c, { key: newKey() }),
  setPerson: (unit: string, p: Omit<PersonIn, 'unit'>, key: string) =>
    post<CommitteeView>(`/api/committees/${unit}/people`, p, { key }),
  setStudio: (unit: string, s: Omit<StudioIn, 'unit'>, key: string) =>
    post<CommitteeView>(`/api/committees/${unit}/studios`, s, { key }),
  setHouseholds: (unit: string, h: Omit<HouseholdsIn, 'unit'>, key: string) =>
    post<CommitteeView>(`/api/committees/${unit}/households`, h, { key }),
}
