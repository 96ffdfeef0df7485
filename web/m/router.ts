// Pages of the phone bundle by address. Resident pages that are prerendered load before hydration;
// everything else is fetched when first visited.
import { markRaw, nextTick, shallowRef, type Component } from 'vue'
import { textsReady } from '../shared/i18n/index.ts'
import Home from './pages/Home.vue'

type Loader = () => Promise<{ default: Component }>
interface Page { pattern: RegExp; load: Loader }

export interface Route { path: string; page: Component; params: string[]; query: URLSearchParams }

const base = '/m'

const pages: Page[] = [
  { pattern: /^\/?$/, load: async () => ({ default: Home }) },
]

const missing: Loader = async () => ({ default: Home })

export const route = shallowRef<Route>({ path: '/', page: markRaw(Home), params: [], query: new URLSearchParams() })

/** Loads what an address shows and makes it the current route. */
export async function resolveRoute(address: string): Promise<void> {
  const url = new URL(address, 'http://page')
  const path = url.pathname.slice(base.length).replace(/\/$/, '') || '/'
  const found = pages.find(({ pattern }) => pattern.test(path))
  const { default: component } = await (found?.load ?? missing)()
  await textsReady()
  const params = (found?.pattern.exec(path) ?? []).slice(1).map(decodeURIComponent)
  route.value = { path, page: markRaw(component), params, query: url.searchParams }
}

function showTop(): void {
  scrollTo(0, 0)
  document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true })
}

/** Goes to an address below /m; `replace` leaves no way back to the present one. */
export async function go(to: string, replace = false): Promise<void> {
  const address = base + to
  history[replace ? 'replaceState' : 'pushState'](null, '', address)
  await resolveRoute(address)
  await nextTick()
  showTop()
}

export const href = (to: string): string => base + to

function onClick(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
  const link = (event.target as Element).closest('a')
  if (!link || link.target || link.origin !== location.origin || link.hasAttribute('download')) return
  if (!link.pathname.startsWith(`${base}/`)) return
  event.preventDefault()
  void go(link.pathname.slice(base.length) + link.search)
}

export function startRouter(): void {
  document.addEventListener('click', onClick)
  addEventListener('popstate', () => {
    void resolveRoute(location.pathname + location.search).then(nextTick).then(showTop)
  })
}
