// Lists that can lie over the map: GeoJSON of the server, each feature a place with its facts. A new
// one is a line here.
import type { MapKey } from './text.ts'

export interface Overlay {
  key: string
  url: string
  text: MapKey
}
export const overlays: readonly Overlay[] = []
