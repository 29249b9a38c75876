import type { ContractDeed, Given } from './contract-scenes.ts'
import { integratorInspections } from './inspections.ts'

/** Contracts, products, batches and seals of the five companies: invented; the figures are such as such contracts have. */

const line = (more: object) => ({ service_class: 'maintenance', parts: 'charged', labour: 'free', travel: 'free', ...more })

type Draft = { number: string; kind: 'product' | 'maintenance' | 'integration' | 'software'; customer: string
  from: number; until: number; services: readonly object[]; commitments: string; fen: number; owner: string; engineer: string
  machines?: readonly string[]; sites?: readonly string[]; renewal?: 'automatic'; size?: object
  stages?: readonly (readonly [stage: string, planned: number, done?: number])[]
  backup?: string }

const draft = (one: Draft) => (given: Given) => ({
  customer: given.id(one.customer), contract_number: one.number, contract_kind: one.kind, signed_on: given.day(one.from - 7),
  starts_on: given.day(one.from), ends_on: given.day(one.until), services: one.services, commitments: one.commitments,
  payment_terms: '签约付一半，半年付清', amount_fen: one.fen, renewal: one.renewal ?? 'talk', ...one.size, owner: given.person(one.owner),
  engineer: given.person(one.engineer), ...(one.backup && { backup_engineer: given.person(one.backup) }),
  covers: one.sites ? 'sites' : one.machines ? 'listed' : 'all',
  ...(one.sites && { sites: one.sites.map((site) => ({ site: given.id(site) })) }),
  ...(one.machines && { covered: one.machines.map((machine) => ({ machine: given.id(machine) })) }),
  ...(one.stages && { stages: one.stages.map(([stage, planned, done]) => ({ stage, planned_on: given.day(planned),
    ...(done !== undefined && { done_on: given.day(done) }) })) }) })

type People = { sales: string; boss: string; lead: string }

/** Drafted, submitted, approved and put in force on one day; the copy is still missing and may follow. */
const inForce = (name: string, ago: number, { sales, boss, lead }: People, one: Draft): ContractDeed[] => [
  { by: sales, ago, process: 'contract', action: 'draft', on: name, creates: true, input: draft(one) },
  { by: sales, ago, process: 'contract', action: 'submit', on: name },
  { by: boss, ago, process: 'contract', action: 'approve', on: name },
  { by: lead, ago, process: 'contract', action: 'activate', on: name,
    input: () => ({ waive: [{ guard: 'has_copy', reason: '副本在途，先按合同服务' }] }) },
]

const repair: People = { sales: 'feng', boss: 'chen', lead: 'zhao' }
const visit = (on: string, by: string, ago: number, visit_note: string): ContractDeed => ({ by, ago, process: 'contract',
  action: 'use_visit', on, input: (given) => ({ used_class: 'maintenance', used_on: given.day(-ago), visit_note }) })

