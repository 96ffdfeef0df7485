// Who is signed in at this desk. `me` is undefined while unknown, null when nobody is.
import { computed, ref } from 'vue'
import { setCsrf } from '../../shared/api/client.ts'
import type { Me } from '../../shared/api/types.ts'
import { api, ApiError, onSignedOut } from './api.ts'
import { dropDrafts } from './draft.ts'

export const me = ref<Me | null>()
/** Set when the server ended the session while somebody worked: the page stays, a login form covers it. */
export const expired = ref(false)

export function take(found: Me | null): void {
  me.value = found
  setCsrf(found?.csrf ?? '')
}

async function askMe(): Promise<void> {
  try {
    take(await api.me())
  } catch (e) {
    if (!(e instanceof ApiError) || (e.status !== 401 && e.status !== 403)) throw e
    take(null)
  }
}
let asking: Promise<void> | undefined
export async function loadMe(): Promise<Me | null> {
  if (me.value === undefined) {
    asking ??= askMe().finally(() => (asking = undefined))
    await asking
  }
  return me.value ?? null
}

/** Asks again, after something changed what one may do. */
export async function reloadMe(): Promise<void> {
  await askMe()
}

export async function signIn(username: string, password: string, code = ''): Promise<void> {
  const before = me.value
  const found = await api.login(username, password, code)
  if (before && before.account !== found.account) dropDrafts()
  take(found)
  expired.value = false
}

export async function signOut(): Promise<void> {
  try {
    await api.logout()
  } catch {
    /* the cookie may be gone already; leaving is what counts */
  }
  dropDrafts()
  take(null)
}

/** Works at the city's level, whose are rules and rehearsals. */
export const atCity = (): boolean => me.value?.memberships.some(m => m.level === 2) ?? false
export const can = (word: string): boolean => me.value?.can.includes(word) ?? false
const territorial = new Set(['grid_worker', 'grid_lead', 'dispatcher', 'supervisor', 'auditor'])
/** Roles that see everything inside their unit's division; the others see what concerns their unit. */
export const seesTerritory = computed(
  () => me.value?.memberships.some(m => territorial.has(m.role)) ?? false,
)

onSignedOut(() => {
  if (me.value) expired.value = true
})
