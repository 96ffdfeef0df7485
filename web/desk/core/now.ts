// One ticking clock for every "time left" on the page.
import { readonly, ref } from 'vue'

const tick = ref(Date.now())
setInterval(() => {
  if (!document.hidden) tick.value = Date.now()
}, 30_000)
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) tick.value = Date.now()
})

export const now = readonly(tick)
