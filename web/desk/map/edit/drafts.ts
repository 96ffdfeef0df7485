// Handing changed boundaries to the server as a draft.
import { post } from '../../../shared/api/client.ts'
import type { LayerName } from '../draw.ts'

/** The draft's number. */
export async function saveDraft(
  kind: LayerName,
  name: string,
  body: GeoJSON.FeatureCollection,
): Promise<string> {
  const answer = await post<{ id: string }>('/api/drafts', { kind, name, body: JSON.stringify(body) })
  return answer.id
}
