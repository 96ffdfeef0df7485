// The layers of zones on a Leaflet map: canvas tiles drawn a few milliseconds at a time, so that the
// map can be moved while they appear.
import L from 'leaflet'
import { send } from '../../shared/api/client.ts'
import { drawLayer, drawOrder, fillLand, zoomLeast } from './draw.ts'
import type { View } from './draw.ts'
import { earlyAnswer, firstDetail, layerPath } from './first.ts'
import type { Detail, LayerName } from './first.ts'
import { unpack } from './packed.ts'
import type { Layer } from './packed.ts'

/** From here on ten metres are seen. */
const FULL_FROM = 13
const SLICE_MS = 8
/** Before anything is seen nothing is disturbed. */
const FIRST_SLICE_MS = 40

export async function fetchLayer(name: LayerName, detail: Detail): Promise<Layer> {
  const path = layerPath(name, detail)
  const early = await earlyAnswer(path)?.catch(() => undefined)
  const answer = early?.ok ? early : await send(path, { timeoutMs: 60_000 })
  return unpack(new Uint8Array(await answer.arrayBuffer()))
}

/** Layers as they are asked for, each fetched once. */
export class LayerStore {
  private readonly held = new Map<string, Layer>()
  private readonly asked = new Map<string, Promise<Layer>>()

  want(name: LayerName, detail: Detail): Promise<Layer> {
    const key = `${name} ${detail}`
    let promise = this.asked.get(key)
    if (!promise) {
      promise = fetchLayer(name, detail)
      this.asked.set(key, promise)
      promise.then(
        layer => this.held.set(key, layer),
        () => this.asked.delete(key),
      )
    }
    return promise
  }
  /** What to draw at this zoom, of what is here already. */
  drawn(name: LayerName, zoom: number): Layer | undefined {
    return (firstDetail(name, zoom) === 'borders' && this.held.get(`${name} borders`)) || this.best(name, zoom)
  }
  /** The finer of the outlines that are here already and are of use at this zoom. */
  best(name: LayerName, zoom: number): Layer | undefined {
    const full = this.held.get(`${name} full`)
    return zoom >= FULL_FROM ? (full ?? this.held.get(`${name} overview`)) : (this.held.get(`${name} overview`) ?? full)
  }
}

/** Work in slices between frames. */
class Slices {
  private todo: (() => void)[] = []
  private running = false
  private sliceMs = FIRST_SLICE_MS
  /** From now on the map may be moving. */
  calm(): void {
    this.sliceMs = SLICE_MS
  }
  add(job: () => void): void {
    this.todo.push(job)
    if (!this.running) {
      this.running = true
      requestAnimationFrame(() => this.run())
    }
  }
  private run(): void {
    const end = performance.now() + this.sliceMs
    do this.todo.shift()?.()
    while (this.todo.length && performance.now() < end)
    if (this.todo.length) requestAnimationFrame(() => this.run())
    else this.running = false
  }
}

export interface ZonesOptions {
  store: LayerStore
  shown: () => LayerName[]
  /** Whether a base map lies below. */
  based: boolean
}

/** The layers that are drawn at a zoom, lowest first; county borders always. */
export function drawnAt(shown: readonly LayerName[], zoom: number): LayerName[] {
  return drawOrder.filter(
    name => name === 'county' || (shown.includes(name) && Math.round(zoom) >= zoomLeast[name]),
  )
}

export function drawView(to: CanvasRenderingContext2D, view: View, o: ZonesOptions): void {
  const counties = o.store.best('county', view.zoom)
  if (counties && !o.based) fillLand(to, counties, view)
  for (const name of drawnAt(o.shown(), view.zoom)) {
    const layer = o.store.drawn(name, view.zoom)
    if (layer) drawLayer(to, name, layer, view)
  }
}

interface TileCanvas extends HTMLCanvasElement {
  gone?: boolean
}

export function zonesLayer(options: ZonesOptions): L.GridLayer {
  const slices = new Slices()
  const Zones = L.GridLayer.extend({
    createTile(this: L.GridLayer, coords: L.Coords, done: L.DoneCallback): HTMLCanvasElement {
      const canvas: TileCanvas = document.createElement('canvas')
      const size = this.getTileSize().x
      const ratio = Math.min(2, window.devicePixelRatio || 1)
      canvas.width = canvas.height = size * ratio
      canvas.dataset.tile = `${coords.x} ${coords.y} ${coords.z}`
      slices.add(() => {
        if (!canvas.gone) paint(canvas, coords, size, ratio)
        done(undefined, canvas)
      })
      return canvas
    },
  })
  function paint(canvas: HTMLCanvasElement, coords: L.Coords, size: number, ratio: number): void {
    const to = canvas.getContext('2d')
    if (!to) return
    to.scale(ratio, ratio)
    const scale = size * 2 ** coords.z
    const [left, top] = [coords.x * size, coords.y * size]
    drawView(to, { zoom: coords.z, scale, left, top, width: size, height: size }, options)
  }
  const layer = new (Zones as unknown as typeof L.GridLayer)({
    updateWhenIdle: false,
    updateWhenZooming: false,
    keepBuffer: 1,
    zIndex: 2,
  })
  layer.once('load', () => slices.calm())
  layer.on('tileunload', e => {
    const tile: TileCanvas = (e as L.TileEvent).tile as unknown as TileCanvas
    tile.gone = true
  })
  return layer
}
