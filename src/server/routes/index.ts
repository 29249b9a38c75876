import type { Config } from '../config.ts'
import type { Routes } from '../http.ts'
import { accountRoutes } from './accounts.ts'
import { contractRoutes } from './contracts.ts'
import { customerRoutes } from './customers.ts'
import { definitionRoutes } from './definitions.ts'
import { eraseRoutes } from './erase.ts'
import { fileRoutes } from './files.ts'
import { houseRoutes } from './house.ts'
import { linkRoutes } from './links.ts'
import { listRoutes } from './lists.ts'
import { live } from './live.ts'
import { machineReportRoutes } from './machine-report.ts'
import { paperRoutes } from './paper.ts'
import { peopleRoutes } from './people.ts'
import { quotingRoutes } from './quoting.ts'
import { recordRoutes } from './records.ts'
import { reportRoutes } from './reports.ts'
import { settingsRoutes } from './settings.ts'
import { sheetRoutes } from './sheets.ts'
import { shelfRoutes } from './shelves.ts'
import { stockRoutes } from './stock.ts'

/** The whole API, one line an area. */
export const apiRoutes = (config: Config): readonly Routes[] => [
  houseRoutes(config),
  accountRoutes,
  linkRoutes,
  paperRoutes,
  machineReportRoutes,
  peopleRoutes,
  definitionRoutes,
  settingsRoutes,
  fileRoutes,
  customerRoutes,
  contractRoutes,
  quotingRoutes,
  stockRoutes,
  shelfRoutes,
  sheetRoutes,
  reportRoutes,
  live,
  listRoutes,
  eraseRoutes,
  recordRoutes,
]
