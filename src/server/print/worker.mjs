// The printing thread: one document after the other. Plain JavaScript, because a thread is started from a file and
// must be the same one from the sources and from the build.
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'

const { workspace, fonts } = workerData
const compiler = NodeCompiler.create({ workspace, fontArgs: [{ fontPaths: fonts }] })

parentPort.on('message', (order) => parentPort.postMessage(printed(order)))

/** @param {import('./printer.ts').Order} order @returns {import('./printer.ts').Print} */
function printed({ id, template, page, as }) {
  try {
    const wanted = { mainFilePath: join(workspace, `${template}.typ`), inputs: { page } }
    const bytes = as === 'svg' ? Buffer.from(compiler.plainSvg(wanted)) : compiler.pdf(wanted)
    return { id, bytes: new Uint8Array(bytes) }
  } catch (error) {
    return { id, error: `${template}: ${error instanceof Error ? error.message : String(error)}`.slice(0, 1_000) }
  } finally {
    // Whatever is kept between documents is never given back (1 MB each).
    compiler.evictCache(0)
  }
}
