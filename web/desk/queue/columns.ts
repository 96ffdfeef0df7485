// The columns a list of matters can show. Number and title always stay; the rest is a choice.
import type { Key } from '../core/text.ts'

export interface Column {
  key: string
  label: Key
  fixed?: boolean
  start: boolean
  slim: boolean
}

/** slim = a column of its own even when the matter panel is open beside the list. */
export const columns: Column[] = [
  { key: 'number', label: 'col.number', fixed: true, start: true, slim: false },
  { key: 'tier', label: 'col.tier', start: true, slim: false },
  { key: 'category', label: 'col.category', start: true, slim: false },
  { key: 'title', label: 'col.title', fixed: true, start: true, slim: true },
  { key: 'place', label: 'col.place', start: true, slim: false },
  { key: 'owner', label: 'col.owner', start: true, slim: false },
  { key: 'due', label: 'col.due', start: true, slim: true },
  { key: 'state', label: 'col.state', start: true, slim: false },
  { key: 'created', label: 'col.created', start: false, slim: false },
]

export const startColumns = columns.filter(c => c.start).map(c => c.key)

export const views = ['mine', 'pool', 'unit', 'cohandle', 'ask', 'overdue', 'region'] as const
export type ViewName = (typeof views)[number]

/** The views that mean something to this person. */
export function viewsOf(can: (word: string) => boolean, territory: boolean): ViewName[] {
  const shown: Record<ViewName, boolean> = {
    mine: can('handle') || can('dispatch'),
    pool: can('handle') || can('dispatch'),
    unit: can('handle') || can('dispatch') || !territory,
    cohandle: can('handle'),
    ask: can('approve'),
    overdue: true,
    region: territory,
  }
  return views.filter(v => shown[v])
}

/** Where work begins: what waits to be dispatched, what I hold, what is late, what there is. */
export function firstView(can: (word: string) => boolean, territory: boolean): ViewName {
  if (can('dispatch')) return 'pool'
  if (can('handle')) return 'mine'
  if (can('supervise')) return 'overdue'
  return territory ? 'region' : 'unit'
}

/** Views that can also be read back in time, with what has ended. */
export const withHistory = new Set<ViewName>(['unit', 'region'])

export const states = [
  'received',
  'assigned',
  'working',
  'deferred',
  'answered',
  'verified',
  'closed',
  'rejected',
  'merged',
  'withdrawn',
] as const
export const endStates = new Set<string>(['closed', 'rejected', 'merged', 'withdrawn'])
