import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { type InlineConfig, type Plugin, build, defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * The pages for customers and strangers: a build of their own into the same folder, so that they share nothing with the
 * staff's and can be written for the browsers of old phones.
 */
export const portal = (outDir: string): InlineConfig => ({
  configFile: false,
  root: here('.'),
  plugins: [react()],
  logLevel: 'warn',
  build: {
    outDir,
    emptyOutDir: false,
    manifest: '.vite/portal.json',
    target: 'es2018',
    cssTarget: ['chrome64', 'safari11'],
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: { input: { portal: here('portal.html') } },
  },
})

const withPortal = (): Plugin => {
  let outDir = ''
  return {
    name: 'portal',
    apply: 'build',
    configResolved(config) { outDir = config.build.outDir },
    async closeBundle(error?: Error) { if (!error) await build(portal(outDir)) },
  }
}

/** The staff interface; the customers' pages are built after it. */
export default defineConfig({
  root: here('.'),
  plugins: [react(), withPortal()],
  build: {
    outDir: here('../../dist/web'),
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    sourcemap: false,
    assetsInlineLimit: 2048,
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false,
    rolldownOptions: { input: { staff: here('index.html') } },
  },
  server: { port: 5173, proxy: { '/api': 'http://127.0.0.1:8080' } },
})
