// What has become of a draft or version, in words and as a mark.
import type { DraftRow, Version } from '../../shared/api/types.ts'
import { t } from '../core/text.ts'
import { dateTime } from '../core/time.ts'

const marks: Record<Version['state'], string> = {
  in_force: 'mini-good',
  planned: 'mini-new',
  past: '',
  taken_back: 'mini-ask',
}
export const stateMark = (state: Version['state']): string => marks[state]

/** "In force as version 2 from 2026-11-26 09:00", or that it is a draft still. */
export function becameText(d: DraftRow): string {
  if (d.version === undefined) return t(d.state === 'faulty' ? 'draft.state.faulty' : 'draft.state.draft')
  return t(`draft.state.${d.state}`, { n: d.version, time: dateTime(d.valid_from ?? d.changed) })
}
