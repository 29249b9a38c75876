import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The staff interface. A customer page will be a second entry beside index.html, with chunks of its own. */
export default defineConfig({
  root: here('.'),
  plugins: [react()],
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
