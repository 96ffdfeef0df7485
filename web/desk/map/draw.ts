// Drawing zones on any canvas: a tile of the screen, or the picture that is printed.
import type { LayerName } from './first.ts'
import type { Layer } from './packed.ts'

export { layerNames } from './first.ts'
export type { LayerName } from './first.ts'

/** Which part of the world a canvas shows: pixel = world * scale - corner. */
export interface View {
  zoom: number
  scale: number
  left: number
  top: number
  width: number
  height: number
}

/** A line, and the lighter one in its middle that makes it double: not colour alone tells layers. */
interface Line {
  color: string
  width: number
  core?: number
  dash?: number[]
}

const faint = (zoom: number): number => (zoom < 10 ? 0.35 : zoom < 12 ? 0.55 : zoom < 14 ? 0.8 : 1.1)
export function lineOf(name: LayerName, zoom: number): Line {
  switch (name) {
    case 'county':
      return { color: '#7c2018', width: zoom < 12 ? 2 : 3 }
    case 'town':
      return { color: '#a0522d', width: zoom < 12 ? 1 : 2 }
    case 'community':
      return { color: '#8a6d3b', width: zoom < 15 ? 1 : 1.6 }
    case 'grid':
      return { color: zoom < 11 ? '#b3a794' : '#7d7263', width: faint(zoom) }
    case 'micro':
      return { color: '#7d7263', width: 0.8, dash: [2, 3] }
    case 'police':
      return zoom < 12
        ? { color: zoom < 11 ? '#8aabc4' : '#4a7ba0', width: zoom < 10 ? 0.7 : 1.1 }
        : { color: '#4a7ba0', width: 3.2, core: 1.2 }
  }
}

/** The order in which layers are drawn, lowest first. */
export const drawOrder: readonly LayerName[] = [
  'micro',
  'grid',
  'police',
  'community',
  'town',
  'county',
]

/** Below this zoom a layer would be a grey haze. */
export const zoomLeast: Record<LayerName, number> = {
  county: 0,
  town: 10,
  community: 13,
  grid: 9,
  micro: 15,
  police: 9,
}

/**
 * Far away every point goes to the nearest of a lattice of so many pixels, which is the same for both
 * neighbours of a border and for all tiles: half the lines are left, and none parts from another.
 */
const latticeAt = (zoom: number): number => (zoom < 10 ? 1.5 : zoom < 12 ? 1 : FINE)
const FINE = 0.5
const isMany = (name: LayerName): boolean => ['grid', 'micro', 'police'].includes(name)

function traceRing(
  to: CanvasRenderingContext2D,
  layer: Layer,
  ring: number,
  view: View,
  lattice: number,
): void {
  const end = layer.pointAt[ring + 1]!
  const per = view.scale / lattice
  let lastX = Infinity
  let lastY = Infinity
  for (let k = layer.pointAt[ring]!; k < end; k++) {
    const x = Math.round(layer.x[k]! * per)
    const y = Math.round(layer.y[k]! * per)
    if (x === lastX && y === lastY) continue
    const px = x * lattice - view.left
    const py = y * lattice - view.top
    if (lastX === Infinity) to.moveTo(px, py)
    else to.lineTo(px, py)
    lastX = x
    lastY = y
  }
  if (!layer.open) to.closePath()
}

export function traceZone(
  to: CanvasRenderingContext2D,
  layer: Layer,
  zone: number,
  view: View,
  lattice = FINE,
): void {
  for (let r = layer.ringAt[zone]!; r < layer.ringAt[zone + 1]!; r++)
    traceRing(to, layer, r, view, lattice)
}

/** Zones whose box meets the view. */
export function zonesIn(layer: Layer, view: View, margin = 4): number[] {
  const w = (view.left - margin) / view.scale
  const n = (view.top - margin) / view.scale
  const e = (view.left + view.width + margin) / view.scale
  const s = (view.top + view.height + margin) / view.scale
  const found: number[] = []
  const { box } = layer
  for (let i = 0, at = 0; i < layer.codes.length; i++, at += 4)
    if (box[at]! <= e && box[at + 2]! >= w && box[at + 1]! <= s && box[at + 3]! >= n) found.push(i)
  return found
}

export function drawLayer(
  to: CanvasRenderingContext2D,
  name: LayerName,
  layer: Layer,
  view: View,
): void {
  const line = lineOf(name, view.zoom)
  const zones = zonesIn(layer, view)
  if (!zones.length) return
  to.beginPath()
  const lattice = isMany(name) ? latticeAt(view.zoom) : FINE
  for (const zone of zones) traceZone(to, layer, zone, view, lattice)
  to.lineJoin = 'round'
  to.setLineDash(line.dash ?? [])
  to.strokeStyle = line.color
  to.lineWidth = line.width
  to.stroke()
  if (line.core) {
    to.strokeStyle = '#fffdf9'
    to.lineWidth = line.core
    to.stroke()
  }
  to.setLineDash([])
}

/** The land below everything, where no base map is. */
export function fillLand(to: CanvasRenderingContext2D, counties: Layer, view: View): void {
  to.beginPath()
  for (const zone of zonesIn(counties, view)) traceZone(to, counties, zone, view)
  to.fillStyle = '#fffdf9'
  to.fill()
}
