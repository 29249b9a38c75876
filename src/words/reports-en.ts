import type { reportsZh } from './reports-zh.ts'

/** The same in English: complete by type. */
export const reportsEn: Readonly<Record<keyof typeof reportsZh, string>> = {
  'report.by.brand': 'Brand',
  'report.by.model': 'Model',
  'report.by.product': 'Kind of product',
  'report.by.fault': 'Class of fault',
  'report.by.cause': 'Class of cause',
  'report.by.because': 'Why not repaired',
  'report.by.age': 'Age of the machine',
  'report.not_known': 'Outcome unknown',
  'report.not_written': 'Not written down',
  'report.years': '{n} years',
  'report.cases': 'Cases',
  'report.total': 'Total',
  'report.repaired_share': 'Share repaired',
  'report.not_from_here': 'Not possible at this point',
  'report.not_by_role': 'Not for that position',
  'report.not_filled': 'Not filled in: {fields}',
  'report.times': '{n} times',
}
