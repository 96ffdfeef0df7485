// Who is logged in on this phone. The last answer is kept, so that the pages open without a network;
// logging out removes it together with everything else of that person.
import { shallowRef } from 'vue'
import { ApiError, get, post, setCsrf } from '../../shared/api/client.ts'
import type { Me } from '../../shared/api/types.ts'
import { clearAccountItems, flush, outbox, setOutboxAccount } from '../../shared/outbox.ts'
import { storage } from '../../shared/store.ts'

export const me = shallowRef<Me>()
export const ready = shallowRef(false)
/** True when the server no longer knows the session that this phone remembers. */
export const expired = shallowRef(false)

/** A one-time password is changed, and a second factor set up, on the page of the account. */
function ledAway(next: Me): boolean {
  if (next.must.length) location.assign('/desk/account')
  return next.must.length > 0
}

async function take(next: Me): Promise<void> {
  me.value = next
  expired.value = false
  setCsrf(next.csrf)
  setOutboxAccount(next.account)
  await (await storage()).put('cache', 'me', next)
  void flush()
}

export async function loadMe(): Promise<void> {
  if (me.value && !expired.value) return
  try {
    const next = await get<Me>('/api/me')
    if (!ledAway(next)) await take(next)
  } catch (error) {
    const kept = (await (await storage()).get('cache', 'me')) as Me | undefined
    if (error instanceof ApiError && error.status < 500) {
      me.value = undefined
      expired.value = Boolean(kept)
    } else if (kept) {
      me.value = kept
      setCsrf(kept.csrf)
      setOutboxAccount(kept.account)
    }
  } finally {
    ready.value = true
  }
}

/** A call answered with 401: ask for the password, keep what was not sent. */
export function sessionLost(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.status !== 401) return false
  me.value = undefined
  expired.value = true
  return true
}

export async function login(username: string, password: string, code: string): Promise<void> {
  const kept = (await (await storage()).get('cache', 'me')) as Me | undefined
  const next = await post<Me>('/api/login', { username, password, ...(code ? { code } : {}) })
  if (ledAway(next)) return
  if (kept && kept.account !== next.account) await forget()
  await take(next)
}

async function forget(): Promise<void> {
  await clearAccountItems()
  await (await storage()).clear('cache')
}

export const unsent = (): number => outbox.value.filter(i => i.account && i.state !== 'sent').length

export async function logout(): Promise<void> {
  await post('/api/logout', {}).catch(() => {})
  await forget()
  me.value = undefined
  expired.value = false
  setCsrf('')
  setOutboxAccount(undefined)
}

/** Reads through to the server and keeps the answer; without a network, the kept one with its age. */
export async function getKept<T>(path: string): Promise<{ data: T; keptAt?: number }> {
  const store = await storage()
  try {
    const data = await get<T>(path)
    await store.put('cache', path, { data, at: Date.now() })
    return { data }
  } catch (error) {
    const kept = (await store.get('cache', path)) as { data: T; at: number } | undefined
    if ((error instanceof ApiError && error.status < 500) || !kept) throw error
    return { data: kept.data, keptAt: kept.at }
  }
}
