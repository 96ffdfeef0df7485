// The map of the desk: base map, zones, and above them matters, names and what is chosen, drawn on
// one canvas. It knows nothing of pages; it says what was clicked and which part is in view.
import L from 'leaflet'
import 'leaflet/dist/leaflet.css'
import type { MapGroup, MapPoint, Tiles } from '../../shared/api/types.ts'
import { baseLayers } from '../../shared/geo/tiles.ts'
import { traceZone } from './draw.ts'
import type { LayerName, View } from './draw.ts'
import { ZOOM_LEAST } from './look.ts'
import { drawGroup, drawKind, drawState, groupRadius } from './glyphs.ts'
import { worldX, worldY, zoneAt } from './packed.ts'
import { firstDetail } from './first.ts'
import { drawnAt, drawView, zonesLayer } from './zones.ts'
import type { LayerStore } from './zones.ts'

export interface Box {
  w: number
  s: number
  e: number
  n: number
}
export interface Chosen {
  layer: LayerName
  code: string
}
export interface Name {
  text: string
  lon: number
  lat: number
}
/** What lies above the zones. */
export interface Shown {
  points: MapPoint[]
  groups: MapGroup[]
  names: Name[]
  chosen?: Chosen
  matter?: string
  byKind: boolean
  iconOf: (category: string) => string
  overlay?: GeoJSON.FeatureCollection
}
export interface BoardOptions {
  center: [number, number]
  bounds: [number, number, number, number]
  zoom?: number
  tiles?: Tiles
  zoomIn: string
  zoomOut: string
  layers: LayerName[]
  store: LayerStore
  onMove: (box: Box, zoom: number) => void
  onMatter: (number: string) => void
  onZone: (found: Partial<Record<LayerName, string>>, lon: number, lat: number) => void
  onFailed: () => void
  /** Whether tiles of the base map are on their way. */
  onTiles?: (coming: boolean) => void
  onDrawn?: () => void
}
export interface Board {
  readonly map: L.Map
  readonly store: LayerStore
  setLayers(names: LayerName[]): void
  show(what: Shown): void
  goTo(lon: number, lat: number, zoom?: number): void
  goHome(): void
  fit(box: Box): void
  /** Acts as a click in the middle would. */
  pickMiddle(): void
  /** Draws what is seen on another canvas, whose origin is the view's upper left corner. */
  paint(to: CanvasRenderingContext2D): void
  view(): View
  remove(): void
}

const radiusAt = (zoom: number): number => (zoom < 12 ? 5.5 : zoom < 15 ? 7 : 8)
const NEAR = 14

function viewOf(map: L.Map): View {
  const zoom = map.getZoom()
  const { min } = map.getPixelBounds()
  const { x: width, y: height } = map.getSize()
  return { zoom, scale: 256 * 2 ** zoom, left: min!.x, top: min!.y, width, height }
}

const at = (view: View, lon: number, lat: number): [number, number] => [
  worldX(lon) * view.scale - view.left,
  worldY(lat) * view.scale - view.top,
]

export function drawName(to: CanvasRenderingContext2D, text: string, x: number, y: number): void {
  to.font = '12px sans-serif'
  to.textAlign = 'center'
  to.textBaseline = 'middle'
  to.lineJoin = 'round'
  to.strokeStyle = 'rgba(255, 253, 249, .92)'
  to.lineWidth = 3.5
  to.strokeText(text, x, y)
  to.fillStyle = '#4a4238'
  to.fillText(text, x, y)
}

function traceGeometry(to: CanvasRenderingContext2D, view: View, g: GeoJSON.Geometry): void {
  const line = (points: GeoJSON.Position[]): void =>
    points.forEach((p, i) => {
      const [x, y] = at(view, p[0]!, p[1]!)
      if (i) to.lineTo(x, y)
      else to.moveTo(x, y)
    })
  if (g.type === 'Polygon') g.coordinates.forEach(line)
  else if (g.type === 'MultiPolygon') g.coordinates.forEach(p => p.forEach(line))
  else if (g.type === 'LineString') line(g.coordinates)
  else if (g.type === 'MultiLineString') g.coordinates.forEach(line)
  else if (g.type === 'Point') {
    const [x, y] = at(view, g.coordinates[0]!, g.coordinates[1]!)
    to.moveTo(x + 6, y)
    to.arc(x, y, 6, 0, 2 * Math.PI)
  }
}

