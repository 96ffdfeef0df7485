// The base map, if the deployer has named one: square tiles of Web Mercator by address. Tiles that
// are shifted (GCJ-02) are put where they belong, each by its own corners, so that they are right at
// every zoom.
import L from 'leaflet'
import type { Tiles } from '../api/types.ts'
import { gcjFromWgs, wgsFromGcj } from './datum.ts'
import type { Point } from './datum.ts'

/** What Leaflet 1.9.4 does inside, as far as it is changed here. */
interface Inside {
  _map: L.Map
  _tileZoom: number
  _level: { origin: L.Point }
  _tiles: Record<string, { el: HTMLElement } | undefined>
  _getTiledPixelBounds(center: L.LatLng): L.Bounds
  _addTile(coords: L.Coords, container: HTMLElement): void
  _tileCoordsToKey(coords: L.Coords): string
}
const plain = L.TileLayer.prototype as unknown as Inside
const MARGIN = 4

function moved(map: L.Map, at: L.Point, zoom: number, by: (p: Point) => Point): L.Point {
  const { lat, lng } = map.unproject(at, zoom)
  const [lon, there] = by([lng, lat])
  return map.project([there, lon], zoom)
}

const Shifted = L.TileLayer.extend({
  /** What is in view, in the tiles' own pixels. */
  _getTiledPixelBounds(this: Inside, center: L.LatLng): L.Bounds {
    const { min, max } = plain._getTiledPixelBounds.call(this, center)
    const corner = (p: L.Point): L.Point => moved(this._map, p, this._tileZoom, gcjFromWgs)
    return L.bounds(corner(min!).subtract([MARGIN, MARGIN]), corner(max!).add([MARGIN, MARGIN]))
  },
  _getTilePos(this: Inside & L.TileLayer, coords: L.Point): L.Point {
    const at = moved(this._map, coords.scaleBy(this.getTileSize()), this._tileZoom, wgsFromGcj)
    return at.subtract(this._level.origin).round()
  },
  /** A tile reaches to where the next one begins: the shift is not the same at both. */
  _addTile(this: Inside & { _getTilePos(c: L.Point): L.Point }, coords: L.Coords, box: HTMLElement) {
    plain._addTile.call(this, coords, box)
    const tile = this._tiles[this._tileCoordsToKey(coords)]?.el
    if (!tile) return
    const size = this._getTilePos(coords.add([1, 1])).subtract(this._getTilePos(coords))
    tile.style.width = `${size.x}px`
    tile.style.height = `${size.y}px`
  },
})

/** WMTS has names of its own for zoom, column and row. */
const plainAddress = (url: string): string =>
  url
    .replace(/\{TileMatrix\}/g, '{z}')
    .replace(/\{TileCol\}/g, '{x}')
    .replace(/\{TileRow\}/g, '{y}')

/** The layers of a base map, lowest first; none when there is no source. */
export function baseLayers(tiles: Tiles | undefined): L.TileLayer[] {
  if (!tiles) return []
  const options: L.TileLayerOptions = {
    maxNativeZoom: tiles.zoom_max,
    maxZoom: 19,
    crossOrigin: 'anonymous',
    className: 'base-tile',
    zIndex: 0,
  }
  const make = (address: string): L.TileLayer => {
    const url = plainAddress(address)
    return tiles.crs === 'gcj02'
      ? (new (Shifted as unknown as typeof L.TileLayer)(url, options) as L.TileLayer)
      : L.tileLayer(url, options)
  }
  return [tiles.url, tiles.labels_url].filter(url => url !== undefined).map(make)
}
