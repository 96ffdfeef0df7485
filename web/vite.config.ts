// One tree, separate bundles: `m` for phones, `desk` for offices. build/build.mjs runs each mode
// and, for `m`, once more for the server-side rendering that prerenders its first pages.
import { resolve } from 'node:path'
import { defineConfig } from 'vite'
import vue from '@vitejs/plugin-vue'

const targets = {
  m: ['es2019', 'chrome80', 'safari13.1', 'firefox78'],
  desk: ['es2020', 'chrome86', 'safari14', 'firefox78'],
}

export default defineConfig(({ mode, isSsrBuild }) => {
  const bundle = mode === 'desk' ? 'desk' : 'm'
  const out = resolve(process.env.OUT ?? resolve(import.meta.dirname, '../build/web'))
  return {
    root: resolve(import.meta.dirname, bundle),
    base: `/${bundle}/`,
    publicDir: isSsrBuild ? false : 'public',
    plugins: [vue()],
    define: {
      __VUE_OPTIONS_API__: bundle === 'desk' ? 'true' : 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    server: {
      host: '127.0.0.1',
      proxy: { '/api': process.env.API ?? 'http://127.0.0.1:8080' },
    },
    build: {
      target: targets[bundle],
      cssTarget: ['chrome80', 'safari13.1'],
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 2000,
      emptyOutDir: true,
      manifest: isSsrBuild ? false : 'vite.json',
      outDir: isSsrBuild ? resolve(import.meta.dirname, 'node_modules/.ssr') : resolve(out, bundle),
      rollupOptions: {
        checks: { pluginTimings: false },
        input: resolve(import.meta.dirname, bundle, isSsrBuild ? 'server.ts' : 'index.html'),
      },
    },
  }
})
