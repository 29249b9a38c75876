import { typed } from '../../engine/ask.ts'
import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'
import { pickUpCall } from './checklists.ts'
import { atWork, repairClocks } from './repair-order-clocks.ts'
import { broughtIn } from './brought-in.ts'
import { repairCards as cards } from './repair-order-cards.ts'
import { finishing, handingOver, handler, inspection, intake, note, opening, photos, pickUp, reason, result }
  from './repair-order-fields.ts'
import { not_repaired_because, repair_outcome } from './repair-outcome.ts'

/**
 * 维修单 — one machine from the counter to the call-back. Its quotation, part requests, review and call-back are records
 * of their own that tell it what happened. Source: the repair centre's regulation, S4-G to S4-P and S4-S to S4-V.
 */
type Facts = BaseFacts & {
  inspected: boolean; engineer_named: boolean; fixable_on_spot: boolean; machine_identified: boolean; in_warranty: boolean; product: string
  visits: number; parts_unsettled: number; parts_missing: number; orders_count: number; mismatch_open: boolean
  tested_at_pick_up: boolean; not_tested: boolean; notify_attempts: number; delivered: boolean; agreed: boolean
  told_already: boolean; peer_case: boolean; rework: boolean; attachments_here: boolean; agreed_nothing: boolean
  reviews_open: number; reviews_passed: number; call_backs_open: number; call_backs_done: number
  escalations_open: number; quotations_open: number; loans_open: number; importer: boolean
}

const bench = ['bench_engineer', 'lead_engineer'] as const
const desk = ['coordinator', 'hotline'] as const
const overseers = ['supervisor', 'manager'] as const
const insiders = ['coordinator', 'hotline', ...bench, ...overseers, 'finance'] as const
const proposal: Field = { kind: 'choice', zh: '给客户的建议', options: { wait: '等候，有进展就回电', lend: '借备用机应急', later: '改约取机时间',
  elsewhere: '送同行维修', give_back: '先取回机器' } }
const resultOnceSettled = [{ when: 'mismatch_settled', action: 'record_result', owed_by: 'handler' },
  { action: 'settle_mismatch', owed_by: 'handler' }] as const
const limit = (f: Facts, name: string): number => f.limits[name] ?? Infinity

