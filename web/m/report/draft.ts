// The report being written: kept on the phone until it is sent, so that a closed page, an incoming
// call or a flat battery costs nothing.
import { reactive, toRaw, watch } from 'vue'
import { get, newKey, post, query } from '../../shared/api/client.ts'
import type { NearbyItem, Place, Suggestion } from '../../shared/api/types.ts'
import { enqueue, type OutboxItem } from '../../shared/outbox.ts'
import { storage } from '../../shared/store.ts'
import { t } from '../i18n/pages.ts'
import { categoryName, categoryOf, grid, plate } from '../store.ts'

export interface Draft {
  key: string
  category?: string
  text: string
  photos: Blob[]
  lon?: number
  lat?: number
  place?: Place
  placeText: string
  name: string
  phone: string
  confidential: boolean
  suggestion?: Suggestion
  suggestedFor: string
  urgentSeen: boolean
  nearby: NearbyItem[]
  nearbySeen: boolean
  join?: string
  joinName?: string
}

export type Faults = Partial<Record<'text' | 'place' | 'phone', string>>

const textMin = 4
const keepAfterMs = 400
const askTimeoutMs = 5_000

const empty = (): Draft => ({
  key: newKey(),
  text: '',
  photos: [],
  placeText: '',
  name: '',
  phone: '',
  confidential: false,
  suggestedFor: '',
  urgentSeen: false,
  nearby: [],
  nearbySeen: false,
})

export const draft = reactive<Draft>(
  typeof crypto === 'undefined' ? { ...empty(), key: '' } : empty(),
)

function plain(): Draft {
  return {
    ...toRaw(draft),
    photos: draft.photos.map(p => toRaw(p)),
    nearby: [],
    place: undefined,
    suggestion: undefined,
  }
}

async function keepDraft(): Promise<void> {
  const copy = plain()
  if (draft.place) copy.place = JSON.parse(JSON.stringify(draft.place)) as Place
  await (await storage()).put('draft', 'report', copy)
}

let timer: ReturnType<typeof setTimeout> | undefined
let restored = false

/** Takes up what was being written on this phone and keeps what follows. */
export async function restoreDraft(): Promise<void> {
  if (restored) return
  restored = true
  const stored = (await (await storage()).get('draft', 'report')) as Draft | undefined
  if (stored && !draft.text) Object.assign(draft, stored)
  takePlate()
  watch(draft, () => {
    clearTimeout(timer)
    timer = setTimeout(() => void keepDraft(), keepAfterMs)
  })
}

/** A plate just scanned says where; what was said before was about another place. */
function takePlate(): void {
  const said = plate.value
  if (!said) return
  plate.value = undefined
  delete draft.place
  draft.placeText = said.text || draft.placeText
  draft.lon = said.lon
  draft.lat = said.lat
  if (said.lon !== undefined && said.lat !== undefined)
    void locate(said.lon, said.lat).catch(() => {})
}

export async function dropDraft(): Promise<void> {
  for (const key of Object.keys(draft) as (keyof Draft)[]) delete draft[key]
  Object.assign(draft, empty())
  clearTimeout(timer)
  await (await storage()).remove('draft', 'report')
}

/** Puts a refused report back on the page, under a new key. */
export function reopenDraft(item: OutboxItem): void {
  const { text, category, lon, lat, place_text, name, phone, confidential } = item.body as Record<
    string,
    never
  >
  Object.assign(draft, empty(), {
    text: text ?? '',
    category,
    lon,
    lat,
    placeText: place_text ?? '',
    name: name ?? '',
    phone: phone ?? '',
    confidential: Boolean(confidential),
    photos: item.photos.map(p => p.blob),
    urgentSeen: true,
  })
}

/** The QR plate's grid stands in when nothing more exact is known. */
export const gridOf = (): Place | undefined =>
  draft.place ?? (draft.lon === undefined ? grid.value : undefined)

export function faultsOf(step: number): Faults {
  const faults: Faults = {}
  if (step === 2 && draft.text.trim().length < textMin) faults.text = t('textFault', { n: textMin })
  if (step === 3 && draft.lon === undefined && !gridOf() && draft.placeText.trim().length < 2)
    faults.place = t('placeFault')
  if (step === 4 && draft.phone.trim() && !/^[+0-9][0-9 -]{6,18}$/.test(draft.phone.trim()))
    faults.phone = t('phoneFault')
  return faults
}

/** Asks which kinds the text sounds like; without an answer nothing is suggested. */
export async function suggest(): Promise<void> {
  const text = draft.text.trim()
  if (text.length < textMin || text === draft.suggestedFor) return
  try {
    const where = gridOf()?.grid
    draft.suggestion = await post<Suggestion>(
      '/api/suggest',
      { text, ...(where ? { grid: where } : {}) },
      { timeoutMs: askTimeoutMs },
    )
    draft.suggestedFor = text
  } catch {
    // offline or busy: the report goes without
  }
}

/** True when the person should be shown the telephone first. */
export function urgent(): boolean {
  return (
    !draft.urgentSeen && Boolean(draft.suggestion?.emergency || categoryOf(draft.category)?.hotline)
  )
}

export const hotline = (): string =>
  draft.suggestion?.hotline || categoryOf(draft.category)?.hotline || '110'

export async function locate(lon: number, lat: number): Promise<void> {
  draft.lon = Number(lon.toFixed(6))
  draft.lat = Number(lat.toFixed(6))
  draft.nearbySeen = false
  draft.place = await get<Place>(`/api/locate${query({ lon: draft.lon, lat: draft.lat })}`, {
    timeoutMs: askTimeoutMs,
  })
}

/** Open matters of the same kind nearby; an empty list when there are none or nobody answers. */
export async function findNearby(): Promise<void> {
  draft.nearby = []
  if (draft.lon === undefined || draft.nearbySeen) return
  const category = draft.category ?? draft.suggestion?.categories[0]?.code
  try {
    const path = `/api/nearby${query({ lon: draft.lon, lat: draft.lat, category })}`
    draft.nearby = (await get<{ items: NearbyItem[] }>(path, { timeoutMs: askTimeoutMs })).items
  } catch {
    // not knowing must not stop a report
  }
}

function bodyOf(): Record<string, unknown> {
  const where =
    draft.lon !== undefined
      ? { lon: draft.lon, lat: draft.lat, crs: 'wgs84' }
      : gridOf()
        ? { grid: gridOf()!.grid }
        : {}
  const optional = {
    category: draft.category ?? draft.suggestion?.categories[0]?.code,
    place_text: draft.placeText.trim(),
    name: draft.name.trim(),
    phone: draft.phone.trim(),
    join: draft.join,
  }
  const given = Object.entries(optional).filter(([, value]) => value)
  return {
    text: draft.text.trim(),
    ...where,
    ...Object.fromEntries(given),
    ...(draft.confidential ? { confidential: true } : {}),
  }
}

/** Hands the report to the outbox; the key under which its receipt will appear. */
export async function submitReport(): Promise<string> {
  const key = draft.key
  const code = draft.category ?? draft.suggestion?.categories[0]?.code
  await enqueue({
    key,
    kind: 'report',
    path: '/api/reports',
    body: bodyOf(),
    photos: draft.photos.map(p => toRaw(p)),
    label: categoryName(code) || t('report'),
  })
  await dropDraft()
  return key
}
