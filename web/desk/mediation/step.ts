// What the form of a step in a dispute holds, still lacks, and sends. The server names its needs.
import type { Action, StepInput } from '../../shared/api/types.ts'
import type { CoTask } from '../matter/CoTasks.vue'
import { dayEnd } from '../core/time.ts'

export interface PartyDraft {
  side: string
  name: string
  phone: string
  organisation: boolean
  minor: boolean
  role: string
  stands_for: number | undefined
  scope: string[]
  credit_code: string
  seat: string
  head: string
  head_post: string
}
/** A party's word on being handed over; how: empty while it has not agreed. */
export interface ConsentDraft {
  party: number
  how: string
  at: string
}
export interface PromiseDraft {
  party: number | undefined
  what: string
  amount: string
  day: string
  way: string
  place: string
}
export interface StepFields {
  note: string
  reply: string
  text: string
  reason: string
  unit: string
  units: CoTask[]
  office: string
  document: string
  who: string
  place: string
  how: string
  result: string
  mediator: string
  studio: string
  transfer: string
  ownership: string
  name: string
  phone: string
  kind: string
  credit_code: string
  seat: string
  head: string
  head_post: string
  agreement: number | undefined
  party: number | undefined
  promise: number | undefined
  sitting: number | undefined
  guest: number | undefined
  days: number
  minutes: number
  at: string
  uploads: string[]
  parties: PartyDraft[]
  promises: PromiseDraft[]
  consents: ConsentDraft[]
}
export type StepNeed = Exclude<keyof StepFields, 'at'> | 'at_ms'

export const newParty = (side: string): PartyDraft => ({
  side,
  name: '',
  phone: '',
  organisation: false,
  minor: false,
  role: 'party',
  stands_for: undefined,
  scope: [],
  credit_code: '',
  seat: '',
  head: '',
  head_post: '',
})
export const newPromise = (): PromiseDraft => ({
  party: undefined,
  what: '',
  amount: '',
  day: '',
  way: '',
  place: '',
})
export const emptyStep = (): StepFields => ({
  note: '',
  reply: '',
  text: '',
  reason: '',
  unit: '',
  units: [{ unit: '', task: '', days: 3 }],
  office: '',
  document: '',
  who: '',
  place: '',
  how: '',
  result: '',
  mediator: '',
  studio: '',
  transfer: '',
  ownership: '',
  name: '',
  phone: '',
  kind: '',
  credit_code: '',
  seat: '',
  head: '',
  head_post: '',
  agreement: undefined,
  party: undefined,
  promise: undefined,
  sitting: undefined,
  guest: undefined,
  days: 3,
  minutes: 60,
  at: '',
  uploads: [],
  parties: [newParty('applicant')],
  promises: [newPromise()],
  consents: [],
})

/** In the order in which somebody thinks of them. */
const order: StepNeed[] = [
  'parties',
  'party',
  'name',
  'phone',
  'kind',
  'credit_code',
  'seat',
  'head',
  'head_post',
  'guest',
  'mediator',
  'studio',
  'who',
  'promise',
  'transfer',
  'sitting',
  'unit',
  'office',
  'consents',
  'units',
  'how',
  'ownership',
  'at_ms',
  'minutes',
  'place',
  'text',
  'agreement',
  'result',
  'promises',
  'reason',
  'days',
  'document',
  'reply',
  'note',
  'uploads',
]

/** Words that a step takes as its manner or result. */
const hows: Record<string, string[]> = {
  consent: ['in_person', 'phone', 'written', 'online'],
  consent_refused: ['in_person', 'phone', 'written', 'online'],
  apply_confirm: ['in_person', 'phone', 'written', 'online'],
  tell_rights: ['in_person', 'phone', 'written', 'online'],
  name_mediator: ['parties', 'committee'],
  invite: ['relative', 'neighbour', 'colleague', 'expert', 'other'],
  choose_door: ['closed', 'open'],
  sign: ['signature', 'fingerprint', 'seal'],
  sign_facts: ['signature', 'fingerprint', 'seal'],
}
const results: Record<string, string[]> = {
  sitting: ['agreed', 'continue', 'failed'],
  classify: ['simple', 'ordinary', 'hard', 'major'],
  court_decided: ['confirmed', 'dismissed'],
  correct_ruling: ['confirmed', 'dismissed', 'applied'],
}
export const howsOf = (action: string): string[] => hows[action] ?? []
export const resultsOf = (action: string): string[] => results[action] ?? []

export const needsOfStep = (a: Action): StepNeed[] =>
  order.filter(n => a.needs.some(w => w === n || w === `${n}?`))
/** Asked at all, these are to be answered: a page leaves them out where they are not. */
const answered = new Set<StepNeed>(['ownership', 'agreement'])
export const optional = (a: Action, n: StepNeed): boolean =>
  a.needs.includes(`${n}?`) && !answered.has(n)