export const repairOrder = defineProcess({
  name: 'repair_order',
  zh: '维修单',

  states: {
    intake: { zh: '接待中', kind: 'active', next: [
      { when: 'inspected', action: 'receive', owed_by: 'coordinator' },
      { when: 'engineer_named', action: 'inspect', owed_by: 'handler' },
      { action: 'call_engineer', owed_by: 'coordinator' }],
      edits: ['symptom', 'fault_frequency', 'fault_history', 'warranty', 'purchase_date', 'contact_name',
        'contact_phone'] },
    waiting_test: { zh: '等待检测', kind: 'active', next: 'take_for_test', owed_by: 'bench_engineer',
      edits: ['symptom', 'fault_history', 'warranty', 'contact_name', 'contact_phone', 'configuration', 'appearance',
        'aas_opened_at'] },
    testing: { zh: '检测中', kind: 'active', next: resultOnceSettled,
      edits: ['symptom', 'warranty', 'contact_name', 'contact_phone', 'aas_opened_at'] },
    diagnosed: { zh: '结果已出', kind: 'active', owed_by: 'coordinator',
      edits: ['contact_name', 'contact_phone', 'price_proposal_fen'] },
    waiting_consent: { zh: '待同意', kind: 'waiting', owed_by: 'customer',
      edits: ['contact_name', 'contact_phone'] },
    approved: { zh: '已同意', kind: 'active', next: 'dispatch_repair', owed_by: 'coordinator' },
    dispatched: { zh: '已派修', kind: 'active', next: 'start_repair', owed_by: 'handler' },
    waiting_part: { zh: '等待备件', kind: 'waiting', next: 'tell_about_part', owed_by: 'coordinator' },
    repairing: { zh: '维修中', kind: 'active', next: 'finish', owed_by: 'handler' },
    for_peer: { zh: '待送同行', kind: 'active', next: 'send_to_peer', owed_by: 'coordinator' },
    at_peer: { zh: '在同行处', kind: 'waiting', next: 'peer_progress', owed_by: 'coordinator' },
    restoring: { zh: '装回原样', kind: 'active', next: 'restored', owed_by: 'handler' },
    waiting_close_out: { zh: '等待结单', kind: 'active', next: 'notify', owed_by: 'coordinator' },
    waiting_pick_up: { zh: '等待取机', kind: 'waiting', next: 'hand_over', owed_by: 'customer' },
    delivering: { zh: '送机中', kind: 'active', next: 'deliver', owed_by: 'handler' },
    handed_over: { zh: '已交机', kind: 'active', next: 'enter', owed_by: 'coordinator', edits: ['work_done'] },
    entered: { zh: '已入单', kind: 'waiting', owed_by: 'supervisor' },
    closed: { zh: '已关闭', kind: 'done' },
    cancelled: { zh: '已取消', kind: 'void' },
  },

  guards: {
    inspected: { zh: '工程师还没有验机；收机前必须当面检测确认故障', test: (f: Facts) => f.inspected,
      or: { reason: true, by: ['coordinator', 'supervisor', 'lead_engineer'] }, rule: ['S4-183'] },
    engineer_named: { zh: '已请工程师', test: (f: Facts) => f.engineer_named },
    machine_identified: { zh: '型号或序列号还没有登记（没有序列号请在机器上写明）',
      test: (f: Facts) => f.machine_identified, rule: ['S4-146'] },
    can_fix_on_spot: { zh: '验机结论不是「能当场修好」', test: (f: Facts) => f.inspected && f.fixable_on_spot },
    parts_settled: { zh: '领出的备件还没有全部销账或归还', test: (f: Facts) => f.parts_unsettled === 0,
      or: { reason: true, by: ['supervisor'] } },
    mismatch_settled: { zh: '症状与送修记录不符，还没有联系主管工程师和客户', rule: ['S4-207'],
      test: (f: Facts) => !f.mismatch_open, or: { reason: true, by: ['lead_engineer', 'supervisor'] } },
    tested_or_excused: { zh: '交机前必须由工程师验机；客户不能当场验机的，请先登记「未当场验机」',
      test: (f: Facts) => f.tested_at_pick_up || f.not_tested, rule: ['S4-119', 'S4-193'] },
    loan_returned: { zh: '借给客户的备用机还没有归还', test: (f: Facts) => f.loans_open === 0,
      or: { reason: true, by: ['supervisor', 'manager', 'coordinator'] } },
    all_done: { zh: '审核和回访都已完成', rule: ['S4-009'], test: (f: Facts) => f.reviews_open === 0
      && f.reviews_passed > 0 && f.call_backs_open === 0 && f.call_backs_done > 0 },
    no_open_quotation: { zh: '已有没办完的报价单', test: (f: Facts) => f.quotations_open === 0 },
    parts_still_missing: { zh: '还缺别的备件', test: (f: Facts) => f.parts_missing > 0 },
    ordered_often: { zh: '多次订备件仍未解决', rule: ['S4-217'],
      test: (f: Facts) => f.orders_count + 1 >= limit(f, 'repair.part_orders') },
    visited_often: { zh: '多次上门仍未解决', rule: ['S4-216'],
      test: (f: Facts) => f.visits + 1 >= limit(f, 'repair.visits') },
    by_hand: { zh: '由人提出', test: (f: Facts) => f.actor.kind !== 'system' },
    not_with_lead: { zh: '主管工程师手上还没有这次升级', test: (f: Facts) => f.escalations_open === 0 },
    free_repair: { zh: '保内免费维修', test: (f: Facts) => f.in_warranty },
    needs_quote: { zh: '需要报价', test: (f: Facts) => !f.in_warranty },
    is_printer: { zh: '打印类产品', test: (f: Facts) => f.product.includes('printer') || f.product === 'plotter' },
    prints_pages: { zh: '激光或喷墨打印机', test: (f: Facts) => f.product.includes('printer') },
    is_computer: { zh: '电脑类产品', test: (f: Facts) => ['pc', 'notebook', 'server'].includes(f.product) },
    is_other_kind: { zh: '其他产品', test: (f: Facts) => !f.product.includes('printer')
      && !['plotter', 'pc', 'notebook', 'server'].includes(f.product) },
    needs_esd: { zh: '涉及硬件，须防静电', ...typed({ input: 'work_kind', is: ['hardware'] }) },
    attachments_left: { zh: '有附件留下', ...typed({ input: 'attachments_kept', is: ['left'] }) },
    attachments_here: { zh: '收机时留下了附件', test: (f: Facts) => f.attachments_here },
    signed_on_glass: { zh: '在屏幕上签字', ...typed({ input: 'signed_way', is: ['glass'] }) },
    copy_was_lost: { zh: '没有客户联', ...typed({ input: 'copy_shown', is: ['lost'] }) },
    attachments_differ: { zh: '附件或配置有差异', ...typed({ input: 'attachments_check', is: ['differs', 'missing'] }) },
    attachments_missing: { zh: '附件有缺失', ...typed({ input: 'attachments_check', is: ['missing'] }) },
    is_dissatisfied: { zh: '客户不满意', ...typed({ input: 'satisfied', is: ['no'] }) },
    must_pay: { zh: '须当场付款', ...typed({ input: 'payment_way', is: ['cash', 'transfer', 'code'] }) },
    nothing_to_pay: { zh: '没有要付的钱', test: (f: Facts) => f.in_warranty || f.agreed_nothing },
    was_told: { zh: '已通知到客户', ...typed({ input: 'outcome', is: ['told'] }) },
    left_message: { zh: '请人转告', ...typed({ input: 'outcome', is: ['message_left'] }) },
    not_reached: { zh: '没有通知到本人', test: (f: Facts) => f.input.outcome !== 'told' },
    tried_often: { zh: '多次通知不到', test: (f: Facts) => f.input.outcome !== 'told'
      && f.notify_attempts + 1 >= limit(f, 'repair.tries_before_supervisor') },
    peer_repaired: { zh: '同行已修好，客户也同意过', test: (f: Facts) => f.input.peer_outcome === 'repaired' && f.agreed },
    was_not_tested: { zh: '未当场验机', test: (f: Facts) => f.not_tested && !f.tested_at_pick_up },
    was_delivered: { zh: '工程师送回的', test: (f: Facts) => f.delivered },
    no_loaner: { zh: '没有选登记在册的备用机', ...typed({ input: 'loaner', given: false }) },
    is_rework: { zh: '返修的机器', ...typed({ input: 'rework_of', given: true }) },
    came_from_repair: { zh: '返修单', test: (f: Facts) => f.rework },
    being_brought_in: { zh: '只有在导入历史数据时才能补录旧单', test: (f: Facts) => f.importer },
    is_peer_case: { zh: '送同行维修的', test: (f: Facts) => f.peer_case },
    customer_came_first: { zh: '客户先来催问', ...typed({ input: 'who_called_first', is: ['customer'] }) },
    prints_record: { zh: '印维修服务记录单', test: (f: Facts) => (f.input.paper ?? 'service_record') === 'service_record' },
    prints_note: { zh: '印机器标签', ...typed({ input: 'paper', is: ['machine_note'] }) },
    prints_labels: { zh: '印附件标签', ...typed({ input: 'paper', is: ['attachment_labels'] }) },
    prints_repair_label: { zh: '印维修记录标签', ...typed({ input: 'paper', is: ['repair_label'] }) },
    prints_care_note: { zh: '印使用保养卡', ...typed({ input: 'paper', is: ['care_note'] }) },
    prints_receipt: { zh: '印收据', ...typed({ input: 'paper', is: ['receipt'] }) },
    was_told_already: { zh: '本来就在等待取机', test: (f: Facts) => f.told_already },
  },

  actions: {
    open: { zh: '接待送修', from: null, to: 'intake', by: [...desk, ...bench, 'system'], writes: 'open',
      rule: ['S4-075'], needs: { ...opening, handler }, cards: cards.open,
      then: [{ tell: 'named', field: 'rework_of', action: 'back_for_rework', when: 'is_rework' },
        { send: 'rework', to: 'supervisor', when: 'is_rework' }] },

    bring_in: { zh: '补录旧单', from: null, to: 'closed', by: [...desk, ...overseers], when: ['being_brought_in'],
      writes: 'bring_in', needs: broughtIn },

    call_engineer: { zh: '请工程师验机', from: 'intake', by: desk,
      needs: { handler: { ...handler, required: true, first: 'lead_engineer', rule: ['S4-184'] } },
      cards: cards.call_engineer,
      then: [{ send: 'engineer_to_counter', to: 'handler' }], rule: ['S4-079', 'S4-184'] },

    inspect: { zh: '送机验机', from: 'intake', by: bench, needs: { ...inspection, photos }, writes: 'inspect',
      cards: cards.inspect },

    receive: { zh: '收机', from: 'intake', to: 'waiting_test', by: [...desk, ...bench], writes: 'receive',
      when: ['inspected', 'machine_identified'], needs: intake, rule: ['S4-089', 'S4-191'], cards: cards.receive,
      then: [{ print: 'service_record' }, { print: 'attachment_labels', when: 'attachments_left' }] },

    fix_on_spot: { zh: '当场修好', from: 'intake', to: 'handed_over', by: bench, when: ['can_fix_on_spot'],
      writes: 'hand_over', needs: { work_done: finishing.work_done, printer_test: finishing.printer_test,
        computer_test: finishing.computer_test, other_test: finishing.other_test,
        satisfied: handingOver.satisfied, complaint: handingOver.complaint, payment_way: handingOver.payment_way,
        paid_fen: handingOver.paid_fen, signed_way: handingOver.signed_way, signature: handingOver.signature },
      then: [{ open: 'complaint', when: 'is_dissatisfied', fill: { what: { input: 'complaint' },
        title: { record: 'title' } } }] },

    take_for_test: { zh: '取机检测', from: 'waiting_test', to: 'testing', by: bench, writes: 'take', needs: {} },

    record_result: { zh: '填写检测结果', from: 'testing', by: bench, needs: result,
      when: ['mismatch_settled'],
      to: [{ when: 'free_repair', state: 'approved' }, { state: 'diagnosed' }],
      then: [{ open: 'quotation', when: 'needs_quote',
        fill: { title: { record: 'title' }, proposal_fen: { input: 'price_proposal_fen' } } }] },

    report_mismatch: { zh: '症状不符', from: ['testing', 'dispatched', 'repairing'], by: bench, writes: 'mismatch',
      needs: { mismatch: { kind: 'long_text', zh: '不符之处', required: true, max: 1000 } },
      then: [{ send: 'symptom_mismatch', to: 'lead_engineer' }] },

    settle_mismatch: { zh: '不符已沟通', from: ['testing', 'dispatched', 'repairing'], by: [...bench, ...desk],
      writes: 'settle_mismatch', needs: {
        mismatch_answer: { kind: 'long_text', zh: '主管工程师和客户的意见', required: true, max: 1000 } } },

    reply_customer: { zh: '答复客户', from: atWork, by: [...desk, ...bench], needs: {
      reply_way: { kind: 'choice', zh: '方式', required: true,
        options: { phone: '电话', message: '短信或微信', mail: '邮件', face: '当面' } },
      reply: { kind: 'long_text', zh: '答复内容', required: true, max: 1000 } } },

    change_promise: { zh: '改约取机时间', from: atWork, by: desk, writes: 'promise', cards: cards.change_promise,
      then: [{ send: 'customer_chased', to: 'supervisor', when: 'customer_came_first' }], needs: {
      promised_at: { ...intake.promised_at, required: true }, reason, who_called_first: { kind: 'choice', zh: '谁先联系', required: true,
        options: { us: '我们先联系客户', customer: '客户先来催问' } } } },

    ask_quotation: { zh: '另行报价', from: ['diagnosed', 'approved', 'dispatched', 'waiting_part', 'repairing'],
      to: 'diagnosed', by: [...desk, ...bench], when: ['no_open_quotation'],
      needs: { reason, price_proposal_fen: result.price_proposal_fen },
      then: [{ open: 'quotation',
        fill: { title: { record: 'title' }, proposal_fen: { input: 'price_proposal_fen' } } }] },

    free_of_charge: { zh: '确认保内免费', from: ['diagnosed', 'waiting_consent'], to: 'approved', writes: 'in_warranty',
      by: [...desk, 'lead_engineer', ...overseers], needs: { reason } },

    quoted: { zh: '已报价', from: 'diagnosed', to: 'waiting_consent', by: ['system'], rule: ['S4-147'],
      then: [{ print: 'machine_note' }] },
    quote_question: { zh: '客户询问报价', from: 'waiting_consent', by: ['system'],
      then: [{ send: 'quote_question', to: 'coordinator' }] },
    consent: { zh: '客户同意', from: ['diagnosed', 'waiting_consent'], to: 'approved', by: ['system'], writes: 'consent',
      then: [{ send: 'dispatch_now', to: 'coordinator' }] },
    decline: { zh: '客户不同意', from: ['diagnosed', 'waiting_consent'], to: 'restoring', by: ['system'],
      then: [{ send: 'repair_dispatched', to: 'handler' }] },
    give_up: { zh: '不修了', from: atWork, to: 'restoring', by: [...desk, 'lead_engineer', ...overseers],
      needs: { reason }, then: [{ send: 'repair_dispatched', to: 'handler' }] },
    requote: { zh: '重新报价', from: 'waiting_consent', to: 'diagnosed', by: ['system'] },

    dispatch_repair: { zh: '派修', from: 'approved', to: 'dispatched', by: [...desk, 'supervisor', 'lead_engineer'],
      needs: { handler: { ...handler, required: true, first: 'bench_engineer', usual: { record: 'handler' },
        rule: ['S4-126'] }, note }, rule: ['S4-126'],
      then: [{ send: 'repair_dispatched', to: 'handler' }] },

    start_repair: { zh: '开始维修', from: 'dispatched', to: 'repairing', by: bench, writes: 'take', needs: {
      work_kind: { kind: 'choice', zh: '维修内容', required: true, options: { hardware: '硬件', software: '软件或外部清洁' } },
      esd: { kind: 'confirm', zh: '在防静电室、用防静电设备、戴好手环', required: 'needs_esd', rule: ['S4-203'] } } },

    part_requested: { zh: '申请备件', from: 'any', by: ['system'] },
    parts_issued: { zh: '备件已发出', from: 'any', by: ['system'] },
    parts_settled: { zh: '备件已销账', from: 'any', by: ['system'] },
    part_out_of_stock: { zh: '缺件待订', from: ['approved', 'dispatched', 'repairing'], to: 'waiting_part',
      by: ['system', ...bench, ...desk], rule: ['S4-147'],
      then: [{ print: 'machine_note' }, { tell: 'self', action: 'escalate', when: 'ordered_often' }] },
    part_arrived: { zh: '备件到了', from: 'waiting_part', by: ['system', ...desk],
      to: [{ when: 'parts_still_missing', state: 'waiting_part' }, { state: 'dispatched' }],
      then: [{ send: 'part_here', to: 'handler' }, { send: 'part_here', to: 'coordinator' }] },
    tell_about_part: { zh: '告知客户缺件', from: 'waiting_part', by: desk, writes: 'tell_special', cards: cards.part,
      rule: ['S4-135', 'S4-141'], needs: {
        told_at: { kind: 'instant', past: true, zh: '通话时间' }, eta: { kind: 'text', zh: '告知的到货或完成时间', required: true, max: 80 },
        proposal, customer_reaction: { kind: 'text', zh: '客户意见', max: 200 } } },
    tell_about_delay: { zh: '告知客户难修', from: ['testing', 'diagnosed', 'dispatched', 'repairing', 'for_peer', 'at_peer'],
      by: [...desk, ...bench], writes: 'tell_special', rule: ['S4-141'], cards: cards.delay, needs: {
        told_at: { kind: 'instant', past: true, zh: '通话时间' }, said: { kind: 'long_text', zh: '说明的现状', required: true, max: 500 },
        eta: { kind: 'text', zh: '告知的到货或完成时间', required: true, max: 80 },
        proposal: { ...proposal, required: true }, customer_reaction: { kind: 'text', zh: '客户意见', max: 200 } } },

    stop_waiting: { zh: '不再等件', from: 'waiting_part', to: 'dispatched', by: [...desk, 'lead_engineer', ...overseers],
      needs: { reason } },

    pass_to_peer: { zh: '决定送同行', from: ['testing', 'diagnosed', 'dispatched', 'repairing'], to: 'for_peer',
      by: [...bench, ...desk, 'supervisor'], needs: { reason }, then: [{ send: 'for_peer', to: 'coordinator' }] },
    send_to_peer: { zh: '送同行', from: ['testing', 'diagnosed', 'dispatched', 'repairing', 'for_peer'], to: 'at_peer',
      by: [...desk, 'lead_engineer', 'supervisor'], rule: ['S4-137'],
      writes: 'follow_peer', needs: { peer: { kind: 'text', zh: '同行', required: true, max: 80 }, reason } },
    peer_progress: { zh: '同行进度', from: 'at_peer', by: [...desk, ...bench], rule: ['S4-139'], writes: 'follow_peer',
      needs: { progress: { kind: 'long_text', zh: '进度', required: true, max: 500 } } },
    answer_from_peer: { zh: '同行结果已答复客户', from: 'at_peer', by: [...desk, ...bench], rule: ['S4-138'], needs: {
      reply: { kind: 'long_text', zh: '答复内容', required: true, max: 1000 },
      peer_price_fen: { kind: 'fen', zh: '同行报价', seen_by: insiders } } },
    back_from_peer: { zh: '同行送回', from: 'at_peer', by: [...desk, ...bench],
      to: [{ when: 'peer_repaired', state: 'repairing' }, { state: 'testing' }],
      needs: { peer_outcome: { kind: 'choice', zh: '结果', required: true,
        options: { repaired: '已修好', not_repaired: '没有修好' } }, peer_cost_fen: { kind: 'fen', zh: '同行费用' } } },

    escalate: { zh: '升级', from: ['testing', 'diagnosed', 'dispatched', 'repairing', 'waiting_part'], writes: 'escalate',
      by: [...bench, 'supervisor', 'system'], rule: ['S4-212', 'S4-213', 'S4-214', 'S4-215'],
      needs: { trigger: { kind: 'choice', zh: '升级原因', required: 'by_hand', options: { experience: '凭经验无法解决',
        lacking: '缺少手册或工具', visits: '两次上门未解决', part_orders: '两次订件未解决', one_week: '一周未查明故障',
        many: '同型号多台同样故障', risk: '价格或风险变化' } }, note },
      then: [{ send: 'escalated', to: 'lead_engineer' }, { send: 'escalated', to: 'supervisor' },
        { open: 'task', when: 'not_with_lead', fill: { title: { words: 'task.escalated' }, team: { value: 'lead_engineer' },
          detail: { input: 'note' } } }] },

    visited_unsolved: { zh: '上门没修好', from: ['testing', 'diagnosed', 'dispatched', 'repairing', 'waiting_part'],
      by: [...bench, 'field_engineer', ...desk], writes: 'visited', needs: {
        visit_what: { kind: 'long_text', zh: '现场做了什么', required: true, max: 1000 } },
      then: [{ tell: 'self', action: 'escalate', when: 'visited_often' }] },

    lend: { zh: '借出备用机', from: ['waiting_test', 'testing', 'diagnosed', 'waiting_consent', 'waiting_part', 'repairing',
      'at_peer'], by: desk, rule: ['S4-142'], cards: cards.lend,
      needs: { loaner: { kind: 'record', process: 'loaner', zh: '在册备用机' },
        loan_what: { kind: 'text', zh: '备用机', required: 'no_loaner', max: 120, hint: '没有登记在册的，写品牌型号' },
        loan_accessories: { kind: 'text', zh: '随机附件', max: 200 }, loan_until: { kind: 'date', zh: '约定归还' } },
      then: [{ open: 'loan', fill: { loaner: { input: 'loaner' }, what: { input: 'loan_what' }, title: { record: 'title' },
        accessories: { input: 'loan_accessories' }, until: { input: 'loan_until' } } }] },

    finish: { zh: '修好', from: 'repairing', to: 'waiting_close_out', by: [...bench, 'supervisor'], writes: 'finish',
      when: ['parts_settled', 'mismatch_settled'], needs: finishing, then: [{ print: 'repair_label' }] },

    restored: { zh: '已装回', from: 'restoring', to: 'waiting_close_out', by: bench, writes: 'finish', needs: {
      work_done: { ...finishing.work_done, usual: undefined, rule: undefined }, repair_outcome, not_repaired_because } },

    notify: { zh: '通知取机', from: ['waiting_close_out', 'waiting_pick_up'], by: desk, writes: 'notify',
      rule: ['S4-113'], cards: cards.notify,
      to: [{ when: 'was_told', state: 'waiting_pick_up' }, { when: 'was_told_already', state: 'waiting_pick_up' },
        { state: 'waiting_close_out' }],
      needs: { outcome: { kind: 'choice', zh: '结果', required: true,
        options: { told: '通知到本人', message_left: '请人转告', unreached: '没有联系上' } },
      told_points: { kind: 'checklist', zh: '电话里说到', required: 'was_told', steps: true, items: pickUpCall, rule: ['S4-112'] },
      message_taker: { kind: 'text', zh: '转告人姓名', required: 'left_message', max: 60, rule: ['S4-114'] },
      pick_up_on: { kind: 'date', zh: '约定取机日', asked_if: 'was_told' }, note },
      then: [{ open: 'task', when: 'not_reached', fill: { title: { words: 'task.notify_again' },
        team: { value: 'coordinator' }, due_at: { record: 'call_again_at' } } },
      { send: 'tried_often', to: 'supervisor', when: 'tried_often' }] },

    call_to_test: { zh: '请工程师取机验机', from: 'waiting_pick_up', by: desk, rule: ['S4-119'],
      needs: { handler: { ...handler, required: true, first: 'lead_engineer', usual: { record: 'handler' } } },
      then: [{ send: 'engineer_to_counter', to: 'handler' }] },
    test_at_pick_up: { zh: '取机验机', from: 'waiting_pick_up', by: bench, needs: pickUp, writes: 'pick_up_test',
      cards: cards.test_at_pick_up },

    skip_test: { zh: '未当场验机', from: 'waiting_pick_up', by: desk, rule: ['S4-125'],
      needs: { not_tested_reason: { ...reason, zh: '不能当场验机的原因' } } },

    hand_over: { zh: '交机', from: 'waiting_pick_up', to: 'handed_over', by: desk, writes: 'hand_over',
      when: ['tested_or_excused', 'loan_returned'], needs: handingOver, cards: cards.hand_over,
      then: [{ print: 'care_note' }, { print: 'receipt', when: 'must_pay' },
        { print: 'identity_note', when: 'copy_was_lost' },
        { send: 'identity_checked', to: 'supervisor', when: 'copy_was_lost' },
        { open: 'complaint', when: 'is_dissatisfied',
          fill: { what: { input: 'complaint' }, title: { record: 'title' } } },
        { open: 'incident', when: 'attachments_missing',
          fill: { what: { input: 'difference' }, title: { record: 'title' } } },
        { open: 'task', when: 'was_not_tested', fill: { title: { words: 'task.untested_call' },
          team: { value: 'coordinator' }, due_at: { record: 'call_again_at' } } }] },

    agree_delivery: { zh: '约好送机', from: ['waiting_close_out', 'waiting_pick_up'], to: 'delivering', by: desk,
      rule: ['S4-132'], needs: { delivery_at: { kind: 'instant', zh: '约定送机时间', required: true },
        handler: { ...handler, required: true, usual: { record: 'handler' } } },
      then: [{ send: 'delivery', to: 'handler' }] },
    not_delivered: { zh: '没有送成', from: 'delivering', to: 'waiting_close_out', by: [...bench, 'field_engineer', ...desk],
      needs: { reason } },
    deliver: { zh: '送到签收', from: 'delivering', to: 'handed_over', writes: 'hand_over',
      by: [...bench, 'field_engineer', ...desk],
      when: ['loan_returned'], needs: { ...pickUp, attachments_returned: handingOver.attachments_returned,
        satisfied: handingOver.satisfied, complaint: handingOver.complaint,
        opinion: handingOver.opinion, payment_way: handingOver.payment_way, paid_fen: handingOver.paid_fen,
        signed_way: handingOver.signed_way, signature: handingOver.signature },
      then: [{ print: 'care_note' }, { print: 'receipt', when: 'must_pay' },
        { open: 'complaint', when: 'is_dissatisfied',
        fill: { what: { input: 'complaint' }, title: { record: 'title' } } }] },

    enter: { zh: '入单', from: 'handed_over', to: 'entered', by: [...desk, 'supervisor'], rule: ['S4-052', 'S4-002'],
      needs: { note, handed_in: { kind: 'confirm', zh: '工程师已交回签收单和货款', required: 'was_delivered',
        rule: ['S4-133'] } }, then: [
        { open: 'order_review', fill: { title: { record: 'title' } } },
        { open: 'call_back', fill: { title: { record: 'title' } } }] },

    review_passed: { zh: '审核通过', from: 'entered', by: ['system'],
      to: [{ when: 'all_done', state: 'closed' }, { state: 'entered' }] },
    review_returned: { zh: '审核退回', from: 'entered', by: ['system'],
      then: [{ send: 'review_returned', to: 'handler' }, { send: 'review_returned', to: 'coordinator' }] },
    called_back: { zh: '已回访', from: 'entered', by: ['system'],
      to: [{ when: 'all_done', state: 'closed' }, { state: 'entered' }] },
    mark_unhappy: { zh: '回访不满意', from: 'any', by: ['system'], writes: 'unhappy' },

    back_for_rework: { zh: '又来返修', from: 'any', by: ['system'], writes: 'back_for_rework' },
    report_loss: { zh: '遗失或损坏', from: 'any', by: [...desk, ...bench], rule: ['S4-140'],
      needs: { loss: { kind: 'long_text', zh: '经过', required: true, max: 2000 }, photos },
      then: [{ open: 'incident', fill: { what: { input: 'loss' }, title: { record: 'title' } } }] },
    move: { zh: '移位', from: 'any', writes: 'move', by: [...desk, ...bench, 'storekeeper'], rule: ['S4-143'], needs: {
      shelf: { kind: 'text', zh: '货架', max: 40 }, folder: { kind: 'text', zh: '文件夹', max: 40 } } },
    note: { zh: '记一笔', from: 'any', by: [...desk, ...bench, ...overseers, 'storekeeper', 'salesperson'],
      needs: { note: { ...note, required: true }, photos } },
    reprint: { zh: '重印单据', from: 'any', by: [...desk, ...bench], needs: { paper: { kind: 'choice', zh: '哪一种单据',
      hint: '空着印维修服务记录单', options: { service_record: '维修服务记录单', machine_note: '机器标签', attachment_labels: '附件标签',
        repair_label: '维修记录标签', care_note: '使用保养卡', receipt: '收据' } } },
      then: [{ print: 'service_record', when: 'prints_record' }, { print: 'machine_note', when: 'prints_note' },
        { print: 'attachment_labels', when: 'prints_labels' }, { print: 'repair_label', when: 'prints_repair_label' },
        { print: 'care_note', when: 'prints_care_note' }, { print: 'receipt', when: 'prints_receipt' }] },
    left_here: { zh: '久置未取', from: 'waiting_pick_up', by: ['system'], writes: 'left_here',
      then: [{ open: 'task', fill: { title: { words: 'task.left_here' }, team: { value: 'coordinator' } } },
        { send: 'left_here', to: 'supervisor' }] },
    promise_late: { zh: '承诺可能落空', from: 'any', by: ['system'],
      then: [{ open: 'task', fill: { title: { words: 'task.contact_first' }, team: { value: 'coordinator' },
        due_at: { record: 'promised_at' } } }] },
    cancel: { zh: '取消', from: ['intake', 'waiting_test'], to: 'cancelled', by: [...desk, ...overseers],
      needs: { reason } },
  },

  clocks: repairClocks,

  documents: {
    service_record: { zh: '维修服务记录单', template: 'service-record', rule: ['S4-080', 'S4-085', 'S4-086'] },
    attachment_labels: { zh: '附件标签', template: 'attachment-labels', rule: ['S4-082'] },
    machine_note: { zh: '机器待件标签', template: 'machine-note', rule: ['S4-147'] },
    repair_label: { zh: '维修记录标签', template: 'repair-label', rule: ['S4-211'] },
    care_note: { zh: '使用保养卡', template: 'care-note', rule: ['S4-198'] },
    receipt: { zh: '收据', template: 'receipt' },
    identity_note: { zh: '身份核对记录', template: 'identity-note', rule: ['S4-117'] },
  },

  begins: ['part_request', 'task', 'complaint'],
})
