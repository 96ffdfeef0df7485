// The map on which boundaries are edited: what is pressed, dragged and clicked becomes changes of the
// mesh. The page keeps the mesh and its history.
import L from 'leaflet'
import 'leaflet/dist/leaflet.css'
import type { Tiles } from '../../../shared/api/types.ts'
import { baseLayers } from '../../../shared/geo/tiles.ts'
import { drawName, fitCity, followSize, setExactly } from '../board.ts'
import { ZOOM_LEAST } from '../look.ts'
import type { MapPlace } from '../look.ts'
import type { LayerName } from '../draw.ts'
import { latOf, lonOf, worldX, worldY, zoneAt } from '../packed.ts'
import { LayerStore, zonesLayer } from '../zones.ts'
import {
  insertVertex,
  moveVertex,
  ringPoints,
  snapAt,
  weldVertex,
  zoneHolds,
} from './mesh.ts'
import type { Crossing, Mesh, Pt, Snap, Zone } from './mesh.ts'

export type Tool = 'move' | 'split' | 'merge'
export interface PadState {
  mesh: Mesh
  zone?: string
  vertex?: number
  tool: Tool
  wrong: Crossing[]
}
/** A finished cut: both ends are vertices of the mesh that comes with it. */
export interface Cut {
  mesh: Mesh
  from: number
  way: Pt[]
  to: number
}
export interface PadOptions {
  bounds: [number, number, number, number]
  /** What is shown first, west south east north; the whole city unless given. */
  home?: [number, number, number, number]
  /** Where the map opens; without it the whole city is shown. */
  at?: MapPlace
  tiles?: Tiles
  layer: LayerName
  zoomIn: string
  zoomOut: string
  /** A zone was clicked; it may not be in the mesh yet. */
  onZone: (code: string) => void
  onVertex: (id: number | undefined) => void
  onMesh: (next: Mesh) => void
  onCut: (cut: Cut) => void
  onRefused: (e: unknown) => void
  onFailed: () => void
}
export interface Pad {
  readonly map: L.Map
  /** Codes of the whole layer, once it is there. */
  codes(): readonly string[]
  /** The same, waiting for the layer. */
  allCodes(): Promise<readonly string[]>
  show(state: PadState): void
  fit(zone: Zone, mesh: Mesh): void
  /** Gives up a cut that has begun. */
  cancel(): void
  remove(): void
}

const REACH = 9
/** A finger covers more than the tip of an arrow. */
const FINGER_REACH = 22
const reachOf = (e: PointerEvent): number => (e.pointerType === 'touch' ? FINGER_REACH : REACH)
const HANDLES_FROM_PX = 26
const CM = 1e7
const round = (v: number): number => Math.round(v * CM) / CM
type Px = readonly [number, number]

class PadMap implements Pad {
  readonly map: L.Map
  private readonly store = new LayerStore()
  private readonly options: PadOptions
  private readonly zones: L.GridLayer
  private readonly canvas: HTMLCanvasElement
  private state: PadState = { mesh: { next: 0, points: new Map(), zones: new Map() }, tool: 'move', wrong: [] }
  private drag?: { id: number; mesh: Mesh; moved: boolean; snap?: Snap }
  private line?: { from: Snap; way: Pt[] }
  private pointer?: Px
  private quiet = 0
  private gone = false
  private readonly sizes: ResizeObserver

  constructor(element: HTMLElement, options: PadOptions) {
    this.options = options
    const [w, s, e, n] = options.bounds
    const city = L.latLngBounds([s, w], [n, e])
    this.map = L.map(element, {
      attributionControl: false,
      zoomControl: false,
      doubleClickZoom: false,
      boxZoom: false,
      minZoom: ZOOM_LEAST,
      maxZoom: 20,
      maxBounds: city.pad(0.5),
    })
    L.control.zoom({ zoomInTitle: options.zoomIn, zoomOutTitle: options.zoomOut }).addTo(this.map)
    if (options.at) setExactly(this.map, [options.at.center[1], options.at.center[0]], options.at.zoom)
    else if (options.home) {
      const [west, south, east, north] = options.home
      this.map.fitBounds([[south, west], [north, east]])
    } else fitCity(this.map, city)
    for (const base of baseLayers(options.tiles)) base.addTo(this.map)
    const shown: LayerName[] = [options.layer, 'town']
    this.zones = zonesLayer({ store: this.store, shown: () => shown, based: options.tiles !== undefined })
    this.canvas = L.DomUtil.create('canvas', 'leaflet-zoom-hide board-over', this.map.getPanes().overlayPane)
    this.map.on('moveend zoomend resize', () => this.draw())
    element.addEventListener('pointerdown', this.press, true)
    element.addEventListener('pointermove', this.track)
    window.addEventListener('pointerup', this.release)
    this.map.on('click', e => this.click([e.containerPoint.x, e.containerPoint.y]))
    this.sizes = followSize(this.map)
    void this.load()
  }

