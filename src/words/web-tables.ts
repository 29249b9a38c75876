import { contractsPanelEn } from './web-contracts-en.ts'
import { contractsPanelZh } from './web-contracts-zh.ts'
import { archiveEn } from './web-archive-en.ts'
import { archiveZh } from './web-archive-zh.ts'
import { customerEn } from './web-customer-en.ts'
import { customerZh } from './web-customer-zh.ts'
import { deskEn } from './web-desk-en.ts'
import { deskZh } from './web-desk-zh.ts'
import { settingsEn } from './web-settings-en.ts'
import { settingsZh } from './web-settings-zh.ts'
import { frameEn } from './web-en.ts'
import { quoteEn } from './web-quote-en.ts'
import { quoteZh } from './web-quote-zh.ts'
import { storeEn } from './web-store-en.ts'
import { storeZh } from './web-store-zh.ts'
import { flowEn } from './web-flow-en.ts'
import { flowZh } from './web-flow-zh.ts'
import { frameZh } from './web-zh.ts'
import { sheetsEn } from './web-sheets-en.ts'
import { sheetsZh } from './web-sheets-zh.ts'

/** Every word of the web interface, one line an area: a screen of its own brings a pair of tables of its own. */
export const webZh = {
  ...sheetsZh,
  ...frameZh,
  ...quoteZh,
  ...storeZh,
  ...customerZh,
  ...archiveZh,
  ...flowZh,
  ...contractsPanelZh,
  ...deskZh,
  ...settingsZh,
}

export type WebKey = keyof typeof webZh

/** The same in English: complete by type. */
export const webEn: Readonly<Record<WebKey, string>> = {
  ...sheetsEn,
  ...frameEn,
  ...quoteEn,
  ...storeEn,
  ...customerEn,
  ...archiveEn,
  ...flowEn,
  ...contractsPanelEn,
  ...deskEn,
  ...settingsEn,
}
