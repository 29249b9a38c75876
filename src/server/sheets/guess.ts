import type { AnyProcess } from '../../engine/define.ts'
import type { AnyField } from '../../engine/fields.ts'
import { wordsOf } from '../../words/index.ts'
import { columnLabel, numberColumn, recordColumn } from './kinds.ts'

/**
 * Words under which people's own tables have a field, besides its labels: Chinese and English, as they are written in
 * the lists of other programs. A field of any process that has the name is found by them.
 */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  name: ['名称', '客户', '客户名', '客户名称', '单位', '单位名称', '公司', '公司名称', '姓名', '品名', '备件名称', '物料名称',
    'company', 'company name', 'customer', 'customer name', 'account', 'organization', 'item name', 'item'],
  customer: ['客户', '客户名称', '客户单位', '单位', '单位名称', '使用单位', '公司', '公司名称', 'company', 'customer name',
    'account', 'client'],
  [recordColumn]: ['客户编号', 'customer number', '客户名称', '单位', '公司', '公司名称', '料号', '备件号', 'company', 'customer', 'part number', 'item number'],
  customer_kind: ['类别', '客户类型', '性质', 'customer type'],
  phone: ['电话', '联系电话', '电话号码', '座机', '固定电话', '手机', '手机号', 'tel', 'telephone', 'mobile', 'phone number'],
  contact_name: ['联系人', '联系人姓名', '姓名', '经办人', 'contact', 'contact person', 'contact name', 'full name'],
  contact_phone: ['联系人手机', '手机', '手机号', '联系电话', '电话', 'mobile', 'phone', 'contact phone', 'cell'],
  contact_role: ['职务', '岗位', 'job title', 'title', 'position'],
  short_name: ['简称', '别名', 'alias'],
  address: ['地址', '详细地址', '单位地址', '通讯地址', 'street', 'addr'],
  email: ['邮箱', '电子邮件', '电子邮箱', 'e-mail', 'mail', 'email address'],
  fax: ['传真', '传真号'],
  online_id: ['qq', '微信', '微信号', 'qq号', 'wechat'],
  industry: ['行业', '所属行业'],
  owner: ['销售', '业务员', '负责人', '销售代表', 'sales', 'sales rep', 'account manager'],
  remark: ['备注', '说明', '附注', 'note', 'notes', 'remarks', 'comment', 'comments', 'asset notes'],
  note: ['备注', '说明', 'note', 'notes', 'remark'],
  serial_number: ['序列号', '机身号', '机器编号', '出厂编号', 'sn', 's/n', 'serial', 'serial no', 'serial no.', 'serialnumber'],
  model: ['机型', '产品型号', '规格型号', '设备型号', 'model name', 'model no'],
  brand: ['品牌', '厂牌', '厂商', '制造商', '生产厂家', 'manufacturer', 'make', 'vendor'],
  product_kind: ['类别', '产品类型', '设备类别', '设备类型', 'category', 'product type', 'device type'],
  product_number: ['产品号', '产品编号', 'p/n', 'pn', 'product no', 'model number'],
  purchase_date: ['购机日期', '购入日期', '采购日期', '购买时间', '购置日期', 'purchase date', 'date of purchase', 'purchased'],
  warranty_until: ['保修到期', '质保到期', '保修期至', '保修截止', 'warranty expires', 'warranty end', 'warranty expiry'],
  warranty_months: ['保修期', '质保期', '保修月', 'warranty'],
  place: ['位置', '存放地点', '安装地点', '使用部门', '科室', '部门', 'location', 'department', 'room'],
  part_number: ['料号', '备件号', '备件编码', '物料编码', '物料号', '编码', 'part no', 'item number', 'item no', 'sku', 'p/n'],
  part_kind: ['类别', '备件类型', 'category', 'type'],
  fits: ['适用', '适用型号', '机型', 'fits', 'models'],
  price_fen: ['价格', '售价', '销售价', '零售价', 'price', 'unit price', 'selling price'],
  cost_fen: ['成本', '成本价', '采购价', 'cost', 'purchase cost', 'purchase price'],
  bin: ['库位', '仓位', '货架', 'shelf', 'bin', 'location'],
  minimum: ['安全库存', '最低量', '库存下限', 'min', 'min amount', 'min qty', 'reorder level'],
  contract_number: ['合同号', '合同编号', '协议编号', '合同号码', 'contract no', 'contract number', 'agreement no'],
  contract_kind: ['类别', '合同类型', '合同性质', 'contract type'],
  signed_on: ['签订日', '签约日期', '签署日期', '签订时间', 'signed', 'date signed'],
  starts_on: ['开始日期', '起始日期', '合同开始', '服务起', '生效日期', '起', 'start', 'start date', 'from'],
  ends_on: ['结束日期', '截止日期', '到期日期', '到期日', '合同到期', '服务止', '止', 'end', 'end date', 'until', 'expiry'],
  amount_fen: ['金额', '合同额', '合同总额', '总价', 'amount', 'value', 'contract value'],
  payment_terms: ['付款', '付款条件', '结算方式', 'payment', 'payment terms'],
  commitments: ['承诺', '服务内容', '服务标准', 'commitments', 'sla'],
  renewal: ['续签', '续约', '是否续签', 'renewal'],
  covers: ['范围', '覆盖', '设备范围', 'coverage'],
  'services.service_class': ['服务类别', '服务类型', '服务种类', 'service class', 'service type'],
  'services.parts': ['备件费', '备件收费', '含备件', 'parts'],
  'services.labour': ['人工费', '人工收费', '工时', 'labour', 'labor'],
  'services.travel': ['交通', '上门费', '差旅', 'travel'],
  'services.visits': ['次数', '上门次数', 'visits'],
  list_price_fen: ['原价', '标价', '目录价', '价格', 'list price', 'price'],
  new_price_fen: ['新办价格', '新购价', 'new price'],
  warranty_from: ['保修起', '起算日', 'warranty from', 'warranty start'],
  quantity: ['库存', '库存数量', '期初', '期初数量', '现存量', '结存', 'qty', 'stock', 'on hand'],
}