  private async load(): Promise<void> {
    try {
      await Promise.all([
        this.store.want('county', 'overview'),
        this.store.want('town', 'overview'),
        this.store.want(this.options.layer, 'overview'),
      ])
      if (this.gone) return
      this.zones.addTo(this.map)
      await this.store.want(this.options.layer, 'full')
      if (!this.gone) this.zones.redraw()
    } catch {
      if (!this.gone) this.options.onFailed()
    }
  }

  codes(): readonly string[] {
    return this.store.best(this.options.layer, 20)?.codes ?? []
  }
  async allCodes(): Promise<readonly string[]> {
    return (await this.store.want(this.options.layer, 'overview')).codes
  }
  show(state: PadState): void {
    if (state.tool !== this.state.tool || state.zone !== this.state.zone) this.line = undefined
    this.state = state
    this.draw()
  }
  fit(zone: Zone, mesh: Mesh): void {
    const points = zone.polygons.flat().flatMap(r => ringPoints(mesh, r))
    const box = L.latLngBounds(points.map(([lon, lat]) => [lat, lon]))
    this.map.fitBounds(box.pad(0.3), { maxZoom: 18 })
  }
  cancel(): void {
    this.line = undefined
    this.draw()
  }
  remove(): void {
    this.gone = true
    this.sizes.disconnect()
    window.removeEventListener('pointerup', this.release)
    this.map.remove()
  }

  // --- where things are

  private readonly onScreen = ([lon, lat]: Pt): Px => {
    const scale = 256 * 2 ** this.map.getZoom()
    const corner = this.map.getPixelBounds().min!
    return [worldX(lon) * scale - corner.x, worldY(lat) * scale - corner.y]
  }
  private atPixel([x, y]: Px): Pt {
    const scale = 256 * 2 ** this.map.getZoom()
    const corner = this.map.getPixelBounds().min!
    return [round(lonOf((x + corner.x) / scale)), round(latOf((y + corner.y) / scale))]
  }
  private pixelOf(e: PointerEvent): Px {
    const box = this.map.getContainer().getBoundingClientRect()
    return [e.clientX - box.left, e.clientY - box.top]
  }
  private get picked(): Zone | undefined {
    return this.state.zone ? this.state.mesh.zones.get(this.state.zone) : undefined
  }
  private handles(): { id: number; at: Px }[] {
    const ids = new Set(this.picked?.polygons.flat(2))
    return [...ids].map(id => ({ id, at: this.onScreen(this.state.mesh.points.get(id)!) }))
  }
  /** The middles of long edges, from which a new vertex can be drawn. */
  private middles(): { a: number; b: number; at: Px }[] {
    const found: { a: number; b: number; at: Px }[] = []
    for (const ring of this.picked?.polygons.flat() ?? [])
      ring.forEach((a, i) => {
        const b = ring[(i + 1) % ring.length]!
        const [p, q] = [a, b].map(id => this.onScreen(this.state.mesh.points.get(id)!)) as [Px, Px]
        if (Math.hypot(p[0] - q[0], p[1] - q[1]) > HANDLES_FROM_PX * 2)
          found.push({ a, b, at: [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2] })
      })
    return found
  }
  private static nearest<T extends { at: Px }>(all: T[], [x, y]: Px, reach: number): T | undefined {
    let [best, least]: [T | undefined, number] = [undefined, reach + 1]
    for (const one of all) {
      const distance = Math.hypot(one.at[0] - x, one.at[1] - y)
      if (distance < least) [best, least] = [one, distance]
    }
    return best
  }

  // --- dragging

