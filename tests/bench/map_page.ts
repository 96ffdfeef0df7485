// The page that tests/bench/map.mjs measures: the same two layers over the same city, brought and drawn
// in four ways.
import L from 'leaflet'
import { zonesLayer } from '../../web/desk/map/zones.ts'
import type { LayerStore } from '../../web/desk/map/zones.ts'
import { drawLayer, lineOf } from '../../web/desk/map/draw.ts'
import type { LayerName } from '../../web/desk/map/draw.ts'
import { unpack, worldX, worldY } from '../../web/desk/map/packed.ts'
import type { Layer } from '../../web/desk/map/packed.ts'

type Way = 'geojson' | 'geojson tiles' | 'packed' | 'sliced'
const layers: LayerName[] = ['grid', 'police']
interface Times {
  fetch_ms: number
  decode_ms: number
  draw_ms: number
  bytes: number
}
let map: L.Map | undefined

async function fetched(path: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(path)).arrayBuffer())
}
const settled = (layer: L.GridLayer): Promise<void> =>
  new Promise(done => layer.once('load', () => requestAnimationFrame(() => done())))

const parse = (b: Uint8Array): GeoJSON.FeatureCollection =>
  JSON.parse(new TextDecoder().decode(b)) as GeoJSON.FeatureCollection

function fromGeoJson(all: GeoJSON.FeatureCollection): Layer {
  const codes: string[] = []
  const [ringAt, pointAt]: [number[], number[]] = [[0], [0]]
  const [x, y, box]: number[][] = [[], [], []]
  for (const f of all.features) {
    codes.push(f.properties!.code as string)
    let [w, n, e, s] = [Infinity, Infinity, -Infinity, -Infinity]
    for (const ring of (f.geometry as GeoJSON.MultiPolygon).coordinates.flat()) {
      for (const [lon, lat] of ring.slice(1)) {
        const [px, py] = [worldX(lon!), worldY(lat!)]
        x!.push(px)
        y!.push(py)
        w = Math.min(w, px)
        e = Math.max(e, px)
        n = Math.min(n, py)
        s = Math.max(s, py)
      }
      pointAt.push(x!.length)
    }
    ringAt.push(pointAt.length - 1)
    box!.push(w, n, e, s)
  }
  const whole = (v: number[]): Uint32Array => Uint32Array.from(v)
  const real = (v: number[] | undefined): Float64Array => Float64Array.from(v!)
  const [rings, points] = [whole(ringAt), whole(pointAt)]
  const found = { x: real(x), y: real(y), box: real(box) }
  return { codes, open: false, ringAt: rings, pointAt: points, ...found }
}

async function whole(way: Way, times: Times): Promise<void> {
  const start = performance.now()
  const form = way === 'packed' ? 'packed' : 'geojson'
  const bytes = await Promise.all(layers.map(name => fetched(`/${form}/${name}`)))
  times.bytes = bytes.reduce((sum, b) => sum + b.length, 0)
  times.fetch_ms = performance.now() - start
  const from = performance.now()
  if (way === 'geojson') {
    const parsed = bytes.map(parse)
    times.decode_ms = performance.now() - from
    const drawn = performance.now()
    parsed.forEach((data, i) => {
      const { color, width } = lineOf(layers[i]!, map!.getZoom())
      const style = { color, weight: width, fill: false }
      L.geoJSON(data, { style, interactive: false }).addTo(map!)
    })
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
    times.draw_ms = performance.now() - drawn
    return
  }
  const open = (b: Uint8Array): Layer => (way === 'packed' ? unpack(b) : fromGeoJson(parse(b)))
  const opened = new Map(bytes.map((b, i) => [layers[i]!, open(b)]))
  times.decode_ms = performance.now() - from
  const drawn = performance.now()
  const held = (name: LayerName): Layer | undefined => opened.get(name)
  const store = { best: held, drawn: held } as unknown as LayerStore
  const zones = zonesLayer({ store, shown: () => layers, based: true })
  const done = settled(zones)
  zones.addTo(map!)
  await done
  times.draw_ms = performance.now() - drawn
}

async function sliced(times: Times): Promise<void> {
  const start = performance.now()
  const Tiles = L.GridLayer.extend({
    createTile(coords: L.Coords, done: L.DoneCallback) {
      const canvas = document.createElement('canvas')
      canvas.width = canvas.height = 256
      const { x, y, z } = coords
      const scale = 256 * 2 ** z
      const view = { zoom: z, scale, left: x * 256, top: y * 256, width: 256, height: 256 }
      Promise.all(layers.map(name => fetched(`/tile/${name}/${z}/${x}/${y}`))).then(all => {
        all.forEach((b, i) => {
          times.bytes += b.length
          drawLayer(canvas.getContext('2d')!, layers[i]!, unpack(b), view)
        })
        done(undefined, canvas)
      }, done)
      return canvas
    },
  })
  const options = { updateWhenIdle: false, keepBuffer: 1 }
  const tiles = new (Tiles as unknown as typeof L.GridLayer)(options)
  const done = settled(tiles)
  tiles.addTo(map!)
  await done
  times.draw_ms = performance.now() - start
}

async function run(way: Way): Promise<Times> {
  const times: Times = { fetch_ms: 0, decode_ms: 0, draw_ms: 0, bytes: 0 }
  const options = { zoomControl: false, attributionControl: false, zoomAnimation: false }
  map = L.map('map', { preferCanvas: true, ...options })
  map.setView([31.4, 120.62], 9)
  if (way === 'sliced') await sliced(times)
  else await whole(way, times)
  return times
}
Object.assign(window, { run, zoomTo: (z: number) => map!.setZoom(z) })
