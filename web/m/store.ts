// What the phone pages share: the city's configuration, the codes kept on this phone, reading size.
import { computed, ref, shallowRef } from 'vue'
import { get, query } from '../shared/api/client.ts'
import type { Category, Config, Place, Receipt } from '../shared/api/types.ts'
import { lang, pick } from '../shared/i18n/index.ts'
import type { OutboxItem } from '../shared/outbox.ts'

const keys = { big: 'fq.big', codes: 'fq.codes', config: 'fq.config', grid: 'fq.grid' }

function load<T>(key: string): T | undefined {
  try {
    const text = localStorage.getItem(key)
    return text ? (JSON.parse(text) as T) : undefined
  } catch {
    return undefined
  }
}

function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // private browsing or full: the page works without
  }
}

export const big = ref(false)

export function setBig(on: boolean): void {
  big.value = on
  document.documentElement.toggleAttribute('data-big', on)
  keep(keys.big, on)
}

export const config = shallowRef<Config>()

/** What the city serves; the last known copy stands in while there is no network. */
export async function loadConfig(): Promise<Config | undefined> {
  config.value ??= load<Config>(keys.config)
  try {
    config.value = await get<Config>('/api/config')
    keep(keys.config, config.value)
  } catch {
    // offline: what is cached has to do
  }
  return config.value
}

export const categories = computed<Category[]>(() => config.value?.categories ?? [])
export const topCategories = computed(() => categories.value.filter(c => !c.parent))
export const categoryOf = (code: string | undefined): Category | undefined =>
  categories.value.find(c => c.code === code)

export function categoryName(code: string | undefined): string {
  const category = categoryOf(code)
  return category ? pick(category.name, category.name_en) : ''
}

/** The grid of the QR plate this phone came from. */
export const grid = shallowRef<Place>()

/** A plate was scanned that says no place: it is not known, or nobody could be asked. */
export const plateLost = shallowRef(false)

/** What a plate said before stands in only where no other one has been scanned since. */
export async function loadGrid(code: string | null): Promise<void> {
  grid.value = load<Place>(keys.grid)
  if (!code) return
  if (code !== grid.value?.grid) grid.value = undefined
  try {
    grid.value = await get<Place>(`/api/grids/${encodeURIComponent(code)}${query({})}`)
    keep(keys.grid, grid.value)
  } catch {
    plateLost.value = !grid.value
  }
}

/** A plate just scanned; that of a dwelling or site says where exactly, behind the #. */
export interface PlatePlace {
  text: string
  lon?: number
  lat?: number
}
export const plate = shallowRef<PlatePlace>()

function readPlate(hash: string): PlatePlace {
  const said = new URLSearchParams(hash)
  const text = (said.get('p') ?? '').slice(0, 60)
  const at = /^(-?\d{1,3}\.\d+),(-?\d{1,2}\.\d+)$/.exec(said.get('at') ?? '')
  return at ? { text, lon: Number(at[1]), lat: Number(at[2]) } : { text }
}

/** Town, community and grid in the order a person says them. */
export function placeName(place: Place): string {
  if (place.place_name) return place.place_name
  const parts = [place.county_name, place.town_name, place.community_name, place.grid_name].filter(
    Boolean,
  )
  return parts.join(lang.value === 'en' ? ' · ' : ' ')
}

export interface Kept {
  code: string
  number: string
  label: string
  at: number
  key?: string
  receipt?: Receipt
}

/** Receipts kept on this phone; nothing of what was reported is. */
export const kept = shallowRef<Kept[]>([])

export function keepCode(entry: Kept): void {
  const before = kept.value.find(k => k.code === entry.code)
  kept.value = [{ ...before, ...entry }, ...kept.value.filter(k => k.code !== entry.code)].slice(
    0,
    50,
  )
  keep(keys.codes, kept.value)
}

export function forgetCode(code: string): void {
  kept.value = kept.value.filter(k => k.code !== code)
  keep(keys.codes, kept.value)
}

/** Called for each item the server has taken. */
export function onSent(item: OutboxItem): void {
  if (item.kind !== 'report') return
  const receipt = item.answer as Receipt
  keepCode({
    code: receipt.code,
    number: receipt.number,
    label: item.label,
    at: receipt.created_ms,
    key: item.key,
    receipt,
  })
}

export function restoreStore(): void {
  kept.value = load<Kept[]>(keys.codes) ?? []
  if (load<boolean>(keys.big)) setBig(true)
  const scanned = new URLSearchParams(location.search).get('g')
  if (scanned) plate.value = readPlate(location.hash.slice(1))
  void loadGrid(scanned)
  void loadConfig()
}