  private readonly press = (e: PointerEvent): void => {
    if (this.state.tool !== 'move' || !this.picked || e.button !== 0) return
    const at = this.pixelOf(e)
    const handle = PadMap.nearest(this.handles(), at, reachOf(e))
    const middle = handle ? undefined : PadMap.nearest(this.middles(), at, reachOf(e))
    if (!handle && !middle) return
    this.map.dragging.disable()
    if (handle) this.drag = { id: handle.id, mesh: this.state.mesh, moved: false }
    else {
      const made = insertVertex(this.state.mesh, middle!.a, middle!.b, this.atPixel(middle!.at))
      this.drag = { id: made.id, mesh: made.mesh, moved: false }
    }
    this.options.onVertex(handle?.id)
  }
  private readonly track = (e: PointerEvent): void => {
    this.pointer = this.pixelOf(e)
    if (this.drag) {
      this.drag.moved = true
      this.drag.snap = snapAt(this.drag.mesh, this.pointer, this.onScreen, REACH, this.drag.id)
      const to = this.drag.snap?.at ?? this.atPixel(this.pointer)
      this.drag.mesh = moveVertex(this.drag.mesh, this.drag.id, to)
    } else if (!this.line) return
    this.draw()
  }
  private readonly release = (): void => {
    const drag = this.drag
    if (!drag) return
    this.drag = undefined
    this.quiet = performance.now()
    this.map.dragging.enable()
    if (!drag.moved) return this.draw()
    try {
      this.options.onMesh(this.settled(drag))
    } catch (e) {
      this.options.onRefused(e)
      this.draw()
    }
  }
  /** What was let go on a vertex or an edge becomes one with it. */
  private settled({ mesh, id, snap }: { mesh: Mesh; id: number; snap?: Snap }): Mesh {
    if (snap?.kind === 'vertex') return weldVertex(mesh, id, snap.id)
    if (snap?.kind !== 'edge') return mesh
    const made = insertVertex(mesh, snap.a, snap.b, snap.at)
    return weldVertex(made.mesh, id, made.id)
  }

  // --- clicking

  private click(at: Px): void {
    if (performance.now() - this.quiet < 50) return
    const p = this.atPixel(at)
    if (this.state.tool === 'split' && this.picked) return this.cutAt(at, p)
    const code = this.zoneCodeAt(p)
    if (code) this.options.onZone(code)
  }
  private zoneCodeAt(p: Pt): string | undefined {
    for (const zone of this.state.mesh.zones.values())
      if (zoneHolds(this.state.mesh, zone, p)) return zone.code
    const layer = this.store.best(this.options.layer, 20)
    const at = layer ? zoneAt(layer, worldX(p[0]), worldY(p[1])) : -1
    return layer && at >= 0 ? layer.codes[at] : undefined
  }
  /** Only the border of the zone itself is snapped to. */
  private onBorder(at: Px): Snap | undefined {
    const zone = this.picked!
    const ids = new Set(zone.polygons.flat(2))
    const points = new Map([...this.state.mesh.points].filter(([id]) => ids.has(id)))
    const alone: Mesh = { ...this.state.mesh, points, zones: new Map([[zone.code, zone]]) }
    return snapAt(alone, at, this.onScreen, REACH + 3)
  }
  private cutAt(at: Px, p: Pt): void {
    const snap = this.onBorder(at)
    if (!this.line) {
      if (snap) this.line = { from: snap, way: [] }
    } else if (snap) {
      const { from, way } = this.line
      this.line = undefined
      this.options.onCut(this.cutOf(from, way, snap))
    } else this.line.way.push(p)
    this.draw()
  }
  private cutOf(from: Snap, way: Pt[], to: Snap): Cut {
    const first = this.vertexOf(this.state.mesh, from)
    /* The first end may have divided the edge on which the second lies. */
    const again = to.kind === 'edge' ? this.edgeOf(first.mesh, to) : to
    const second = this.vertexOf(first.mesh, again)
    return { mesh: second.mesh, from: first.id, way, to: second.id }
  }
  private vertexOf(mesh: Mesh, snap: Snap): { mesh: Mesh; id: number } {
    return snap.kind === 'vertex' ? { mesh, id: snap.id } : insertVertex(mesh, snap.a, snap.b, snap.at)
  }
  private edgeOf(mesh: Mesh, snap: Snap): Snap {
    const zone = mesh.zones.get(this.picked!.code)!
    const alone: Mesh = { ...mesh, points: new Map(), zones: new Map([[zone.code, zone]]) }
    return snapAt({ ...alone, points: mesh.points }, this.onScreen(snap.at), this.onScreen, REACH + 3) ?? snap
  }

  // --- drawing