const huicheng: ContractDeed[] = [
  { by: 'wang', ago: 27, process: 'product', action: 'register', on: 'product:m404', creates: true, input: () => ({
    product_kind: 'laser_printer', brand: 'HP', model: 'LaserJet Pro M404dn', warranty_from: 'purchase',
    warranty_months: 12 }) },
  { by: 'wang', ago: 27, process: 'product', action: 'register', on: 'product:t520', creates: true, input: () => ({
    product_kind: 'plotter', brand: 'HP', model: 'DesignJet T520', warranty_from: 'purchase', warranty_months: 24 }) },
  ...inForce('contract:hospital', 26, repair, { number: '惠修-2025-018', kind: 'maintenance', customer: 'customer:3',
    from: -340, until: 25, owner: 'feng', engineer: 'li', backup: 'sun', fen: 2_880_000, commitments: '2 小时响应，当日恢复；每季保养一次',
    services: [line({ includes: ['phone_support', 'emergency', 'inspection'], parts: 'charged', response_minutes: 120,
      restore_minutes: 480, visits: 12, inspection_months: 3 })],
    machines: ['machine:7', 'machine:8', 'machine:9'] }),
  ...inForce('contract:print', 25, repair, { number: '惠修-2026-004', kind: 'maintenance', customer: 'customer:1',
    from: -120, until: 245, owner: 'feng', engineer: 'sun', fen: 1_560_000, commitments: '4 小时响应，全包备件',
    services: [line({ includes: ['phone_support', 'emergency'], parts: 'free', response_minutes: 240, visits: 24 })] }),
  visit('contract:hospital', 'li', 20, '季度保养，清洁三台'), visit('contract:hospital', 'sun', 12, '更换搓纸轮'),
  visit('contract:print', 'sun', 9, '调整走纸'),
  { by: 'wang', ago: 8, process: 'contract', action: 'note', on: 'contract:hospital',
    input: () => ({ note: '信息科问明年怎么续，想加两台。' }) },
  { by: 'li', ago: 7, process: 'machine', action: 'fit_part', on: 'machine:7', input: () => ({ part_name: '定影组件',
    part_number: 'M605-FUSER', part_serial: 'FU-26-1187', removed_serial: 'FU-22-0931' }) },
  { by: 'wang', ago: 1, process: 'machine', action: 'report', on: 'machine:8', input: () => ({ reported: '打印发灰，重启也一样',
    reporter_name: '药房小王', reporter_phone: '13500000104' }) },
]

const integrator: People = { sales: 'deng', boss: 'ma', lead: 'cao' }
const hengtong: ContractDeed[] = [
  ...inForce('contract:archive', 27, integrator, { number: 'HT-JC-2026-031', kind: 'integration', customer: 'customer:0',
    from: -60, until: 305, owner: 'deng', engineer: 'dong', backup: 'yuan', fen: 186_000_000,
    commitments: '4 小时响应，次日到场；每季例检；操作培训一次',
    services: [line({ includes: ['emergency', 'installation', 'inspection'], parts: 'free', response_minutes: 240,
      arrival_minutes: 480, restore_minutes: 1_440, inspection_months: 3 }),
    { service_class: 'value_added', parts: 'free', labour: 'free', travel: 'charged', vendor_number: 'LX-SR-5521', region: '省内' }],
    machines: ['machine:0', 'machine:1'], size: { expected_days: 45, departments: 3, product_kinds: 2, complex: true },
    stages: [['installation', -40, -38], ['implementation', -3], ['acceptance', 20], ['warranty', 305]] }),
  { by: 'cao', ago: 26, process: 'contract', action: 'plan_inspections', on: 'contract:archive',
    input: (given) => ({ inspection_on: given.day(3) }) },
  { by: 'cao', ago: 25, process: 'contract', action: 'send_timetable', on: 'contract:archive', input: () => ({ way: 'fax' }) },
  { by: 'dong', ago: 22, process: 'contract', action: 'file_paper', on: 'contract:archive',
    input: (given) => ({ paper: 'delivery_note', paper_on: given.day(-39), kept_by: '商务部' }) },
  { by: 'dong', ago: 21, process: 'contract', action: 'file_paper', on: 'contract:archive',
    input: (given) => ({ paper: 'installation_document', paper_on: given.day(-38) }) },
  { by: 'yuan', ago: 6, process: 'contract', action: 'customer_need', on: 'contract:archive',
    input: () => ({ need: '明年数字化扩容，要加一台存储' }) },
  { by: 'dong', ago: 26, process: 'machine', action: 'stand_at', on: 'machine:2', input: (given) => ({ site: given.id('site:0'),
    place: '3 号机柜' }) },
  ...inForce('contract:clinic', 26, integrator, { number: 'HT-WB-2025-112', kind: 'maintenance', customer: 'customer:1',
    from: -335, until: 29, owner: 'deng', engineer: 'yuan', fen: 9_600_000, sites: ['site:0'], renewal: 'automatic',
    commitments: '全天候 2 小时响应，4 小时到场；每半年例检',
    services: [line({ includes: ['phone_support', 'emergency', 'inspection'], inspection_months: 6, parts: 'charged',
      response_minutes: 120, arrival_minutes: 240, calendar: 'always', visits: 8 })] }),
  { by: 'yuan', ago: 15, process: 'contract', action: 'use_visit', on: 'contract:clinic', input: (given) => ({
    used_class: 'maintenance', used_on: given.day(-15), visit_note: '更换阵列缓存电池' }) },
  { by: 'deng', ago: 4, process: 'contract', action: 'draft', on: 'contract:cotton', creates: true, input: draft({
    number: 'HT-CP-2026-077', kind: 'product', customer: 'customer:2', from: 10, until: 375, owner: 'deng', engineer: 'dong',
    fen: 4_200_000, commitments: '到货验收，基本安装，远程支持', services: [{ service_class: 'distribution', parts: 'charged',
      labour: 'charged', travel: 'charged', includes: ['goods_check', 'sign_for', 'basic_installation', 'phone_support'] }] }) },
  { by: 'cao', ago: 24, process: 'contract', action: 'nominate', on: 'contract:archive',
    input: (given) => ({ project_manager: given.person('peng') }) },
  { by: 'peng', ago: 23, process: 'contract', action: 'confirm_manager', on: 'contract:archive', input: (given) => ({
    decided_on: given.day(-23), participants: ['dong', 'deng', 'zeng'].map((one) => ({ person: given.person(one), agrees: 'yes' })) }) },
  { by: 'zeng', ago: 24, process: 'contract', action: 'inquire', on: 'contract:archive',
    input: () => ({ inquiry: '联想、华为各一家，联想含三年上门' }) },
  { by: 'zeng', ago: 23, process: 'contract', action: 'place_order', on: 'contract:archive',
    input: () => ({ supplier: '联想华东', order_number: 'PO-2026-7731', order_checked: true }) },
  { by: 'cao', ago: 23, process: 'contract', action: 'plan_work', on: 'contract:archive',
    input: () => ({ implementation_plan: '先上架测试一周，周末割接；老系统保留两周可回退。' }) },
  ...integratorInspections,
]

