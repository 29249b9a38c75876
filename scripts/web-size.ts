import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

/**
 * How much script a browser loads before the first useful screen: an entry, what it imports, and the first page.
 * Source: product.md, «How good»: staff < 400 kB, customer pages < 120 kB, compressed.
 */
type Chunk = { file: string; imports?: string[]; isEntry?: boolean; css?: string[] }
type Screen = { name: string; entry: string; page?: string; ceiling: number
  /** Of the build that it belongs to. */
  manifest?: string }

export const screens: readonly Screen[] = [
  { name: 'staff: my work', entry: 'index.html', page: 'pages/work.tsx', ceiling: 400_000 },
  { name: 'staff: sign in', entry: 'index.html', page: 'pages/sign-in.tsx', ceiling: 400_000 },
  { name: 'staff: a record with its forms', entry: 'index.html', page: 'pages/record.tsx', ceiling: 400_000 },
  { name: 'customer: a private link, a set-up link, a code on paper', entry: 'portal.html', ceiling: 120_000,
    manifest: 'portal.json' },
]

/** Bytes, gzip: the script files that stand between an address and its first screen. */
export function sizeOf(folder: string, screen: Screen): number {
  const file = join(folder, '.vite', screen.manifest ?? 'manifest.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Chunk>
  const files = new Set<string>()
  const take = (key: string): void => {
    const chunk = manifest[key]
    if (!chunk) throw new Error(`${key} is not in the manifest`)
    if (files.has(chunk.file)) return
    files.add(chunk.file)
    for (const next of chunk.imports ?? []) take(next)
  }
  take(screen.entry)
  if (screen.page) take(screen.page)
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0)
}

function main(): void {
  const folder = process.argv[2] ?? fileURLToPath(new URL('../dist/web', import.meta.url))
  if (!existsSync(join(folder, '.vite', 'manifest.json'))) {
    process.stderr.write(`There is no build in ${folder}; run npm run build first.\n`)
    process.exit(2)
  }
  for (const screen of screens) {
    const size = sizeOf(folder, screen)
    const over = size > screen.ceiling
    const figures = `${(size / 1000).toFixed(1)} kB of ${screen.ceiling / 1000} kB`
    process.stdout.write(`${screen.name}: ${figures}${over ? ', TOO MUCH' : ''}\n`)
    if (over) process.exitCode = 1
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main()
