// What the map pages ask of the server.
import { get, query } from '../../shared/api/client.ts'
import type { MattersMap, ZoneView, ZoneViews } from '../../shared/api/types.ts'
import type { Box } from './board.ts'
import type { LayerName } from './draw.ts'

type Filters = Record<string, string | number>
const DIGITS = 6
const boxQuery = (b: Box): Filters =>
  Object.fromEntries(Object.entries(b).map(([k, v]) => [k, Number(v).toFixed(DIGITS)]))

export const mapApi = {
  matters: (box: Box, filters: Filters, signal?: AbortSignal) =>
    get<MattersMap>(`/api/matters/map${query({ ...boxQuery(box), ...filters })}`, { signal }),
  mattersIn: (zone: ZoneView, layer: LayerName, filters: Filters) =>
    get<MattersMap>(
      `/api/matters/map${query({ ...boxQuery({ w: zone.w, s: zone.s, e: zone.e, n: zone.n }), ...filters, layer, zone: zone.code })}`,
    ),
  zones: (box: Box, layer: LayerName, filters: Filters, signal?: AbortSignal) =>
    get<ZoneViews>(`/api/zones${query({ ...boxQuery(box), layer, ...filters })}`, { signal }),
  zone: (layer: LayerName, code: string, filters: Filters) =>
    get<ZoneView>(`/api/layers/${layer}/${code}${query(filters)}`),
  outlines: (layer: LayerName, code: string) =>
    get<GeoJSON.FeatureCollection>(`/api/layers/${layer}/${code}/outlines`),
}
