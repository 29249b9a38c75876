/** Words of reports. */
export const reportsZh = {
  'report.by.brand': '品牌',
  'report.by.model': '型号',
  'report.by.product': '产品类别',
  'report.by.fault': '故障类别',
  'report.by.cause': '原因归类',
  'report.by.because': '没有修的原因',
  'report.by.age': '机龄',
  'report.not_known': '结果未知',
  'report.not_written': '未登记',
  'report.years': '{n} 年',
  'report.cases': '单数',
  'report.total': '合计',
  'report.repaired_share': '修好率',
} as const
