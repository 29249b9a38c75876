/** Kinds of product. Which of them a company has, and what it keeps of each, is its own settings. */
export const productKinds = { pc: '台式电脑', notebook: '笔记本', server: '服务器', laser_printer: '激光打印机',
  inkjet_printer: '喷墨打印机', plotter: '绘图仪', scanner: '扫描仪', storage: '存储设备', network: '网络设备',
  instrument: '实验仪器', reagent: '试剂盒', seal: '电子印章', software: '软件', other: '其他' } as const

/** The day from which a warranty counts. */
export const warrantyStarts = { purchase: '购买日期', delivery: '交货日期', application: '申请日期',
  none: '不保修' } as const

export type WarrantyStart = keyof typeof warrantyStarts
