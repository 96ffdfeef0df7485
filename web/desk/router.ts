// The pages of the desk. Each is fetched when first opened; a page behind the login remembers where
// somebody wanted to go.
import { nextTick } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import type { RouteRecordRaw } from 'vue-router'
import { textsReady } from '../shared/i18n/index.ts'
import { can, loadMe } from './core/session.ts'
import { t } from './core/text.ts'
import type { Key } from './core/text.ts'
import DeskShell from './layout/DeskShell.vue'

declare module 'vue-router' {
  interface RouteMeta {
    title?: Key
    open?: boolean
    can?: string
  }
}

/** A page that brings words of its own. */
async function worded<T>(page: Promise<T>): Promise<T> {
  const found = await page
  await textsReady()
  return found
}

const inside: RouteRecordRaw[] = [
  { path: '', redirect: { name: 'queue' } },
  {
    path: 'queue/:view?',
    name: 'queue',
    component: () => import('./pages/QueuePage.vue'),
    meta: { title: 'page.queue', can: 'queue' },
  },
  {
    path: 'matter/:number',
    name: 'matter',
    component: () => import('./pages/MatterPage.vue'),
    meta: { title: 'page.matter' },
  },
  {
    path: 'entry',
    name: 'entry',
    component: () => import('./pages/EntryPage.vue'),
    meta: { title: 'page.entry', can: 'entry' },
  },
  {
    path: 'search',
    name: 'search',
    component: () => import('./pages/SearchPage.vue'),
    meta: { title: 'page.search', can: 'search' },
  },
  {
    path: 'here',
    name: 'here',
    component: () => import('./pages/HerePage.vue'),
    meta: { title: 'page.here' },
  },
  {
    path: 'fusion/:list?',
    name: 'fusion',
    component: () => import('./pages/FusionPage.vue'),
    meta: { title: 'page.fusion' },
  },
  {
    path: 'tally',
    name: 'tally',
    component: () => worded(import('./pages/TallyPage.vue')),
    meta: { title: 'page.tally', can: 'tally' },
  },
  {
    path: 'tally/subsidy',
    name: 'subsidy',
    component: () => worded(import('./pages/SubsidyPage.vue')),
    meta: { title: 'page.subsidy', can: 'subsidy' },
  },
  {
    path: 'map',
    name: 'map',
    component: () => worded(import('./pages/MapPage.vue')),
    meta: { title: 'page.map' },
  },
  {
    path: 'map/boundary',
    name: 'boundary',
    component: () => worded(import('./pages/BoundaryPage.vue')),
    meta: { title: 'page.boundary', can: 'boundaries' },
  },
  {
    path: 'mediation',
    name: 'mediation',
    component: () => worded(import('./pages/MediationPage.vue')),
    meta: { title: 'page.mediation', can: 'mediate' },
  },
  {
    path: 'mediation/new',
    name: 'newDispute',
    component: () => worded(import('./pages/NewDisputePage.vue')),
    meta: { title: 'page.newDispute', can: 'dispute' },
  },
  {
    path: 'mediation/transfers',
    name: 'transfers',
    component: () => worded(import('./pages/TransfersPage.vue')),
    meta: { title: 'page.transfers', can: 'dispute' },
  },
  {
    path: 'mediation/archive',
    name: 'archive',
    component: () => worded(import('./pages/ArchivePage.vue')),
    meta: { title: 'page.archive', can: 'mediate' },
  },
  {
    path: 'mediation/handed/:number',
    name: 'handed',
    component: () => worded(import('./pages/HandedPage.vue')),
    meta: { title: 'page.transfers', can: 'dispute' },
  },
  {
    path: 'committees',
    name: 'committees',
    component: () => worded(import('./pages/CommitteesPage.vue')),
    meta: { title: 'page.committees' },
  },
  {
    path: 'committee/:unit',
    name: 'committee',
    component: () => worded(import('./pages/CommitteePage.vue')),
    meta: { title: 'page.committee' },
  },
  {
    path: 'dispute/:number',
    name: 'dispute',
    component: () => worded(import('./pages/DisputePage.vue')),
    meta: { title: 'page.dispute' },
  },
  {
    path: 'tables/:name?',
    name: 'tables',
    component: () => worded(import('./pages/TablesPage.vue')),
    meta: { title: 'page.tables', can: 'tables' },
  },
  {
    path: 'imports/:id?',
    name: 'imports',
    component: () => worded(import('./pages/ImportsPage.vue')),
    meta: { title: 'page.imports', can: 'imports' },
  },
  {
    path: 'duty',
    name: 'duty',
    component: () => import('./pages/DutyPage.vue'),
    meta: { title: 'page.duty', can: 'duty' },
  },
  {
    path: 'plates',
    name: 'plates',
    component: () => import('./pages/PlatesPage.vue'),
    meta: { title: 'page.plates', can: 'plates' },
  },
  {
    path: 'rules',
    name: 'rules',
    component: () => import('./pages/RulesPage.vue'),
    meta: { title: 'page.rules', can: 'rules' },
  },
  {
    path: 'rules/draft/:id',
    name: 'ruleDraft',
    component: () => import('./pages/RuleDraftPage.vue'),
    meta: { title: 'page.ruleDraft', can: 'rules' },
  },
  {
    path: 'account',
    name: 'account',
    component: () => worded(import('./pages/AccountPage.vue')),
    meta: { title: 'page.account' },
  },
  {
    path: 'account/data',
    name: 'ownData',
    component: () => worded(import('./pages/OwnDataPage.vue')),
    meta: { title: 'page.account' },
  },
  {
    path: 'requests',
    name: 'requests',
    component: () => worded(import('./pages/RequestsPage.vue')),
    meta: { title: 'page.requests', can: 'requests' },
  },
  {
    path: 'requests/new',
    name: 'requestNew',
    component: () => worded(import('./pages/RequestNewPage.vue')),
    meta: { title: 'page.requests', can: 'dispute' },
  },
  {
    path: 'requests/:number',
    name: 'request',
    component: () => worded(import('./pages/RequestPage.vue')),
    meta: { title: 'page.requests', can: 'requests' },
  },
  {
    path: 'accounts',
    name: 'accounts',
    component: () => worded(import('./pages/AccountsPage.vue')),
    meta: { title: 'page.accounts', can: 'accounts' },
  },
  {
    path: 'accounts/new',
    name: 'accountNew',
    component: () => worded(import('./pages/AccountNewPage.vue')),
    meta: { title: 'page.accounts', can: 'accounts' },
  },
  {
    path: 'accounts/changes',
    name: 'accountChanges',
    component: () => worded(import('./pages/AccountChangesPage.vue')),
    meta: { title: 'page.accounts', can: 'accounts' },
  },
  {
    path: 'accounts/reads',
    name: 'reads',
    component: () => worded(import('./pages/ReadsPage.vue')),
    meta: { title: 'page.accounts', can: 'audit' },
  },
  {
    path: 'accounts/:id',
    name: 'accountOne',
    component: () => worded(import('./pages/AccountOnePage.vue')),
    meta: { title: 'page.accounts', can: 'accounts' },
  },
  {
    path: 'denied',
    name: 'denied',
    component: () => import('./pages/DeniedPage.vue'),
    meta: { title: 'page.denied' },
  },
  {
    path: ':rest(.*)*',
    name: 'missing',
    component: () => import('./pages/MissingPage.vue'),
    meta: { title: 'page.missing' },
  },
]

