import type { ClientConfig } from 'pg'
import { openDatabase } from '../../src/server/db.ts'
import type { App } from '../../src/server/context.ts'
import { diskStore } from '../../src/server/ports/file-store.ts'
import { startSheets } from '../../src/server/sheets/worker.ts'
import { house } from '../company.ts'

/** A node that brings sheets in until it is killed: where its data are. */
export type SheetLife = { database: ClientConfig; files: string }

const { database, files } = JSON.parse(process.argv[2]!) as SheetLife
const log = { info() {}, warn() {}, error() {} }
const app: App = { db: openDatabase(database), house, clock: () => Date.now(), changed() {}, log, files: diskStore(files) }
startSheets(app)
