// How much room there is: a narrow window, or a page enlarged to twice its size.
import { readonly, ref } from 'vue'

const query = window.matchMedia('(max-width: 1000px)')
const narrowNow = ref(query.matches)
query.addEventListener('change', e => (narrowNow.value = e.matches))

export const narrow = readonly(narrowNow)
