// A failure as one sentence somebody can act on.
import { ApiError } from './api.ts'
import { t } from './text.ts'

/** True when nobody answered, so the same thing may be sent again. */
export const isOffline = (e: unknown): boolean =>
  e instanceof TypeError || (e instanceof DOMException && e.name === 'AbortError')

function fallback(status: number): string {
  if (status === 401) return t('problem.signedOut')
  if (status === 404) return t('problem.missing')
  return t('problem.server', { status })
}

export function problemText(e: unknown): string {
  if (isOffline(e)) return t('problem.offline')
  if (!(e instanceof ApiError)) return t('problem.unexpected')
  const said = e.message || fallback(e.status)
  return e.status >= 500 && e.request ? `${said} (${e.request})` : said
}