const yunshu: ContractDeed[] = [
  { by: 'zhong', ago: 28, process: 'machine', action: 'register', on: 'machine:port', creates: true, input: (given) => ({
    customer: given.id('customer:0'), product_kind: 'software', brand: '云枢', model: '集装箱调度系统', serial_number: 'YS-0411',
    version: '3.2.6', purchase_date: given.day(-410), x_licences: 120, x_deployed: 'local' }) },
  ...inForce('contract:port', 27, { sales: 'zhong', boss: 'jiang', lead: 'shen' }, { number: 'YS-FW-2026-006', kind: 'software',
    customer: 'customer:0', from: -45, until: 320, owner: 'zhong', engineer: 'yao', backup: 'lu', fen: 24_000_000,
    commitments: '全天候 1 小时响应；每年升级两次', services: [line({ includes: ['phone_support', 'emergency'], parts: 'free',
      response_minutes: 60, restore_minutes: 480, calendar: 'always' }),
    { service_class: 'consulting', parts: 'charged', labour: 'free', travel: 'charged', includes: ['training'] }] }),
]

const xinyin: ContractDeed[] = [
  { by: 'pan', ago: 28, process: 'product', action: 'register', on: 'product:key', creates: true, input: () => ({
    product_kind: 'seal', brand: '信印', model: '签章 KEY', warranty_from: 'application', warranty_months: 36,
    list_price_fen: 20_000, new_price_fen: 30_000 }) },
  ...([['seal:water', 'customer:1', 'KEY-050401', 500, '合同专用章'], ['seal:old', 'customer:2', 'KEY-050402', 1_300, '单位公章'],
    ['seal:soon', 'customer:0', 'KEY-050403', 1_060, '单位公章']] as const).map(([on, customer, key, applied, name]):
  ContractDeed => ({ by: 'pan', ago: 28, process: 'machine', action: 'register', on, creates: true, input: (given) => ({
    customer: given.id(customer), product_kind: 'seal', product: given.id('product:key'), serial_number: `YZ-${key.slice(-6)}`,
    key_number: key, application_date: given.day(-applied), paid_fen: 18_000, x_seal_name: name,
    x_certificate_until: given.day(60) }) })),
  ...inForce('contract:housing', 26, { sales: 'fang', boss: 'xie', lead: 'yu' }, { number: 'XY-WH-2026-002', kind: 'software',
    customer: 'customer:0', from: -200, until: 165, owner: 'fang', engineer: 'dai', fen: 3_600_000,
    commitments: '工作时间 2 小时响应；每月走访', services: [line({ includes: ['phone_support', 'emergency'], parts: 'free',
      response_minutes: 120 })] }),
  { by: 'pan', ago: 6, process: 'seal_case', action: 'open', on: 'seal_case:water', creates: true, input: (given) => ({
    machine: given.id('seal:water'), symptom: '插上电脑没有反应', reporter: '祝主任', reporter_phone: '13500000502' }) },
  { by: 'pan', ago: 5, process: 'seal_case', action: 'judge', on: 'seal_case:water',
    input: () => ({ signs: ['water_inside', 'mist_inside'], chip_unusable: true }) },
  { by: 'pan', ago: 5, process: 'seal_case', action: 'proceed', on: 'seal_case:water' },
  { by: 'pan', ago: 10, process: 'seal_case', action: 'open', on: 'seal_case:old', creates: true, input: (given) => ({
    machine: given.id('seal:old'), symptom: '提示读不到证书', reporter: '凌老师', reporter_phone: '13500000503' }) },
  { by: 'dai', ago: 9, process: 'seal_case', action: 'judge', on: 'seal_case:old', input: () => ({ chip_unusable: true }) },
  { by: 'dai', ago: 9, process: 'seal_case', action: 'proceed', on: 'seal_case:old' },
  { by: 'pan', ago: 3, process: 'seal_case', action: 'open', on: 'seal_case:soon', creates: true, input: (given) => ({
    machine: given.id('seal:soon'), symptom: '指示灯不亮' }) },
  { by: 'dai', ago: 2, process: 'seal_case', action: 'judge', on: 'seal_case:soon', input: () => ({ chip_unusable: true }) },
  { by: 'dai', ago: 2, process: 'seal_case', action: 'proceed', on: 'seal_case:soon' },
  { by: 'pan', ago: 1, process: 'seal_case', action: 'ship', on: 'seal_case:soon',
    input: () => ({ new_key_number: 'KEY-050903', shipped_by: '顺捷快递', shipping_number: 'SJ20260918' }) },
]

