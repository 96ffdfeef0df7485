// What the pages about requests on personal data ask of the server.
import { get, newKey, post, query } from '../../shared/api/client.ts'
import type {
  AccountAskIn,
  AskForIn,
  DataHeld,
  RequestAnswerIn,
  RequestOne,
  RequestOpened,
  RequestsIn,
  RequestsOut,
  RequestView,
} from '../../shared/api/server.ts'

const write = <T>(path: string, body: unknown) => post<T>(path, body, { key: newKey() })
const all = '/api/personal/requests'
export const requests = {
  list: (ask: RequestsIn) => get<RequestsOut>(`${all}${query({ ...ask })}`),
  one: (number: string) => get<RequestOne>(`${all}/${number}`),
  open: (number: string) => write<RequestOpened>(`${all}/${number}/open`, {}),
  answer: (number: string, answer: RequestAnswerIn) =>
    write<RequestView>(`${all}/${number}/answer`, answer),
  copy: (number: string) => write<DataHeld>(`${all}/${number}/copy`, {}),
  askFor: (number: string, ask: AskForIn) =>
    write<RequestView>(`/api/matters/${number}/requests`, ask),
  own: () => get<DataHeld>('/api/account/data'),
  askOwn: (ask: AccountAskIn) => write<RequestView>('/api/account/requests', ask),
}
