// Renders one page to HTML while building.
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import App from './App.vue'
import { resolveRoute } from './router.ts'

export async function render(path: string): Promise<{ html: string; title: string }> {
  await resolveRoute(path)
  return { html: await renderToString(createSSRApp(App)), title: '枫桥' }
}
