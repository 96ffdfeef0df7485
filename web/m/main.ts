// Entry of the phone bundle: takes over the prerendered page, or fills the empty shell.
import { createApp, createSSRApp } from 'vue'
import { restoreLang } from '../shared/i18n/index.ts'
import '../shared/tokens.css'
import './m.css'
import App from './App.vue'
import { resolveRoute, startRouter } from './router.ts'

async function start(): Promise<void> {
  await resolveRoute(location.pathname + location.search)
  const prerendered = document.getElementById('app')!.childElementCount > 0
  ;(prerendered ? createSSRApp : createApp)(App).mount('#app')
  startRouter()
  await restoreLang()
}

void start()