  private trace(to: CanvasRenderingContext2D, mesh: Mesh, zone: Zone): void {
    to.beginPath()
    for (const ring of zone.polygons.flat()) {
      ringPoints(mesh, ring).forEach((p, i) => {
        const [x, y] = this.onScreen(p)
        if (i) to.lineTo(x, y)
        else to.moveTo(x, y)
      })
      to.closePath()
    }
  }
  private drawZones(to: CanvasRenderingContext2D, mesh: Mesh): void {
    to.lineJoin = 'round'
    for (const zone of mesh.zones.values()) {
      if (zone.code === this.state.zone) continue
      this.trace(to, mesh, zone)
      to.strokeStyle = '#1d5683'
      to.lineWidth = 1.6
      to.stroke()
    }
    const picked = this.state.zone ? mesh.zones.get(this.state.zone) : undefined
    if (!picked) return
    this.trace(to, mesh, picked)
    to.fillStyle = 'rgba(156, 43, 31, .10)'
    to.fill('evenodd')
    to.strokeStyle = '#9c2b1f'
    to.lineWidth = 2.6
    to.stroke()
  }
  private drawHandles(to: CanvasRenderingContext2D, mesh: Mesh): void {
    if (this.state.tool === 'merge') return
    for (const { at } of this.drag ? [] : this.middles()) {
      to.beginPath()
      to.arc(at[0], at[1], 3, 0, 2 * Math.PI)
      to.fillStyle = '#fffdf9'
      to.strokeStyle = '#9c2b1f'
      to.lineWidth = 1.2
      to.fill()
      to.stroke()
    }
    const ids = new Set(this.state.zone ? mesh.zones.get(this.state.zone)?.polygons.flat(2) : [])
    for (const id of ids) {
      const [x, y] = this.onScreen(mesh.points.get(id)!)
      const r = id === this.state.vertex ? 6 : 4
      to.fillStyle = id === this.state.vertex ? '#9c2b1f' : '#fffdf9'
      to.strokeStyle = '#9c2b1f'
      to.lineWidth = 2
      to.fillRect(x - r, y - r, 2 * r, 2 * r)
      to.strokeRect(x - r, y - r, 2 * r, 2 * r)
    }
  }
  private drawLine(to: CanvasRenderingContext2D): void {
    if (!this.line) return
    const points = [this.line.from.at, ...this.line.way].map(this.onScreen)
    if (this.pointer) points.push(this.pointer)
    to.beginPath()
    points.forEach(([x, y], i) => (i ? to.lineTo(x, y) : to.moveTo(x, y)))
    to.setLineDash([6, 4])
    to.strokeStyle = '#231f1b'
    to.lineWidth = 2
    to.stroke()
    to.setLineDash([])
  }
  private drawMarks(to: CanvasRenderingContext2D): void {
    for (const { at } of this.state.wrong) {
      const [x, y] = this.onScreen(at)
      to.beginPath()
      to.arc(x, y, 11, 0, 2 * Math.PI)
      to.strokeStyle = '#ab1f16'
      to.lineWidth = 3
      to.stroke()
      drawName(to, '!', x, y)
    }
    if (!this.drag?.snap) return
    const [x, y] = this.onScreen(this.drag.snap.at)
    to.beginPath()
    to.arc(x, y, 10, 0, 2 * Math.PI)
    to.strokeStyle = '#0b57d0'
    to.lineWidth = 2
    to.stroke()
  }
  private draw(): void {
    const { x, y } = this.map.getSize()
    const ratio = Math.min(2, window.devicePixelRatio || 1)
    if (this.canvas.width !== x * ratio || this.canvas.height !== y * ratio) {
      this.canvas.width = x * ratio
      this.canvas.height = y * ratio
      this.canvas.style.width = `${x}px`
      this.canvas.style.height = `${y}px`
    }
    L.DomUtil.setPosition(this.canvas, this.map.containerPointToLayerPoint([0, 0]))
    const to = this.canvas.getContext('2d')
    if (!to) return
    to.setTransform(ratio, 0, 0, ratio, 0, 0)
    to.clearRect(0, 0, x, y)
    const mesh = this.drag?.mesh ?? this.state.mesh
    this.drawZones(to, mesh)
    this.drawHandles(to, mesh)
    this.drawLine(to)
    this.drawMarks(to)
  }
}

export const openPad = (element: HTMLElement, options: PadOptions): Pad => new PadMap(element, options)
