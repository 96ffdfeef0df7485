// Entry of the desk: pages for officers at a computer.
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
import { restoreLang } from './core/text.ts'
import { router } from './router.ts'

void restoreLang().finally(() => createApp(App).use(router).mount('#app'))
