// What a person wrote and the server has not yet confirmed. Each item stays on the phone, with its
// photos, until the server has answered; it carries the key under which it may be sent any number
// of times without a second effect. Sent when written, when the network returns, and whenever the
// page opens or is looked at again. Nothing here ever says "received" before the server did.
import { ref, shallowRef } from 'vue'
import { ApiError, post } from './api/client.ts'
import type { Upload } from './api/types.ts'
import { storage } from './store.ts'

export type ItemState = 'waiting' | 'sending' | 'refused' | 'sent'

export interface OutboxPhoto {
  blob: Blob
  token?: string
  lon?: number
  lat?: number
}

export interface OutboxItem {
  key: string
  /** report: a resident's; receipt: a resident's message or step; step, matter: a worker's. */
  kind: 'report' | 'receipt' | 'step' | 'matter'
  path: string
  body: Record<string, unknown>
  photos: OutboxPhoto[]
  keepPosition?: boolean
  receipt?: string
  account?: string
  /** What the person reads in the list, and the matter it belongs to. */
  label: string
  about?: string
  at: number
  state: ItemState
  tries: number
  error?: string
  field?: string
  code?: string
  answer?: unknown
}

export type NewItem = Omit<OutboxItem, 'state' | 'tries' | 'at' | 'photos'> & { photos?: Blob[] }

const itemsMax = 30
const bytesMax = 60 * 1024 * 1024
const sendTimeoutMs = 60_000

export const outbox = shallowRef<OutboxItem[]>([])
export const online = ref(true)

let account: string | undefined
let onSent: (item: OutboxItem) => void = () => {}
let flushing: Promise<void> | undefined
let again: ReturnType<typeof setTimeout> | undefined

export class OutboxFull extends Error {}

async function refresh(): Promise<void> {
  const items = (await (await storage()).all('outbox')) as OutboxItem[]
  outbox.value = items.sort((a, b) => a.at - b.at)
}

async function save(item: OutboxItem): Promise<void> {
  await (await storage()).put('outbox', item.key, item)
  await refresh()
}

function checkRoom(item: OutboxItem): void {
  const bytes = [...outbox.value, item]
    .flatMap(i => i.photos)
    .reduce((sum, p) => sum + p.blob.size, 0)
  if (outbox.value.length >= itemsMax || bytes > bytesMax) throw new OutboxFull()
}

async function uploadPhotos(item: OutboxItem): Promise<string[]> {
  for (const [i, photo] of item.photos.entries()) {
    if (photo.token) continue
    const path = `/api/uploads?keep_position=${item.keepPosition ? 'true' : 'false'}`
    const options = { key: `${item.key}-p${i}`, timeoutMs: sendTimeoutMs }
    photo.token = (await post<Upload>(path, photo.blob, options)).upload
    await save(item)
  }
  return item.photos.map(photo => photo.token!)
}

/** True when the next item may be tried; false when the network or the server is away. */
async function sendOne(item: OutboxItem): Promise<boolean> {
  item.state = 'sending'
  item.tries++
  await save(item)
  try {
    const uploads = await uploadPhotos(item)
    const body = uploads.length ? { ...item.body, uploads } : item.body
    const receipt = item.receipt ? { receipt: item.receipt } : {}
    item.answer = await post(item.path, body, {
      key: item.key,
      timeoutMs: sendTimeoutMs,
      ...receipt,
    })
    item.state = 'sent'
    delete item.error
    await (await storage()).remove('outbox', item.key)
    outbox.value = outbox.value.map(i => (i.key === item.key ? { ...item } : i))
    onSent(item)
    return true
  } catch (error) {
    const refused = error instanceof ApiError && error.final
    item.state = refused ? 'refused' : 'waiting'
    if (error instanceof ApiError)
      Object.assign(item, { error: error.message, field: error.field, code: error.code })
    if (refused && error.field === 'uploads') for (const photo of item.photos) delete photo.token
    await save(item)
    return refused || (error instanceof ApiError && error.status === 401)
  }
}

const mine = (item: OutboxItem): boolean => !item.account || item.account === account

async function sendAll(): Promise<void> {
  await refresh()
  const stale = outbox.value.filter(i => i.state === 'waiting' || i.state === 'sending')
  for (const item of stale.filter(mine)) {
    if (!(await sendOne({ ...item }))) {
      sendLater(item.tries + 1)
      break
    }
  }
}

function sendLater(tries: number): void {
  clearTimeout(again)
  again = setTimeout(() => void flush(), Math.min(60_000, 2_000 * 2 ** Math.min(tries, 5)))
}

/** Sends what waits; one sender at a time, also among several open pages. */
export function flush(): Promise<void> {
  flushing ??= (async () => {
    try {
      if (navigator.locks)
        await navigator.locks.request('fengqiao-outbox', { ifAvailable: true }, l =>
          l ? sendAll() : refresh(),
        )
      else await sendAll()
    } finally {
      flushing = undefined
    }
  })()
  return flushing
}

const going = new Map<string, Promise<OutboxItem>>()

/**
 * Keeps an item and tries to send it at once. Resolves with its state after that first try. The same
 * again meanwhile, as from a button pressed twice, is the same item.
 */
export function enqueue(fresh: NewItem): Promise<OutboxItem> {
  const what = JSON.stringify([fresh.path, fresh.receipt, fresh.body, fresh.photos?.length && fresh.key])
  const now = going.get(what) ?? put(fresh).finally(() => going.delete(what))
  going.set(what, now)
  return now
}

async function put(fresh: NewItem): Promise<OutboxItem> {
  await refresh()
  const item: OutboxItem = {
    ...fresh,
    body: JSON.parse(JSON.stringify(fresh.body)) as Record<string, unknown>,
    photos: (fresh.photos ?? []).map(blob => ({ blob })),
    at: Date.now(),
    state: 'waiting',
    tries: 0,
  }
  checkRoom(item)
  await save(item)
  await flushing
  await flush()
  return outbox.value.find(i => i.key === item.key) ?? item
}

export async function retry(key: string): Promise<void> {
  const item = outbox.value.find(i => i.key === key)
  if (!item) return
  await save({ ...item, state: 'waiting' })
  await flush()
}

export async function discard(key: string): Promise<void> {
  await (await storage()).remove('outbox', key)
  outbox.value = outbox.value.filter(i => i.key !== key)
}

/** Whose items may be sent from now on; undefined after logging out. */
export function setOutboxAccount(next: string | undefined): void {
  account = next
}

/** Removes what a worker left on this phone: a shared phone keeps nothing of the last person. */
export async function clearAccountItems(): Promise<void> {
  for (const item of outbox.value.filter(i => i.account)) await discard(item.key)
}

/** Starts sending; `sent` hears of each item the server has taken. */
export async function startOutbox(sent: (item: OutboxItem) => void): Promise<void> {
  onSent = sent
  online.value = navigator.onLine
  addEventListener('online', () => {
    online.value = true
    void flush()
  })
  addEventListener('offline', () => {
    online.value = false
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void flush()
  })
  await refresh()
  await flush()
}
