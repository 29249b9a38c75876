/** Gaps of a script card, and what fills each. A text with a gap that nothing fills says «……» there. */
export const cardGaps = ['我', '公司', '客户', '联系人', '机器', '单号', '送机日', '取机日', '故障', '原因', '部件', '金额', '工期', '到货', '电话', '传真', '地址', '答复时限',
  '维修周期', '备用机'] as const
export type CardGap = (typeof cardGaps)[number]
export type GapValues = Readonly<Partial<Record<CardGap, string>>>

const pattern = /\{([^{}\s]{1,12})\}/g

/** Fills what is known; other gaps stay as they are. */
export const fillGaps = (text: string, values: GapValues): string =>
  text.replace(pattern, (gap, name: string) => (values as Record<string, string | undefined>)[name] || gap)

/** What is still open is said as a pause, so that no brace is ever read aloud. */
export const closeGaps = (text: string): string => text.replace(pattern, '……')

/** Gaps of a text that no card knows: a slip of the pen of whoever wrote it. */
export const strangeGaps = (text: string): string[] =>
  [...text.matchAll(pattern)].map(([, name]) => name!).filter((name) => !(cardGaps as readonly string[]).includes(name))