/** A heading as it is compared: no signs, no units in brackets, one form for full-width and half-width. */
const bare = (heading: string): string => heading.normalize('NFKC').toLowerCase().replace(/[(（【[].*?[)）】\]]/g, '')
  .replace(/[^\p{L}\p{N}/]/gu, '')

const exact = 3
const close = 2
const part = 1

/** How well a heading fits the words of a field; 0: not at all. */
function fit(heading: string, labels: readonly string[], others: readonly string[]): number {
  if (labels.includes(heading)) return exact
  if (others.includes(heading)) return close
  const long = (word: string) => (/\p{Script=Han}/u.test(word) ? word.length >= 2 : word.length >= 5)
  const inside = [...labels, ...others].some((word) => long(word) && long(heading)
    && (heading.includes(word) || word.includes(heading)))
  return inside ? part : 0
}

const languages = ['zh', 'en'] as const

/** A list that we gave out ourselves has our number and state among its columns: each of its headings is what it says. */
const isOurs = (headings: readonly string[]): boolean => languages.some((language) =>
  (['label.number', 'label.state', 'label.opened_at'] as const).every((key) => headings.includes(wordsOf(language).say(key))))

/**
 * For each heading the field that it most likely is, or null. Each field is given once, the surest guess first. The number
 * of a record is guessed in our own lists only: elsewhere it is somebody else's.
 */
export function guessFields(process: AnyProcess, fields: Readonly<Record<string, AnyField>>,
  headings: readonly string[]): (string | null)[] {
  const ours = isOurs(headings)
  const words = Object.keys(fields).filter((name) => ours || name !== numberColumn).map((name) => ({ name,
    labels: [fields[name]!.zh, name, ...languages.map((language) =>
      columnLabel(wordsOf(language), process, name))].map(bare),
    others: ours ? [] : (synonyms[name] ?? []).map(bare) }))
  const guesses = headings.flatMap((heading, column) => words.map(({ name, labels, others }, order) =>
    ({ column, name, order, score: bare(heading) === '' ? 0 : fit(bare(heading), labels, others) })))
    .filter(({ score }) => score >= (ours ? exact : part)).sort((a, b) => b.score - a.score || a.order - b.order || a.column - b.column)
  const found: (string | null)[] = headings.map(() => null)
  for (const { column, name } of guesses) if (found[column] === null && !found.includes(name)) found[column] = name
  return found
}

/** How many headings a line would have that some field is known by: the heading is the line with most of them. */
export const headingScore = (process: AnyProcess, fields: Readonly<Record<string, AnyField>>,
  cells: readonly string[]): number => guessFields(process, fields, cells).filter((name) => name !== null).length
