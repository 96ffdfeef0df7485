// Calls about lists as files: masked at once, unmasked asked for, decided, fetched.
import { get, newKey, post, query, send } from '../../shared/api/client.ts'
import type { ExportAskIn, ExportView, ExportsOut } from '../../shared/api/server.ts'

export type Whose = 'mine' | 'decide' | 'all'
export type Format = 'xlsx' | 'csv'
/** Which list, narrowed to what, as its own page asks for it. */
export type Scope = Pick<ExportAskIn, 'list'> & Record<string, string | number | undefined>

/** A long list takes the server some seconds, and others may be before it. */
const timeoutMs = 60_000
const bytes = async (answer: Promise<Response>): Promise<Blob> => (await answer).blob()

export const exportsApi = {
  list: (whose: Whose, before?: string) => get<ExportsOut>(`/api/exports${query({ whose, before })}`),
  masked: (scope: Scope, format: Format) =>
    bytes(send(`/api/exports/masked${query({ ...scope, format })}`, { timeoutMs })),
  ask: (wish: ExportAskIn, key: string) => post<ExportView>('/api/exports', wish, { key }),
  decide: (id: string, approve: boolean, why: string) =>
    post<ExportView>(`/api/exports/${id}/decide`, { approve, why }, { key: newKey() }),
  file: (id: string, key: string) =>
    bytes(send(`/api/exports/${id}/file`, { method: 'POST', key, body: {}, timeoutMs })),
}