let hatch: CanvasPattern | null | undefined
function hatching(to: CanvasRenderingContext2D): CanvasPattern | string {
  if (hatch === undefined) {
    const small = document.createElement('canvas')
    small.width = small.height = 8
    const pen = small.getContext('2d')!
    pen.strokeStyle = 'rgba(124, 32, 24, .75)'
    pen.lineWidth = 1.4
    pen.moveTo(-2, 10)
    pen.lineTo(10, -2)
    pen.stroke()
    hatch = to.createPattern(small, 'repeat')
  }
  return hatch ?? 'rgba(124, 32, 24, .3)'
}

function drawOverlay(to: CanvasRenderingContext2D, view: View, all: GeoJSON.FeatureCollection): void {
  for (const { geometry } of all.features) {
    if (!geometry) continue
    to.beginPath()
    traceGeometry(to, view, geometry)
    if (!geometry.type.includes('Line')) {
      to.fillStyle = hatching(to)
      to.fill('evenodd')
    }
    to.strokeStyle = '#7c2018'
    to.lineWidth = 2
    to.stroke()
  }
}

type Disc = [x: number, y: number, r: number]
const NAME_HALF = 8
/** Where a name goes when a sign lies on its place. */
const ASIDE = [0, -20, 20, -34, 34]

/** Names where there is room: beside signs, and one that would lie on another is left out. */
function drawNames(to: CanvasRenderingContext2D, view: View, names: Name[], signs: Disc[]): void {
  const placed: [number, number, number][] = []
  to.font = '12px sans-serif'
  for (const name of names) {
    const [x, middle] = at(view, name.lon, name.lat)
    const half = to.measureText(name.text).width / 2 + 3
    const isFree = (dy: number): boolean =>
      !signs.some(
        ([sx, sy, r]) => Math.abs(sx - x) < half + r && Math.abs(sy - middle - dy) < NAME_HALF + r,
      )
    const y = middle + (ASIDE.find(isFree) ?? 0)
    if (placed.some(([px, py, p]) => Math.abs(px - x) < p + half && Math.abs(py - y) < 16)) continue
    placed.push([x, y, half])
    drawName(to, name.text, x, y)
  }
}

/** Everything above the zones, on any canvas. */
function drawShown(to: CanvasRenderingContext2D, view: View, store: LayerStore, s: Shown): void {
  if (s.overlay) drawOverlay(to, view, s.overlay)
  const chosen = s.chosen && store.best(s.chosen.layer, view.zoom)
  const zone = chosen ? chosen.codes.indexOf(s.chosen!.code) : -1
  if (chosen && zone >= 0) {
    to.beginPath()
    traceZone(to, chosen, zone, view)
    to.fillStyle = 'rgba(156, 43, 31, .10)'
    to.fill('evenodd')
    to.strokeStyle = '#9c2b1f'
    to.lineWidth = 3.5
    to.stroke()
  }
  for (const group of s.groups) drawGroup(to, group, ...at(view, group.lon, group.lat))
  const r = radiusAt(view.zoom)
  for (const p of s.points) {
    const [x, y] = at(view, p.lon, p.lat)
    if (p.number === s.matter) {
      to.beginPath()
      to.arc(x, y, r * 2.1, 0, 2 * Math.PI)
      to.strokeStyle = '#0b57d0'
      to.lineWidth = 3
      to.stroke()
    }
    if (s.byKind) drawKind(to, s.iconOf(p.category), x, y, r, p.overdue)
    else drawState(to, p.state, x, y, r, p.overdue)
  }
  const signs = [
    ...s.groups.map((g): Disc => [...at(view, g.lon, g.lat), groupRadius(g.matters)]),
    ...s.points.map((p): Disc => [...at(view, p.lon, p.lat), r]),
  ]
  drawNames(to, view, s.names, signs)
}

