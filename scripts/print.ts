/** npm run print — writes every printed page, and removes the page of a process that is gone. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { printedPages } from './pages.ts'
import { root } from './sources.ts'

const pages = printedPages()
for (const [path, text] of pages) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
for (const name of readdirSync(join(root, 'docs/processes'))) {
  if (name.endsWith('.md') && !pages.has(`docs/processes/${name}`)) rmSync(join(root, 'docs/processes', name))
}
console.log(`${pages.size} pages printed`)
