// What was asked, as the server takes it: only what belongs to this kind of request.
import type { Asking } from './AskFields.vue'

export const asked = (a: Asking) => ({
  kind: a.kind,
  ...(a.kind === 'correct' ? { field: a.field, value: a.value.trim() } : {}),
  ...(a.text.trim() ? { text: a.text.trim() } : {}),
})
