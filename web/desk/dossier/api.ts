// Calls of a dispute's documents.
import { get, newKey, post, send } from '../../shared/api/client.ts'
import type { FileIn, Papers, ScanIn } from '../../shared/api/server.ts'

const at = (number: string): string => `/api/disputes/${encodeURIComponent(number)}`
/** A document may take the server's printer some seconds, and others may be before it. */
const printed = (path: string): Promise<Response> =>
  send(path, { method: 'POST', key: newKey(), body: {}, timeoutMs: 60_000 })

export const dossier = {
  papers: (number: string) => get<Papers>(`${at(number)}/papers`),
  paper: (number: string, name: string) => printed(`${at(number)}/papers/${name}`),
  zip: (number: string) => printed(`${at(number)}/zip`),
  blank: (name: string) => `/api/papers/${name}/blank`,
  letter: (number: string, id: string) => printed(`${at(number)}/transfers/${id}/letter`),
  scan: (number: string, scan: Omit<ScanIn, 'number'>, key: string) =>
    post<Papers>(`${at(number)}/scans`, scan, { key }),
  takeOff: (number: string, no: number, note: string) =>
    post<Papers>(`${at(number)}/scans/${no}/off`, { note }, { key: newKey() }),
  file: (number: string, filing: Omit<FileIn, 'number'>, key: string) =>
    post<Papers>(`${at(number)}/archive`, filing, { key }),
}
