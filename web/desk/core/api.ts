// Every call the desk makes, each with its types in and out. Writing calls take the caller's
// idempotency key where a form may be sent again, so that pressing twice never acts twice.
import { ApiError, call, get, newKey, post, query, send, sendFile } from '../../shared/api/client.ts'
import type {
  BulkInput,
  BulkResult,
  Config,
  Counts,
  Draft,
  DraftInput,
  DraftRow,
  EntryMade,
  Explanation,
  FusionPage,
  Here,
  Matter,
  MatterInput,
  MatterList,
  Me,
  MergeOut,
  NearbyItem,
  Place,
  PublicMatter,
  Receipt,
  Rehearsal,
  Rehearsed,
  RegridLeft,
  RegridOut,
  ReportInput,
  Revealed,
  RuleChoice,
  Rules,
  StepInput,
  Suggestion,
  Template,
  Unit,
  Upload,
  Version,
} from '../../shared/api/types.ts'

import type {
  AbsenceIn,
  AbsenceView,
  Changed,
  DutyWeek,
  Gaps,
  ImportIn,
  ImportOutcomeView,
  ImportRow,
  TableChangeIn,
  TableChangeView,
  TableView,
  Plates,
  ZoneSet,
} from '../../shared/api/server.ts'

export { ApiError, newKey }

export interface Boundaries {
  type: 'FeatureCollection'
  features: { type: 'Feature'; properties: { code: string; name: string }; geometry: unknown }[]
}
export type ListQuery = Record<string, string | number | undefined>

let signedOut: () => void = () => undefined
/** What to do when the server no longer knows this session. */
export function onSignedOut(act: () => void): void {
  signedOut = act
}

async function seen<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (e) {
    if (e instanceof ApiError && e.status === 401) signedOut()
    throw e
  }
}

const read = <T>(path: string, signal?: AbortSignal) => seen(get<T>(path, { signal }))
const write = <T>(path: string, body: unknown, key = newKey()) => seen(post<T>(path, body, { key }))
const at = (number: string) => `/api/matters/${encodeURIComponent(number)}`

