import { backForm, calledForm, faxForm, finishForm, handOverForm, inspectionForm, intakeForm, phoneForm, pickUpForm, priceOf, qqForm,
  quoteForm, resultForm, reviewForm, testsOf, toldForm, totalOf } from './repair-forms.ts'
import type { DemoCustomer, DemoMachine } from './repair-customers.ts'
import type { DemoFault } from './repair-faults.ts'
import type { DemoOrder, DemoStage, Turn } from './repair-orders.ts'

/** What a form can only know when it is filled: days, and ids of what was made before. */
export type Times = { at: number; date(days?: number): string; time(days: number, hour: number): string
  person(login: string): string; part(number: string): string; loaner(index: number): string }

/** One act, so many open minutes after the one before. `on`: the newest record of that process in the case. */
export type Step = { gap: number; by: string; on: string; action: string; input?: (when: Times) => object }

export type Told = { order: DemoOrder; index: number; customer: DemoCustomer; machine: DemoMachine; fault: DemoFault
  ids: { customer: string; machine: string } }

class Finished extends Error {}

/** Writes the steps of one order until the stage is reached where it stands today. */
export function stepsOf(told: Told): Step[] {
  const steps: Step[] = []
  const script = scriptOf(told, steps)
  try {
    atTheCounter(script)
    onTheBench(script)
    quoted(script)
    withParts(script)
    repaired(script)
    handedOver(script)
    reviewed(script)
  } catch (end) {
    if (!(end instanceof Finished)) throw end
  }
  return steps
}

type Script = Told & { desk: string; engineer: string; has(turn: Turn): boolean
  add(gap: number, by: string, action: string, input?: Step['input'], on?: string): void
  /** The order stands here: nothing follows. */
  stop(...stages: DemoStage[]): void }

function scriptOf(told: Told, steps: Step[]): Script {
  const { order, index } = told
  return { ...told, desk: order.desk ?? 'wang', engineer: order.engineer ?? 'sun',
    has: (turn) => order.with?.includes(turn) ?? false,
    add(gap, by, action, input, on = 'repair_order') {
      const usual = steps.length === 0 ? 0 : gap + ((index * 7 + steps.length * 3) % 5)
      steps.push({ gap: usual + (order.slow?.[action] ?? 0), by, on, action, ...(input && { input }) })
    },
    stop(...stages) {
      if (stages.includes(order.stage)) throw new Finished()
    } }
}

function atTheCounter({ order, index, customer, machine, fault, ids, desk, engineer, add, stop }: Script): void {
  add(0, desk, 'open', () => ({ ...ids, contact_name: customer.contact, contact_phone: customer.mobile,
    arrived_as: 'carried_in', symptom: fault.symptom, fault_frequency: index % 3 === 0 ? 'constant' : 'frequent',
    warranty: order.warranty ?? 'out', filled_by: order.warranty === 'in' ? 'customer' : 'staff' }))
  stop('intake')
  if (order.stage === 'cancelled') {
    add(6, desk, 'cancel', () => ({ reason: '同一台机器已经开过单，作废这一张' }))
    stop('cancelled')
  }
  const onSpot = order.stage === 'fixed_on_spot'
  add(3, engineer, 'inspect', () => inspectionForm(fault, onSpot))
  stop('inspected')
  if (onSpot) {
    add(20, engineer, 'fix_on_spot', () => ({ work_done: fault.method, ...testsOf(machine), satisfied: 'yes',
      payment_way: 'none', signed_way: 'paper' }))
    return
  }
  add(8, desk, 'receive', (when) => intakeForm(machine, index, when.date(),
    order.promise === undefined ? new Date(when.at + 3 * 86_400_000).toISOString() : when.time(order.promise, 17)))
  stop('waiting_test')
}

function onTheBench({ order, fault, desk, engineer, has, add, stop }: Script): void {
  if (order.stage === 'fixed_on_spot') return
  add(35, engineer, 'take_for_test')
  if (has('replied')) {
    add(70, desk, 'reply_customer', () => ({ reply_way: 'phone', reply: '正在检测，故障比较少见，有结果马上回电。' }))
  }
  if (has('mismatch')) {
    add(40, engineer, 'report_mismatch', () => ({ mismatch: '送修说变慢，检测时发现阵列已经降级' }))
    add(30, 'li', 'settle_mismatch', () => ({ mismatch_answer: '李工同意按阵列故障查，客户知道并已备份' }))
  }
  if (has('escalated')) {
    add(900, engineer, 'escalate', () => ({ trigger: 'experience', note: '换过编码条仍报错，请李工一起看' }))
    add(600, desk, 'reply_customer', () => ({ reply_way: 'phone', reply: '故障较难，李工在会诊，最晚后天答复。' }))
  }
  stop('testing')
  if (order.stage === 'for_peer' || order.stage === 'at_peer') {
    add(60, engineer, 'pass_to_peer', () => ({ reason: '须芯片级维修，店内没有设备' }))
    stop('for_peer')
    add(70, desk, 'send_to_peer', () => ({ peer: '联友芯片维修', reason: '须芯片级维修' }))
    if (order.ago > 300) add(200, desk, 'peer_progress', () => ({ progress: '同行已收下，正在测主板' }))
    stop('at_peer')
  }
  add(60, engineer, 'record_result', () => resultForm(fault))
  stop('diagnosed')
}