/** Consent to a hand-over, or the lawful reason why it goes without; what was wrong with a name that changes. */
export const instead = (a: Action, f: StepFields, n: StepNeed): boolean =>
  (a.action === 'refer' && n === 'consents' && !f.reason) ||
  (a.action === 'correct_party' && n === 'reason' && Boolean(f.name.trim()))

const timeOf = (text: string): number | undefined => {
  const at = text ? Date.parse(`${text}:00+08:00`) : NaN
  return Number.isNaN(at) ? undefined : at
}
const given = (p: PromiseDraft): boolean =>
  [p.what, p.amount, p.day, p.way].some(x => x.trim()) || p.party !== undefined

const corporateOf = (p: PartyDraft) =>
  Object.fromEntries(
    (['credit_code', 'seat', 'head', 'head_post'] as const)
      .filter(key => p.organisation && p[key]?.trim())
      .map(key => [key, p[key].trim()]),
  )
export const partyOf = (p: PartyDraft) => ({
  side: p.side,
  name: p.name.trim(),
  kind: p.organisation ? 'organisation' : 'person',
  ...(p.phone.trim() ? { phone: p.phone.trim() } : {}),
  ...(p.role === 'party' ? {} : { role: p.role }),
  ...(p.minor ? { minor: true } : {}),
  ...(p.role === 'agent' || p.role === 'guardian' ? { stands_for: p.stands_for } : {}),
  ...(p.role === 'agent' ? { scope: p.scope.join(' ') } : {}),
  ...corporateOf(p),
})
export const consentsOf = (list: ConsentDraft[]) =>
  list
    .filter(c => c.how)
    .map(c => ({ party: c.party, how: c.how, ...(timeOf(c.at) === undefined ? {} : { at_ms: timeOf(c.at) }) }))
/** Those with a name, numbered anew from one: who acts for whom stays. */
export function partiesOf(list: PartyDraft[]): ReturnType<typeof partyOf>[] {
  const named = list.filter(p => p.name.trim())
  const numberOf = (old: number | undefined): number | undefined =>
    old === undefined ? undefined : named.indexOf(list[old - 1]!) + 1 || undefined
  return named.map(p => partyOf({ ...p, stands_for: numberOf(p.stands_for) }))
}
/** Without the one of this number; later ones move up, and so does who acts for them. */
export function without(list: PartyDraft[], at: number, known: number): PartyDraft[] {
  const gone = known + at + 1
  const moved = (no: number | undefined): number | undefined =>
    no === undefined || no < gone ? no : no === gone ? undefined : no - 1
  return list.filter((_, i) => i !== at).map(p => ({ ...p, stands_for: moved(p.stands_for) }))
}
export const promiseOf = (p: PromiseDraft) => ({
  party: p.party ?? 0,
  what: p.what.trim(),
  ...(p.amount.trim() ? { amount: Number(p.amount) } : {}),
  ...(p.day ? { due_ms: dayEnd(p.day) } : {}),
  ...(p.way.trim() ? { way: p.way.trim() } : {}),
  ...(p.place.trim() ? { place: p.place.trim() } : {}),
})
export const promisesOf = (list: PromiseDraft[]) => list.filter(given).map(promiseOf)

function isEmpty(f: StepFields, n: StepNeed): boolean {
  if (n === 'at_ms') return timeOf(f.at) === undefined
  if (n === 'units') return f.units.some(u => !u.unit || !u.task.trim())
  if (n === 'parties') return !f.parties.length || f.parties.some(p => !p.name.trim())
  if (n === 'promises') return !f.promises.some(given)
  if (n === 'uploads') return !f.uploads.length
  if (n === 'consents') return !f.consents.some(c => c.how)
  const value = f[n]
  return typeof value === 'string' ? !value.trim() : value === undefined
}

export const lacking = (a: Action, f: StepFields, asked = needsOfStep(a)): StepNeed[] =>
  asked.filter(n => (!optional(a, n) || instead(a, f, n)) && isEmpty(f, n))

export function toDisputeStep(a: Action, seq: number, f: StepFields): StepInput {
  const step: Record<string, unknown> = { action: a.action, seq }
  for (const n of needsOfStep(a)) {
    if (isEmpty(f, n)) continue
    if (n === 'at_ms') step.at_ms = timeOf(f.at)
    else if (n === 'parties') step.parties = f.parties.map(partyOf)
    else if (n === 'consents') step.consents = consentsOf(f.consents)
    else if (n === 'promises') step.promises = promisesOf(f.promises)
    else step[n] = typeof f[n] === 'string' ? (f[n] as string).trim() : f[n]
  }
  return step as unknown as StepInput
}