const kit = (name: string, product: string, batch_number: string, made: number, expires: number, quantity: number):
ContractDeed => ({ by: 'han', ago: 26, process: 'batch', action: 'register', on: name, creates: true, input: (given) => ({
  product: given.id(product), batch_number, produced_on: given.day(made), expires_on: given.day(expires), quantity,
  storage: '避光，-20 度以下' }) })

const jianyuan: ContractDeed[] = [
  ...([['product:21', '21 位点检测试剂盒'], ['product:y', 'Y 染色体检测试剂盒']] as const).map(([on, model]): ContractDeed => ({
    by: 'han', ago: 27, process: 'product', action: 'register', on, creates: true,
    input: () => ({ product_kind: 'reagent', brand: '鉴源', model, warranty_from: 'none' }) })),
  kit('batch:a', 'product:21', '20260208', -280, 85, 400), kit('batch:b', 'product:21', '20251106', -340, 24, 60),
  kit('batch:c', 'product:y', '20251012', -360, -2, 15), kit('batch:d', 'product:y', '20260603', -150, 215, 220),
  { by: 'gao', ago: 24, process: 'machine', action: 'register', on: 'machine:kit', creates: true, input: (given) => ({
    customer: given.id('customer:0'), product_kind: 'reagent', product: given.id('product:21'), batch: given.id('batch:b'),
    purchase_date: given.day(-24), place: '试剂冰箱 2', x_kit_size: '200 人份' }) },
  { by: 'song', ago: 4, process: 'batch', action: 'hold', on: 'batch:d', input: () => ({ reason: '有一家反映扩增偏弱，先查' }) },
]

export const demoContracts: Readonly<Record<string, readonly ContractDeed[]>> = { huicheng, hengtong, yunshu, xinyin, jianyuan }