function quoted({ order, index, customer, fault, desk, engineer, has, add, stop }: Script): void {
  if (order.stage === 'fixed_on_spot') return
  if (order.warranty !== 'in') {
    add(8, desk, 'price', () => quoteForm(fault), 'quotation')
    if (has('review')) {
      add(4, desk, 'ask_review', () => ({ review_question: '客户说别家便宜，能不能再优惠五十？' }), 'quotation')
    }
    stop('priced')
    // Some say yes while they are told.
    const at_once = index % 4 === 1 && !has('qq') && !has('asked') && !has('refused') && order.stage !== 'waiting_consent'
    add(5, desk, 'send', () => (has('qq') ? qqForm : has('fax') ? faxForm : at_once ? { ...phoneForm, phone_answer: 'agree',
      answered_by: customer.contact } : phoneForm), 'quotation')
    if (has('qq')) add(8, desk, 'confirm_receipt', () => ({ receipt_way: 'reply' }), 'quotation')
    if (has('asked')) {
      add(60, desk, 'ask', () => ({ question: '能不能只修墨车，不换整个组件？' }), 'quotation')
      add(20, desk, 'answer_question', () => ({ reply: '电路板在组件内，不单卖，只能换组件。' }), 'quotation')
    }
    stop('waiting_consent')
    if (has('refused')) {
      add(120, desk, 'refuse', () => ({ refusal: '维修费接近新机价', answer_way: 'phone' }), 'quotation')
      stop('restoring')
      add(50, engineer, 'restored', () => ({ work_done: '已按原样装回，附件齐全。', repair_outcome: 'repairable',
        not_repaired_because: 'price' }))
      return
    }
    if (!at_once) add(110, desk, 'accept', () => ({ answer_way: 'phone' }), 'quotation')
  }
  stop('approved')
  add(5, desk, 'dispatch_repair', (when) => ({ handler: when.person(engineer) }))
  stop('dispatched')
}

const consentFrom = 5_000

function withParts({ order, fault, desk, engineer, has, add, stop }: Script): void {
  if (order.stage === 'fixed_on_spot' || has('refused')) return
  if (fault.parts.length > 0) {
    add(12, engineer, 'request', (when) => ({ lines: fault.parts.map(([number, pieces]) =>
      ({ part: when.part(number), quantity: pieces * 1_000 })) }), 'new part_request')
    stop('parts_asked')
    const value = fault.parts.reduce((sum, [number, pieces]) => sum + priceOf(number) * pieces, 0)
    if (value >= consentFrom) add(9, 'li', 'consent', undefined, 'part_request')
    stop('parts_agreed')
    if (has('purchase') || ['out_of_stock', 'ordered', 'parts_here'].includes(order.stage)) {
      const missing = (when: Times) => fault.parts.map(([number, pieces]) =>
        ({ part: when.part(number), quantity: pieces * 1_000 }))
      add(15, 'zheng', 'mark_out_of_stock', (when) => ({ missing: missing(when) }), 'part_request')
      stop('out_of_stock')
      if (has('told_of_part')) {
        add(25, desk, 'tell_about_part', () => ({ eta: '一周到十天', customer_reaction: '可以等，请尽快' }))
      }
      if (has('loan')) {
        add(15, desk, 'lend', (when) => ({ loaner: when.loaner(0), loan_until: when.date(7) }))
      }
      add(30, desk, 'order', () => ({ supplier: '粤通备件', customer_consent: 'phone' }), 'part_request')
      add(40, desk, 'order', (when) => ({ supplier: '粤通备件', eta: when.date(order.ago > 3_000 ? 5 : 3),
        amount_fen: 50_000 }), 'purchase')
      if (has('told_of_part')) {
        add(15, desk, 'tell_customer', (when) => ({ channel: 'phone', told_eta: when.date(4), answer: '可以等' }),
          'part_request')
      }
      stop('ordered')
      add(1_300, 'zheng', 'arrive', undefined, 'purchase')
      stop('parts_here')
      add(30, 'zheng', 'check_in', (when) => ({ checked: missing(when).map(({ part, quantity }) =>
        ({ part, passed: quantity })) }), 'purchase')
    }
    add(12, 'zheng', 'issue', undefined, 'part_request')
  }
  add(18, engineer, 'start_repair', () => (fault.parts.length > 0 ? { work_kind: 'hardware', esd: true }
    : { work_kind: 'software' }))
  if (has('incident')) {
    add(60, engineer, 'report_loss', () => ({ loss: '拆机时前盖卡扣断裂一处' }))
    add(90, 'chen', 'decide', () => ({ solution: '店里免费更换前盖', cost_fen: 12_000 }), 'incident')
  }
  stop('repairing')
}

