// Entry of the phone bundle: takes over the prerendered page, or fills the empty shell.
import { createSSRApp } from 'vue'
import { restoreLang } from '../shared/i18n/index.ts'
import { startOutbox } from '../shared/outbox.ts'
import '../shared/tokens.css'
import './m.css'
import App from './App.vue'
import { resolveRoute, startAddress, startRouter } from './router.ts'
import { onSent, restoreStore } from './store.ts'

async function start(): Promise<void> {
  await resolveRoute(startAddress())
  // only the first step of a report is prerendered; anything else starts from nothing
  if (location.search.includes('step=')) document.getElementById('app')!.textContent = ''
  createSSRApp(App).mount('#app')
  startRouter()
  restoreStore()
  await restoreLang()
  await startOutbox(onSent)
  if ('serviceWorker' in navigator)
    await navigator.serviceWorker.register('/m/sw.js', { scope: '/m/' })
}

void start()
