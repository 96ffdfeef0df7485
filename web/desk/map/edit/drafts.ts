// Handing changed boundaries on: kept as a draft that the server checks, rehearsed on the past days, and
// put in force from a moment on.
import { get, post } from '../../../shared/api/client.ts'
import type { Draft, Published, Rehearsal } from '../../../shared/api/types.ts'
import type { LayerName } from '../draw.ts'

export const saveDraft = (
  kind: LayerName,
  name: string,
  body: GeoJSON.FeatureCollection,
  id?: string,
): Promise<Draft> =>
  post<Draft>('/api/drafts', { kind, name, body: JSON.stringify(body), ...(id ? { id } : {}) })

export const rehearse = (draft: string, days: number): Promise<Rehearsal> =>
  post<Rehearsal>('/api/rehearsals', { draft, days })
export const rehearsal = (id: string): Promise<Rehearsal> => get<Rehearsal>(`/api/rehearsals/${id}`)
export const rehearsalCsv = (id: string): string => `/api/rehearsals/${id}/csv`

/** Refused when the draft has been changed since it was looked at. */
export const publish = (draft: Draft, valid_from?: number): Promise<Published> =>
  post<Published>(`/api/drafts/${draft.id}/publish`, {
    changed: draft.changed,
    ...(valid_from ? { valid_from } : {}),
  })