export const api = {
  me: () => get<Me>('/api/me'),
  login: (username: string, password: string, code: string) =>
    post<Me>('/api/login', { username, password, ...(code ? { code } : {}) }),
  logout: () => post<unknown>('/api/logout', {}),
  config: () => read<Config>('/api/config'),
  counts: () => read<Counts>('/api/counts'),
  matters: (q: ListQuery, signal?: AbortSignal) =>
    read<MatterList>(`/api/matters${query(q)}`, signal),
  search: (q: string, after?: string, signal?: AbortSignal) =>
    read<MatterList>(`/api/search${query({ q, after })}`, signal),
  matter: (number: string, signal?: AbortSignal) => read<Matter>(at(number), signal),
  why: (number: string) => read<Explanation>(`${at(number)}/route`),
  rules: (q: { version?: number; draft?: string } = {}) => read<Rules>(`/api/rules${query(q)}`),
  ruleChoices: (field?: 'area' | 'avoid') =>
    read<{ items: RuleChoice[] }>(`/api/rules/choices${query({ field })}`),
  versions: (name: string) => read<{ items: Version[] }>(`/api/versions/${name}`),
  takeBack: (name: string, version: number, why: string) =>
    write<{ items: Version[] }>(`/api/versions/${name}/${version}/take_back`, { why }),
  drafts: () => read<{ items: DraftRow[] }>('/api/drafts'),
  draft: (id: string) => read<Draft>(`/api/drafts/${id}`),
  saveDraft: (draft: DraftInput) => write<Draft>('/api/drafts', draft),
  removeDraft: (id: string) => write<unknown>(`/api/drafts/${id}/remove`, {}),
  publishDraft: (id: string, changed: number, valid_from?: number) =>
    write<{ version: number; valid_from: number }>(`/api/drafts/${id}/publish`, {
      changed,
      valid_from,
    }),
  table: (name: string, version?: number) =>
    read<TableView>(`/api/tables/${name}${query({ version })}`),
  changeTable: (name: string, change: Omit<TableChangeIn, 'name'>) =>
    write<TableChangeView>(`/api/tables/${name}`, change),
  imports: () => read<{ items: ImportRow[] }>('/api/imports'),
  importOutcome: (id: string) => read<ImportOutcomeView>(`/api/imports/${id}/outcome`),
  importFile: (file: Blob, q: ImportIn, signal: AbortSignal, onSent: (part: number) => void) =>
    seen(sendFile<ImportRow>(`/api/imports${query({ ...q })}`, file, { key: newKey(), signal, onSent })),
  checkImport: (id: string) => write<ImportRow>(`/api/imports/${id}/check`, {}),
  publishImport: (id: string, checked: number, good_rows: boolean, valid_from?: number) =>
    write<ImportRow>(`/api/imports/${id}/publish`, { checked, good_rows, valid_from }),
  discardImport: (id: string) => write<unknown>(`/api/imports/${id}/discard`, {}),
  regridLeft: () => read<RegridLeft>('/api/regrid'),
  regrid: (note: string) => write<RegridOut>('/api/regrid', { note }),
  rehearsals: () => read<{ rehearsals: Rehearsal[] }>('/api/rehearsals'),
  rehearse: (draft: string, days: number) =>
    write<Rehearsal>('/api/rehearsals', { draft, days }),
  rehearsal: (id: string) => read<Rehearsal>(`/api/rehearsals/${id}`),
  rehearsed: (id: string) => read<Rehearsed>(`/api/rehearsals/${id}/result`),
  stopRehearsal: (id: string) => write<Rehearsal>(`/api/rehearsals/${id}/cancel`, {}),
  rehearsedTable: (id: string) => `/api/rehearsals/${id}/csv`,
  similar: (number: string) => read<MatterList>(`${at(number)}/similar`),
  step: (number: string, step: StepInput, key: string) =>
    write<Matter>(`${at(number)}/step`, step, key),
  bulk: (bulk: BulkInput, key: string) => write<BulkResult>('/api/matters/bulk', bulk, key),
  reveal: (number: string, reporter: number, purpose: string) =>
    write<Revealed>(`${at(number)}/reveal`, { reporter, purpose }),
  units: (q: string, area?: number, signal?: AbortSignal) =>
    read<{ items: Unit[] }>(`/api/units${query({ q, area })}`, signal),
  templates: (category: string) =>
    read<{ items: Template[] }>(`/api/templates${query({ category })}`),
  suggest: (text: string, grid?: string) => write<Suggestion>('/api/suggest', { text, grid }),
  locate: (lon: number, lat: number) => read<Place>(`/api/locate${query({ lon, lat })}`),
  responsible: (q: ({ lon: number; lat: number } | { text: string }) & { category?: string }) =>
    read<Here>(`/api/responsible${query({ ...q })}`),
  fusion: (list: string, after?: number) =>
    read<FusionPage>(`/api/fusion/${list}${query({ after })}`),
  fusionMerge: (grid: string, police: string) =>
    write<MergeOut>('/api/fusion/merge', { grid, police }),
  grid: (code: string) => read<Place>(`/api/grids/${encodeURIComponent(code)}`),
  nearby: (lon: number, lat: number, category?: string) =>
    read<{ items: NearbyItem[] }>(`/api/nearby${query({ lon, lat, category })}`),
  boundaries: (level: string, w: number, s: number, e: number, n: number) =>
    read<Boundaries>(`/api/boundaries${query({ level, w, s, e, n })}`),
  upload: (image: Blob) =>
    seen(
      call<Upload>('/api/uploads?keep_position=false', {
        method: 'POST',
        body: image,
        key: newKey(),
      }),
    ),
  enter: (matter: MatterInput, key: string) => write<EntryMade>('/api/matters', matter, key),
  join: (report: ReportInput, key: string) => write<Receipt>('/api/reports', report, key),
  followed: (code: string) => get<PublicMatter>('/api/receipt', { receipt: code }),
  duty: (unit?: string, from_ms?: number) =>
    read<DutyWeek>(`/api/duty${query({ unit, from_ms })}`),
  gaps: (days: number) => read<Gaps>(`/api/duty/gaps${query({ days })}`),
  setZone: (zone: ZoneSet) => write<Changed>('/api/duty/zone', zone),
  setAbsence: (absence: AbsenceIn) => write<AbsenceView>('/api/duty/absence', absence),
  endAbsence: (id: string) => write<AbsenceView>(`/api/duty/absence/${id}/end`, {}),
  plates: (division?: string) => read<Plates>(`/api/plates${query({ division })}`),
  platesPdf: (division: string, layout: string, part: number) =>
    seen(send(`/api/plates.pdf${query({ division, layout, part })}`, { timeoutMs: 60_000 })).then(
      answer => answer.blob(),
    ),
  photo: (number: string, id: number, size: 'thumb' | 'full') =>
    `${at(number)}/photos/${id}?size=${size}`,
}
