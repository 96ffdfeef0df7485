// A map to put a pin on: boundaries from the server, no tiles from anywhere. Loaded when opened.
import L from 'leaflet'
import 'leaflet/dist/leaflet.css'
import { get, query } from '../api/client.ts'
import type { Tiles } from '../api/types.ts'
import { baseLayers } from './tiles.ts'

export interface PickerOptions {
  center: [number, number]
  bounds: [number, number, number, number]
  pin?: [number, number]
  /** Where to begin without a pin: the middle of a known grid. */
  near?: [number, number]
  reviewNo: string
  notice: string
  tiles?: Tiles
  zoomIn: string
  zoomOut: string
  onPick: (lon: number, lat: number) => void
}

export interface Picker {
  setPin(lon: number, lat: number, move: boolean): void
  remove(): void
}

type Level = 'county' | 'town' | 'community' | 'grid'

const levelAt = (zoom: number): Level =>
  zoom < 11 ? 'county' : zoom < 13 ? 'town' : zoom < 15 ? 'community' : 'grid'

const gridNamesFrom = 17
const namesMax = 40

const styles: Record<Level, L.PathOptions> = {
  county: { color: '#9c2b1f', weight: 1.6, opacity: 0.7 },
  town: { color: '#a8673f', weight: 1.4, opacity: 0.8 },
  community: { color: '#8a7355', weight: 1.2, opacity: 0.8 },
  grid: { color: '#8a7355', weight: 1, opacity: 0.9, dashArray: '4 3' },
}

async function drawBoundaries(
  map: L.Map,
  layer: L.LayerGroup,
  based: boolean,
  signal: AbortSignal,
): Promise<void> {
  const level = levelAt(map.getZoom())
  const named = level !== 'grid' || map.getZoom() >= gridNamesFrom
  const view = map.getBounds().pad(0.15)
  const box = { w: view.getWest(), s: view.getSouth(), e: view.getEast(), n: view.getNorth() }
  const rounded = Object.fromEntries(Object.entries(box).map(([k, v]) => [k, v.toFixed(5)]))
  const data = await get<GeoJSON.FeatureCollection>(
    `/api/boundaries${query({ ...rounded, level })}`,
    { signal },
  )
  if (signal.aborted) return
  layer.clearLayers()
  L.geoJSON(data, {
    interactive: false,
    style: { ...styles[level], fill: true, fillColor: '#fffdf9', fillOpacity: based ? 0.1 : 0.6 },
    onEachFeature: (feature, shape) => {
      const name = (feature.properties as { name?: string }).name
      if (name && named && data.features.length <= namesMax) {
        shape.bindTooltip(asText(name), { permanent: true, direction: 'center', className: 'area-name' })
      }
    },
  }).addTo(layer)
}

/** Leaflet takes words for HTML; these stay words. */
function asText(words: string): HTMLElement {
  const element = document.createElement('span')
  element.textContent = words
  return element
}

export function openPicker(element: HTMLElement, options: PickerOptions): Picker {
  const [w, s, e, n] = options.bounds
  const map = L.map(element, {
    preferCanvas: true,
    attributionControl: false,
    zoomControl: false,
    minZoom: 8,
    maxZoom: 18,
    maxBounds: L.latLngBounds([s, w], [n, e]).pad(0.3),
  })
  L.control.zoom({ zoomInTitle: options.zoomIn, zoomOutTitle: options.zoomOut }).addTo(map)
  const note = [options.notice, options.reviewNo].filter(Boolean).join(' · ')
  L.control
    .attribution({ position: 'bottomleft', prefix: false })
    .addAttribution(asText(note).innerHTML)
    .addTo(map)
  for (const base of baseLayers(options.tiles)) base.addTo(map)
  const layer = L.layerGroup().addTo(map)
  const pin = L.circleMarker([0, 0], {
    radius: 12,
    color: '#fff',
    weight: 4,
    fillColor: '#9c2b1f',
    fillOpacity: 1,
    interactive: false,
  })
  let pending: AbortController | undefined
  const redraw = (): void => {
    pending?.abort()
    pending = new AbortController()
    drawBoundaries(map, layer, options.tiles !== undefined, pending.signal).then(
      () => pin.bringToFront(),
      () => {},
    )
  }
  const setPin = (lon: number, lat: number, move: boolean): void => {
    pin.setLatLng([lat, lon]).addTo(map)
    if (move) map.setView([lat, lon], Math.max(map.getZoom(), 16))
  }
  map.on('moveend', redraw)
  map.on('click', event => {
    setPin(event.latlng.lng, event.latlng.lat, false)
    options.onPick(event.latlng.lng, event.latlng.lat)
  })
  const known = options.pin ?? options.near
  const [lon, lat] = known ?? options.center
  map.setView([lat, lon], known ? 16 : 12)
  if (options.pin) setPin(lon, lat, false)
  return {
    setPin,
    remove: () => {
      pending?.abort()
      map.remove()
    },
  }
}
