// Entry of the desk: pages for officers at a computer.
import { onMap } from './map/first.ts'
import 'element-plus/dist/index.css'
import '../shared/tokens.css'
import './style/theme.css'
import './style/frame.css'
import './style/parts.css'
import './style/queue.css'
import './style/matter.css'
import './style/phone.css'
import './style/print.css'
import { createApp } from 'vue'
import App from './App.vue'
import { loadConfig } from './core/config.ts'
import { loadMe } from './core/session.ts'
import { restoreLang } from './core/text.ts'
import { router } from './router.ts'

if (onMap) {
  void loadMe().catch(() => undefined)
  void loadConfig()
  void import('./pages/MapPage.vue').catch(() => undefined)
}
void restoreLang().finally(() => createApp(App).use(router).mount('#app'))
