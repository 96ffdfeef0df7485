// How much room there is: a narrow window, or a page enlarged to twice its size; a telephone.
import { readonly, ref } from 'vue'

function matches(widthMax: number) {
  const query = window.matchMedia(`(max-width: ${widthMax}px)`)
  const now = ref(query.matches)
  query.addEventListener('change', e => (now.value = e.matches))
  return readonly(now)
}

export const narrow = matches(1000)
export const phone = matches(600)