/** A canvas that covers the view and moves with the map. */
function overlayCanvas(map: L.Map, draw: (to: CanvasRenderingContext2D) => void) {
  const canvas = L.DomUtil.create('canvas', 'leaflet-zoom-hide board-over', map.getPanes().overlayPane)
  const redraw = (): void => {
    const { x, y } = map.getSize()
    const ratio = Math.min(2, window.devicePixelRatio || 1)
    if (canvas.width !== x * ratio || canvas.height !== y * ratio) {
      canvas.width = x * ratio
      canvas.height = y * ratio
      canvas.style.width = `${x}px`
      canvas.style.height = `${y}px`
    }
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]))
    const to = canvas.getContext('2d')
    if (!to) return
    to.setTransform(ratio, 0, 0, ratio, 0, 0)
    to.clearRect(0, 0, x, y)
    draw(to)
  }
  map.on('moveend zoomend resize', redraw)
  return redraw
}

function matterNear(view: View, s: Shown, x: number, y: number): MapPoint | undefined {
  let [best, nearest]: [MapPoint | undefined, number] = [undefined, NEAR]
  for (const p of s.points) {
    const [px, py] = at(view, p.lon, p.lat)
    const distance = Math.hypot(px - x, py - y)
    if (distance < nearest) [best, nearest] = [p, distance]
  }
  return best
}

function groupNear(view: View, s: Shown, x: number, y: number): MapGroup | undefined {
  return s.groups.find(g => {
    const [px, py] = at(view, g.lon, g.lat)
    return Math.hypot(px - x, py - y) <= groupRadius(g.matters)
  })
}

/** Whole zooms are what the wheel and the buttons go to; the city as a whole stands between two. */
const STEP = 0.05
export function setExactly(map: L.Map, center: L.LatLngExpression, zoom: number): void {
  const usual = map.options.zoomSnap
  map.options.zoomSnap = STEP
  map.setView(center, zoom)
  map.options.zoomSnap = usual
}

/** All of the city, as large as the map allows. */
export function fitCity(map: L.Map, city: L.LatLngBounds): void {
  const [nw, se] = [map.project(city.getNorthWest(), 0), map.project(city.getSouthEast(), 0)]
  const { x, y } = map.getSize()
  const zoom = Math.log2(Math.min(x / (se.x - nw.x), y / (se.y - nw.y)))
  const middle = map.unproject(nw.add(se).divideBy(2), 0)
  setExactly(map, middle, Math.max(map.getMinZoom(), Math.floor(zoom / STEP) * STEP))
}

/** The map fills its place when that changes, as when something opens beside it. */
export function followSize(map: L.Map): ResizeObserver {
  const observer = new ResizeObserver(([entry]) => {
    if (entry!.contentRect.width > 0) map.invalidateSize({ animate: false }) // hidden: on paper
  })
  observer.observe(map.getContainer())
  return observer
}

const boxOf = (map: L.Map): Box => {
  const b = map.getBounds()
  return { w: b.getWest(), s: b.getSouth(), e: b.getEast(), n: b.getNorth() }
}

