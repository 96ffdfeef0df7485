// Contact details that somebody has just had shown, with a purpose that is on record: other forms of the
// page may fill them in until they are covered again.
import { shallowReactive } from 'vue'
import type { Revealed } from '../../shared/api/types.ts'

/** By the number of the matter and of the reporter, a dot between. */
export const revealed = shallowReactive<Record<string, Revealed>>({})