const oldParts = ['customer', 'keeper', 'scrap'] as const

function repaired({ order, index, machine, fault, desk, engineer, has, add, stop }: Script): void {
  if (order.stage === 'fixed_on_spot') return
  if (!has('refused')) {
    if (fault.parts.length > 0) {
      add(95, engineer, 'settle', (when) => ({ used: fault.parts.map(([number, pieces]) => ({ part: when.part(number),
        quantity: pieces * 1_000, destination: oldParts[index % 3], tag: `旧件 ${index + 1}` })) }), 'part_request')
    }
    add(20, engineer, 'finish', () => finishForm(machine, fault))
  }
  if (has('message_left')) add(30, desk, 'notify', () => ({ outcome: 'message_left', message_taker: '前台小许' }))
  if (has('unreached')) {
    add(40, desk, 'notify', () => ({ outcome: 'unreached' }))
    add(590, desk, 'notify', () => ({ outcome: 'unreached', note: '手机关机' }))
  }
  stop('waiting_close_out')
  if (order.stage === 'delivering' || has('delivered')) {
    add(25, desk, 'agree_delivery', (when) => ({ handler: when.person(engineer),
      delivery_at: new Date(when.at + 3 * 3_600_000).toISOString() }))
    stop('delivering')
    return
  }
  add(14, desk, 'notify', (when) => toldForm(when.date(1)))
  if (has('tested')) add(90, engineer, 'test_at_pick_up', () => pickUpForm)
  stop('waiting_pick_up')
}

function handedOver(script: Script): void {
  const { order, index, machine, fault, customer, desk, engineer, has, add, stop } = script
  const back = backForm(machine, index)
  const free = order.warranty === 'in' || has('refused') || order.stage === 'fixed_on_spot'
  const money = free ? { payment_way: 'none' } : customer.settlement === 'monthly' ? { payment_way: 'monthly' }
    : { payment_way: customer.kind === 'person' ? 'code' : 'transfer', paid_fen: totalOf(fault) }
  const unhappy = has('unhappy') ? { satisfied: 'no', complaint: '说好三天，拖到第五天才修好，也没有人打电话。' } : {}
  if (order.stage !== 'fixed_on_spot') {
    if (has('delivered')) {
      add(150, engineer, 'deliver', () => ({ ...pickUpForm, ...back, satisfied: 'yes', signed_way: 'paper', ...money }))
    } else {
      if (has('untested')) add(400, desk, 'skip_test', () => ({ not_tested_reason: '客户赶车，约好后天电话确认' }))
      else if (!has('tested')) add(420, engineer, 'test_at_pick_up', () => pickUpForm)
      add(9, desk, 'hand_over', (when) => ({ ...handOverForm, ...back, ...money, ...unhappy,
        ...(has('lost_copy') && { copy_shown: 'lost', identity_check: '核对身份证，并回拨登记手机',
          identity_approved_by: when.person('zhao') }) }))
    }
    stop('handed_over')
  }
  add(45, desk, 'enter', () => (has('delivered') ? { handed_in: true } : {}))
}

function reviewed(script: Script): void {
  const { order, desk, engineer, has, add, stop } = script
  if (has('unhappy')) {
    add(60, 'zhao', 'investigate', (when) => ({ handler: when.person('zhao') }), 'complaint')
    add(200, 'zhao', 'propose', () => ({ cause: '等派修隔了一个周末，没有主动联系客户',
      proposal: '致歉，免收工时费，今后超期先打电话' }), 'complaint')
    add(90, 'zhao', 'close', () => ({ agreed: 'yes', outcome: '客户接受，表示理解' }), 'complaint')
  }
  if (has('review_returned')) add(150, 'zhao', 'return', () => ({ defects: '没有写换下硬盘的去向' }), 'order_review')
  if (has('rescheduled')) {
    add(200, desk, 'call', (when) => ({ outcome: 'busy', next_at: new Date(when.at + 26 * 3_600_000).toISOString() }),
      'call_back')
  }
  if (order.stage === 'closed' || order.stage === 'fixed_on_spot' || has('passed')) {
    add(260, 'zhao', 'pass', () => reviewForm, 'order_review')
  }
  if (has('talked')) add(120, desk, 'call', () => calledForm, 'call_back')
  stop('entered')
  add(180, desk, 'call', () => ({ ...calledForm,
    ...(has('need') && { potential_need: '想再买一台彩色喷墨机', satisfaction: 'very_satisfied' }),
    ...(has('not_normal') && { runs_normally: 'no', weak_points: ['technique'], satisfaction: 'neutral' }),
    ...(has('unhappy_call') && { satisfaction: 'dissatisfied', weak_points: ['cycle', 'response'],
      weak_text: '修了四天才好，中间没有人告诉我进度。' }) }), 'call_back')
  if (has('reported')) {
    add(500, desk, 'report', () => ({ feedback: `已在晨会通报，反馈给${engineer === 'wu' ? '吴俊杰' : '当事工程师'}` }),
      'call_back')
  }
}