export function openBoard(element: HTMLElement, options: BoardOptions): Board {
  const [w, s, e, n] = options.bounds
  const city = L.latLngBounds([s, w], [n, e])
  const map = L.map(element, {
    attributionControl: false,
    zoomControl: false,
    minZoom: ZOOM_LEAST,
    maxZoom: 19,
    maxBounds: city.pad(0.5),
  })
  L.control.zoom({ zoomInTitle: options.zoomIn, zoomOutTitle: options.zoomOut }).addTo(map)
  const { store } = options
  let layers = options.layers
  let shown: Shown = { points: [], groups: [], names: [], byKind: false, iconOf: () => 'pencil' }
  const zonesOptions = { store, shown: () => layers, based: options.tiles !== undefined }
  if (options.zoom === undefined) fitCity(map, city)
  else setExactly(map, [options.center[1], options.center[0]], options.zoom)
  const bases = baseLayers(options.tiles)
  const tell = (): void => options.onTiles?.(bases.some(b => b.isLoading()))
  for (const base of bases) base.on('loading load', tell).addTo(map)
  const zones = zonesLayer(zonesOptions)
  const redraw = overlayCanvas(map, to => drawShown(to, viewOf(map), store, shown))
  const sizes = followSize(map)
  let gone = false

  /** Fetches what this zoom needs and draws again when something came that was missing. */
  async function load(): Promise<void> {
    const zoom = map.getZoom()
    const needed = drawnAt(layers, zoom)
    const missing = needed.filter(name => store.drawn(name, zoom) === undefined)
    try {
      await Promise.all(missing.map(name => store.want(name, firstDetail(name, zoom))))
      if (gone) return
      if (!map.hasLayer(zones)) zones.addTo(map)
      else if (missing.length) zones.redraw()
      if (zoom < 13) return
      const coarse = needed.filter(name => !fullHeld.has(name))
      await Promise.all(coarse.map(name => store.want(name, 'full')))
      for (const name of coarse) fullHeld.add(name)
      if (!gone && coarse.length) {
        zones.redraw()
        redraw()
      }
    } catch {
      if (!gone) options.onFailed()
    }
  }
  const fullHeld = new Set<LayerName>()
  async function zoneClicked(lat: number, lon: number): Promise<void> {
    const names = drawnAt(layers, map.getZoom())
    const found: Partial<Record<LayerName, string>> = {}
    try {
      await Promise.all(names.map(name => store.best(name, map.getZoom()) ?? store.want(name, 'overview')))
    } catch {
      return options.onFailed()
    }
    for (const name of names) {
      const layer = store.best(name, map.getZoom())
      const zone = layer ? zoneAt(layer, worldX(lon), worldY(lat)) : -1
      if (layer && zone >= 0) found[name] = layer.codes[zone]!
    }
    if (!gone) options.onZone(found, lon, lat)
  }
  function clicked(lat: number, lon: number, x: number, y: number): void {
    const view = viewOf(map)
    const matter = matterNear(view, shown, x, y)
    if (matter) return options.onMatter(matter.number)
    const group = groupNear(view, shown, x, y)
    if (group) {
      map.setView([group.lat, group.lon], Math.min(map.getZoom() + 2, 19))
      return
    }
    void zoneClicked(lat, lon)
  }

  zones.on('load', () => options.onDrawn?.())
  map.on('click', e =>
    clicked(e.latlng.lat, e.latlng.lng, e.containerPoint.x, e.containerPoint.y),
  )
  map.on('moveend', () => {
    void load()
    options.onMove(boxOf(map), map.getZoom())
  })
  void load()
  options.onMove(boxOf(map), map.getZoom())
  return {
    map,
    store,
    setLayers(names) {
      layers = names
      zones.redraw()
      void load()
    },
    show(what) {
      shown = what
      redraw()
      const name = what.chosen?.layer
      if (name && !store.best(name, map.getZoom()))
        void store.want(name, 'overview').then(redraw, () => undefined)
    },
    goTo: (lon, lat, zoom) => setExactly(map, [lat, lon], zoom ?? map.getZoom()),
    goHome: () => fitCity(map, city),
    fit: b => void map.fitBounds(L.latLngBounds([b.s, b.w], [b.n, b.e]).pad(0.25), { maxZoom: 17 }),
    pickMiddle() {
      const { lat, lng } = map.getCenter()
      const { x, y } = map.getSize()
      clicked(lat, lng, x / 2, y / 2)
    },
    paint(to) {
      const view = viewOf(map)
      drawView(to, view, zonesOptions)
      drawShown(to, view, store, shown)
    },
    view: () => viewOf(map),
    remove() {
      gone = true
      sizes.disconnect()
      map.remove()
    },
  }
}
