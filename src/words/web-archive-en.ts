import type { archiveZh } from './web-archive-zh.ts'

/** The same in English: complete by type. */
export const archiveEn: Readonly<Record<keyof typeof archiveZh, string>> = {
  'archive.title': 'Archive',
  'archive.industries': 'Industries',
  'archive.customers': 'Customers',
  'archive.contracts': 'Contracts and documents',
  'archive.pick_industry': 'Choose an industry first.',
  'archive.pick_customer': 'Then a customer.',
  'archive.no_industry': 'No customer has an industry yet.',
  'archive.empty': 'This customer has no documents yet.',
  'archive.no_contract': 'Documents under no contract',
  'archive.missing': 'Missing: {names}',
  'archive.complete': 'Complete',
  'archive.queue': 'To be filed',
  'archive.lent': 'Lent',
  'archive.open_customer': 'Open the customer',
  'archive.custodian': 'kept by {name}',
  'archive.original': 'original with {name}',
}
