/** Words of the archive. */
export const archiveZh = {
  'archive.title': '档案',
  'archive.industries': '行业',
  'archive.customers': '客户',
  'archive.contracts': '合同与文件',
  'archive.pick_industry': '先选行业。',
  'archive.pick_customer': '再选客户。',
  'archive.no_industry': '客户档案里还没有填行业。',
  'archive.empty': '这位客户还没有档案文件。',
  'archive.no_contract': '没有归入合同的文件',
  'archive.missing': '还缺：{names}',
  'archive.complete': '应收文件已齐',
  'archive.queue': '待归档',
  'archive.lent': '借出的',
  'archive.open_customer': '打开客户',
  'archive.custodian': '保管人 {name}',
  'archive.original': '原件在 {name}',
} as const
