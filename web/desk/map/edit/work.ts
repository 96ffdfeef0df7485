// The work on one layer's boundaries: the mesh with its history, what is picked, what has changed, and
// the changes as the draft that is kept or handed on.
import { computed, ref, shallowRef } from 'vue'
import { mapApi } from '../api.ts'
import type { LayerName } from '../draw.ts'
import { begin, done, everywhere, redo, undo } from './history.ts'
import {
  Refused,
  changesOf,
  crossings,
  geometryOf,
  mergeZones,
  moveVertex,
  noMesh,
  removeVertex,
  renamed,
  splitZone,
  withZones,
  withoutZones,
  zoneArea,
  zonesWith,
} from './mesh.ts'
import type { Mesh, Pt, Refusal, Zone } from './mesh.ts'
import type { Cut, Tool } from './pad.ts'

export interface Measure {
  code: string
  name: string
  before: number
  after: number
}

export function useWork(layer: LayerName) {
  const original = shallowRef<Mesh>(noMesh)
  const history = shallowRef(begin<Mesh>(noMesh))
  const mesh = computed(() => history.value.now)
  const picked = ref<string>()
  const vertex = ref<number>()
  const tool = ref<Tool>('move')
  const refusal = ref<Refusal>()
  const cut = shallowRef<Cut>()

  const zone = computed(() => (picked.value ? mesh.value.zones.get(picked.value) : undefined))
  const changes = computed(() => changesOf(original.value, mesh.value))
  const dirty = computed(
    () => changes.value.changed.length + changes.value.made.length + changes.value.ended.length > 0,
  )
  const touched = computed(() => [...changes.value.changed, ...changes.value.made].map(z => z.code))
  const wrong = computed(() => crossings(mesh.value, touched.value))
  const measures = computed<Measure[]>(() => {
    const { changed, made, ended } = changes.value
    const was = (code: string): number => {
      const z = original.value.zones.get(code)
      return z ? zoneArea(original.value, z) : 0
    }
    const is = (z: Zone): number => zoneArea(mesh.value, z)
    return [
      ...[...changed, ...made].map(z => ({ code: z.code, name: z.name, before: was(z.code), after: is(z) })),
      ...ended.map(z => ({ code: z.code, name: z.name, before: was(z.code), after: 0 })),
    ]
  })

  function act(change: () => Mesh): boolean {
    try {
      history.value = done(history.value, change())
      refusal.value = undefined
      return true
    } catch (e) {
      if (!(e instanceof Refused)) throw e
      refusal.value = e.why
      return false
    }
  }
  /** Takes the zone and all around it into the mesh: only a zone whose neighbours are there is edited. */
  async function pick(code: string): Promise<void> {
    if (!changes.value.made.some(z => z.code === code)) {
      const found = await mapApi.outlines(layer, code)
      const ended = new Set(changes.value.ended.map(z => z.code))
      original.value = withZones(original.value, found)
      const fresh = { ...found, features: found.features.filter(f => !ended.has(f.properties?.code as string)) }
      history.value = everywhere(history.value, m => withZones(m, fresh))
    }
    picked.value = code
    vertex.value = undefined
    refusal.value = undefined
  }
  /** Takes a kept draft up again: its zones are changes against those in force, or new. */
  async function load(kept: GeoJSON.FeatureCollection, inForce: ReadonlySet<string>): Promise<void> {
    const codeOf = (f: GeoJSON.Feature): string => String(f.properties?.code)
    let first = noMesh
    for (const code of kept.features.map(codeOf))
      if (inForce.has(code) && !first.zones.has(code))
        first = withZones(first, await mapApi.outlines(layer, code))
    const ready = kept.features.filter(f => !f.properties?.removed)
    const rest = withoutZones(first, kept.features.map(codeOf))
    original.value = first
    history.value = begin(withZones(rest, { type: 'FeatureCollection', features: ready }))
  }
  function back(step: typeof undo<Mesh>): void {
    history.value = step(history.value)
    vertex.value = undefined
    cut.value = undefined
    if (picked.value && !mesh.value.zones.has(picked.value)) picked.value = undefined
  }
  function split(code: string, name: string): boolean {
    const c = cut.value
    if (!c || !picked.value) return false
    const ok = act(() => splitZone(c.mesh, picked.value!, c.from, c.way, c.to, { code, name }))
    if (ok) cut.value = undefined
    return ok
  }
  const neighbours = computed(() => {
    if (!zone.value) return []
    const all = new Map<string, Zone>()
    for (const id of new Set(zone.value.polygons.flat(2)))
      for (const z of zonesWith(mesh.value, id)) all.set(z.code, z)
    all.delete(zone.value.code)
    return [...all.values()].sort((a, b) => (a.code < b.code ? -1 : 1))
  })
  /** As the server takes a draft: zones that are changed, new, or (with the outline they had) removed. */
  const draft = computed<GeoJSON.FeatureCollection>(() => {
    const feature = (from: Mesh, z: Zone, more: object = {}): GeoJSON.Feature => ({
      type: 'Feature',
      properties: {
        code: z.code,
        name: z.name,
        parent: z.parent,
        kind: z.kind,
        drawn_on: original.value.zones.get(z.code)?.drawn_on ?? 'new',
        ...more,
      },
      geometry: geometryOf(from, z),
    })
    const { changed, made, ended } = changes.value
    return {
      type: 'FeatureCollection',
      features: [
        ...[...changed, ...made].map(z => feature(mesh.value, z)),
        ...ended.map(z => feature(original.value, z, { removed: true })),
      ],
    }
  })

  return {
    mesh,
    zone,
    picked,
    vertex,
    tool,
    refusal,
    cut,
    changes,
    dirty,
    wrong,
    measures,
    neighbours,
    draft,
    canUndo: computed(() => history.value.past.length > 0),
    canRedo: computed(() => history.value.future.length > 0),
    pick,
    load,
    split,
    take: (next: Mesh) => act(() => next),
    undo: () => back(undo),
    redo: () => back(redo),
    move: (id: number, to: Pt) => act(() => moveVertex(mesh.value, id, to)),
    drop: (id: number) => act(() => removeVertex(mesh.value, id)) && (vertex.value = undefined),
    merge: (other: string) => act(() => mergeZones(mesh.value, picked.value ?? '', other)),
    rename: (name: string) => act(() => renamed(mesh.value, picked.value ?? '', name)),
  }
}
export type Work = ReturnType<typeof useWork>

const digits: Partial<Record<LayerName, number>> = { grid: 15, micro: 17, police: 12 }
export const codeFits = (layer: LayerName, code: string): boolean =>
  /^\d+$/.test(code) && code.length === (digits[layer] ?? 12)

/** The next free code beside this one: what stands before the running number stays. */
export function nextCode(layer: LayerName, code: string, known: Iterable<string>): string {
  const tail = layer === 'micro' ? 2 : 3
  const head = code.slice(0, -tail)
  let most = 0
  for (const c of known)
    if (c.length === code.length && c.startsWith(head)) most = Math.max(most, Number(c.slice(-tail)))
  return most + 1 < 10 ** tail ? head + String(most + 1).padStart(tail, '0') : ''
}