export const router = createRouter({
  history: createWebHistory('/desk/'),
  scrollBehavior: (_to, _from, kept) => kept ?? { top: 0 },
  routes: [
    {
      path: '/login',
      name: 'login',
      component: () => import('./pages/LoginPage.vue'),
      meta: { title: 'page.login', open: true },
    },
    { path: '/', component: DeskShell, children: inside },
  ],
})

router.beforeEach(async to => {
  let who
  try {
    who = await loadMe()
  } catch {
    return to.meta.open ? true : { name: 'login', query: { next: to.fullPath } }
  }
  if (!who) return to.meta.open ? true : { name: 'login', query: { next: to.fullPath } }
  if (who.must.length) return to.name === 'account' || { name: 'account' }
  const home = { name: can('queue') ? 'queue' : 'account' }
  if (to.name === 'login') return home
  if (!to.meta.can || can(to.meta.can)) return true
  if (to.name === 'queue') return home // where everybody is sent who names no page
  return { name: 'denied', query: { page: to.meta.title } }
})

/** The page's name in the window title; pages with something better to say call it themselves. */
export function setTitle(text: string): void {
  document.title = `${text} · ${t('app.name')}`
}

router.afterEach((to, from) => {
  if (to.meta.title) setTitle(t(to.meta.title))
  if (from.name && to.name !== from.name)
    void nextTick(() => document.getElementById('main')?.focus({ preventScroll: true }))
})
