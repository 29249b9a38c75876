import { typed } from '../../engine/ask.ts'
import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'
import { staff } from '../../engine/roles.ts'

/**
 * 硬件处理单 — a seal whose KEY does not work: what is broken, by whose doing, in warranty or not, and from that what a new
 * one costs. The verdict and the price kind are computed; people may overrule with a reason. Source: S3-052 … S3-056;
 * ambiguities A52 to A58; product judgement J34, J35.
 */
type Facts = BaseFacts & { price_kind: string | null; paid: boolean; goodwill: boolean; has_photos: boolean }

const desk = ['hotline', 'coordinator', 'supervisor', 'manager'] as const
const engineers = ['field_engineer', 'lead_engineer', 'quality'] as const
const money = ['hotline', 'coordinator', 'finance', 'supervisor', 'manager', 'salesperson'] as const

const reason: Field = { kind: 'text', zh: '原因', required: true }
const photos: Field = { kind: 'files', zh: '照片', hint: '判为人为损坏的建议拍照；收费前会再提醒' }

/** 人为损坏的迹象. The list is open: «other» is described. */
const signs: Field = { kind: 'choices', zh: '损坏迹象', rule: ['S3-052'], options: { shell_deformed: '外壳变形',
  shell_cracked: '外壳破裂', plug_broken: 'USB 接头与电路板断裂', water_inside: '内壳进水', mist_inside: '内壳有水雾',
  other: '其他迹象' } }

