// Pages of the phone bundle by address. Home comes with the entry; everything else is fetched when
// first visited. What opens a matter (its code) stands behind the # and never reaches a server log.
import { markRaw, nextTick, shallowRef, type Component } from 'vue'
import { textsReady } from '../shared/i18n/index.ts'
import Home from './pages/Home.vue'
import Missing from './pages/Missing.vue'

type Loader = () => Promise<{ default: Component }>
interface Page {
  pattern: RegExp
  load: Loader
}

export interface Route {
  path: string
  page: Component
  params: string[]
  query: URLSearchParams
  hash: string
}

const base = '/m'

const pages: Page[] = [
  { pattern: /^\/$/, load: async () => ({ default: Home }) },
  { pattern: /^\/report$/, load: () => import('./pages/Report.vue') },
  { pattern: /^\/receipt$/, load: () => import('./pages/Receipt.vue') },
  { pattern: /^\/track$/, load: () => import('./pages/Track.vue') },
  { pattern: /^\/matter$/, load: () => import('./pages/Matter.vue') },
  { pattern: /^\/data$/, load: () => import('./data/Data.vue') },
  { pattern: /^\/studio\/(\w+)$/, load: () => import('./studio/Studio.vue') },
  { pattern: /^\/outbox$/, load: () => import('./pages/Outbox.vue') },
  { pattern: /^\/work(?:\/login)?$/, load: () => import('./work/Tasks.vue') },
  { pattern: /^\/work\/new$/, load: () => import('./work/Finding.vue') },
  { pattern: /^\/work\/roster$/, load: () => import('./work/Duty.vue') },
  { pattern: /^\/work\/outbox$/, load: () => import('./work/Outbox.vue') },
  { pattern: /^\/work\/task\/([\w-]+)$/, load: () => import('./work/Task.vue') },
]

const missing: Loader = async () => ({ default: Missing })

export const route = shallowRef<Route>({
  path: '/',
  page: markRaw(Home),
  params: [],
  query: new URLSearchParams(),
  hash: '',
})

const partOf = (address: string): string =>
  new URL(address, 'http://page').pathname.slice(base.length)

const reloaded = 'fq.reloaded'

/** A page that cannot be fetched: a new version has replaced the files, so begin anew, once; or the
 * network is away, and that is said. */
async function fetchPage(load: Loader): Promise<Component> {
  try {
    const page = (await load()).default
    if (typeof sessionStorage !== 'undefined') sessionStorage.removeItem(reloaded)
    return page
  } catch {
    if (navigator.onLine && !sessionStorage.getItem(reloaded)) {
      sessionStorage.setItem(reloaded, '1')
      location.reload()
    }
    return Missing
  }
}

/** Loads what an address shows and makes it the current route. */
export async function resolveRoute(address: string): Promise<void> {
  const url = new URL(address, 'http://page')
  const path = partOf(address).replace(/\/$/, '') || '/'
  const found = pages.find(({ pattern }) => pattern.test(path))
  const page = await fetchPage(found?.load ?? missing)
  await textsReady()
  const params = (found?.pattern.exec(path) ?? []).slice(1).map(decodeURIComponent)
  route.value = {
    path,
    page: markRaw(page),
    params,
    query: url.searchParams,
    hash: url.hash.slice(1),
  }
}

/** After a change of page: from the top, named by its heading, which screen readers hear. */
export function showTop(): void {
  scrollTo(0, 0)
  const heading = document.querySelector<HTMLElement>('main h1')
  heading?.focus({ preventScroll: true })
  const product = document.title.split(' | ').pop()!
  document.title = heading?.textContent ? `${heading.textContent} | ${product}` : product
}

/** Goes to an address below /m; `replace` leaves no way back to the present one. */
export async function go(to: string, replace = false): Promise<void> {
  history[replace ? 'replaceState' : 'pushState'](null, '', base + to)
  await resolveRoute(base + to)
  await nextTick()
  showTop()
}

export const href = (to: string): string => base + to

function onClick(event: MouseEvent): void {
  if (
    event.defaultPrevented ||
    event.button !== 0 ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey
  )
    return
  const link = (event.target as Element).closest('a')
  if (!link || link.target || link.origin !== location.origin || link.hasAttribute('download'))
    return
  if (!link.pathname.startsWith(`${base}/`)) return
  if (link.pathname === location.pathname && link.hash && !link.dataset.page) return
  event.preventDefault()
  void go(link.pathname.slice(base.length) + link.search + link.hash)
}

const here = (): string => location.pathname + location.search + location.hash

export function startRouter(): void {
  document.addEventListener('click', onClick)
  addEventListener('popstate', () => {
    void resolveRoute(here()).then(nextTick).then(showTop)
  })
}

export const startAddress = here