export const sealCase = defineProcess({
  name: 'seal_case',
  zh: '硬件处理单',

  states: {
    waiting_check: { zh: '待检测', kind: 'active', next: 'judge', owed_by: 'hotline', edits: ['reporter', 'reporter_phone',
      'symptom', 'photos'] },
    judged: { zh: '已判断', kind: 'active', next: 'proceed', owed_by: 'hotline', edits: ['photos'] },
    waiting_answer: { zh: '待客户决定', kind: 'waiting', next: 'accept', owed_by: 'customer' },
    waiting_payment: { zh: '待付款', kind: 'waiting', next: 'pay', owed_by: 'customer' },
    making: { zh: '制作更换中', kind: 'active', next: 'ship', owed_by: 'hotline' },
    shipped: { zh: '已寄出', kind: 'waiting', next: 'confirm_working', owed_by: 'customer' },
    closed: { zh: '已关闭', kind: 'done' },
    usable: { zh: '仍可使用', kind: 'done' },
    given_up: { zh: '客户放弃', kind: 'done' },
    cancelled: { zh: '已取消', kind: 'void' },
  },

  guards: {
    other_sign_ticked: { zh: '勾了其他迹象，要写明', test: (f: Facts) => list(f.input.signs).includes('other') },
    overruled: { zh: '与推算不同，要写明改判原因', test: (f: Facts) => f.input.verdict !== undefined
      && f.input.verdict !== computed(f.input) },
    still_usable: { zh: '芯片还能用', test: (f: Facts) => f.input.chip_unusable === false
      && f.input.verdict === undefined },
    is_free: { zh: '保修期内的自然损坏，免费更换', test: (f: Facts) => f.price_kind === 'free', rule: ['S3-055'] },
    is_judged: { zh: '还没有判断，或保修期查不出来；请先补登申请日期', test: (f: Facts) => f.price_kind !== null },
    may_make: { zh: '收费的先付款后制作；经理可以说明原因后放行', test: (f: Facts) => f.price_kind === 'free' || f.paid
      || f.goodwill, or: { reason: true, by: ['manager', 'supervisor'] } },
    price_given: { zh: '另定了金额', ...typed({ input: 'price_fen', given: true }) },
    no_photos: { zh: '还没有照片', test: (f: Facts) => f.price_kind === 'new' && !f.has_photos },
  },

  actions: {
    open: { zh: '报修硬件', from: null, to: 'waiting_check', by: [...desk, ...engineers, 'salesperson', 'system'],
      writes: 'open', needs: {
        machine: { kind: 'record', process: 'machine', zh: '印章', required: true },
        reported_on: { kind: 'date', zh: '报修日期', hint: '不填就是今天；保修按这天判断' },
        reporter: { kind: 'text', zh: '报修人', max: 60, personal: true },
        reporter_phone: { kind: 'phone', zh: '报修人电话', personal: true },
        symptom: { kind: 'long_text', zh: '现象', required: true, max: 1000 }, photos } },

    judge: { zh: '检测判断', from: ['waiting_check', 'judged'], by: [...desk, ...engineers], writes: 'judge',
      to: [{ when: 'still_usable', state: 'usable' }, { state: 'judged' }],
      needs: {
        signs,
        other_sign: { kind: 'text', zh: '其他迹象', max: 200, required: 'other_sign_ticked' },
        second_checker: { kind: 'person', zh: '复核人', required: 'other_sign_ticked' },
        chip_unusable: { kind: 'flag', zh: '芯片损坏不能使用', required: true, rule: ['S3-052'] },
        verdict: { kind: 'choice', zh: '判定', hint: '不填按迹象推算：没有迹象的就是自然损坏', rule: ['S3-053'],
          options: { man_made: '人为损坏', natural: '自然损坏' } },
        overruled_because: { kind: 'text', zh: '改判原因', max: 300, required: 'overruled' }, photos },
      then: [{ print: 'judgement' }] },

    proceed: { zh: '按判定处理', from: 'judged', by: [...desk, ...engineers], when: ['is_judged'], writes: 'proceed',
      rule: ['S3-054', 'S3-056'],
      to: [{ when: 'is_free', state: 'making' }, { state: 'waiting_answer' }],
      then: [{ send: 'seal_photos', to: 'handler', when: 'no_photos' }] },

    accept: { zh: '客户要重做', from: 'waiting_answer', to: 'waiting_payment', by: [...desk, 'salesperson'],
      needs: { price_fen: { kind: 'fen', zh: '金额', hint: '不填按产品价格；另定的要写明原因' },
        goodwill_because: { ...reason, zh: '为什么另定', required: 'price_given' },
        agreed_by: { kind: 'text', zh: '客户谁答应的', max: 60, personal: true, required: true } }, writes: 'accept' },
    decline: { zh: '客户不要', from: ['waiting_answer', 'waiting_payment'], to: 'given_up', by: [...desk, 'salesperson'],
      needs: { reason, unit_returned: { kind: 'confirm', zh: '原件已退还客户', required: true } } },
    pay: { zh: '登记付款', from: 'waiting_payment', to: 'making', by: money, writes: 'pay', needs: {
      paid_fen: { kind: 'fen', zh: '实收金额', required: true, min: 1 },
      paid_on: { kind: 'date', zh: '付款日期', required: true } } },
    make_first: { zh: '先做后付', from: 'waiting_payment', to: 'making', by: ['manager', 'supervisor'],
      writes: 'make_first', needs: { goodwill_because: { ...reason, zh: '为什么放行' } } },

    ship: { zh: '寄出', from: 'making', to: 'shipped', by: [...desk, ...engineers, 'storekeeper'], when: ['may_make'],
      needs: { new_key_number: { kind: 'text', zh: '新 KEY 编号', required: true, max: 60 },
        shipped_by: { kind: 'text', zh: '承运', max: 60 }, shipping_number: { kind: 'text', zh: '运单号', max: 60 } },
      then: [{ tell: 'machine', action: 'key_replaced' }] },
    confirm_working: { zh: '客户确认能用', from: 'shipped', to: 'closed', by: [...desk, ...engineers] },
    not_working: { zh: '仍不能用', from: 'shipped', to: 'making', by: [...desk, ...engineers], needs: { reason } },

    note: { zh: '记一笔', from: 'any', by: [...staff, 'system'],
      needs: { note: { kind: 'long_text', zh: '备忘', max: 1000, required: true }, photos } },
    cancel: { zh: '取消', from: ['waiting_check', 'judged', 'waiting_answer'], to: 'cancelled', by: desk,
      needs: { reason } },
  },

  clocks: {
    check: { zh: '检测', runs_in: ['waiting_check'], due: { working_days: 'seal.check_days' }, calendar: 'office',
      agreed: 'response', kind: 'limit' },
    answer: { zh: '催客户决定', runs_in: ['waiting_answer'], due: { minutes: 'seal.remind_minutes' }, calendar: 'always',
      kind: 'limit', rule: ['S3-054', 'S3-056'] },
    payment: { zh: '催付款', runs_in: ['waiting_payment'], due: { minutes: 'seal.remind_minutes' }, calendar: 'always',
      kind: 'limit' },
    make: { zh: '制作更换', runs_in: ['making'], due: { working_days: 'seal.make_days' }, calendar: 'office',
      kind: 'limit' },
  },

  documents: {
    judgement: { zh: '硬件损坏判断单', template: 'seal-judgement', rule: ['S3-052'] },
  },
})

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/**
 * The verdict that follows from what was seen: a sign of damage and an unusable chip is man-made; an unusable chip
 * without a sign is natural; a chip that works is no case of hardware damage. Source: S3-052, S3-053, A52.
 */
export function computed(input: Readonly<Record<string, unknown>>): 'man_made' | 'natural' | 'usable' {
  if (input.chip_unusable !== true) return 'usable'
  return list(input.signs).length > 0 ? 'man_made' : 'natural'
}
