import type { Actor } from '../src/server/context.ts'
import { withParts } from './parts.ts'
import { type RepairCompany, type Stage, done, forms, pieces, withRepairs } from './repair.ts'
import type { Walker } from './walk.ts'

/**
 * Records of the repair centre that have come far, for walks that would take long to get there: one for each state of a
 * process, brought there by its people.
 */

const centres = new WeakMap<Walker, RepairCompany>()

/** The walker's company as the stories of the repair centre know it: one, so that its customers are numbered on. */
function centreOf(walker: Walker): RepairCompany {
  const { at, staff } = walker
  const who = (role: string): Actor => staff[role]!
  const known = centres.get(walker) ?? withRepairs(withParts({ ...at }, { keeper: who('storekeeper'),
    coordinator: who('coordinator'), engineer: who('bench_engineer'), lead: who('lead_engineer'),
    supervisor: who('supervisor'), boss: who('manager') }))
  centres.set(walker, known)
  return known
}

const stages: readonly Stage[] = ['inspected', 'waiting_test', 'testing', 'diagnosed', 'waiting_consent', 'approved',
  'dispatched', 'repairing', 'waiting_close_out', 'waiting_pick_up', 'handed_over', 'entered']

/** Where an order stands beside the main path: from which stage, by whom, with what. */
const aside: readonly [from: Stage, by: 'coordinator' | 'engineer' | 'keeper', action: string, input: object][] = [
  ['testing', 'engineer', 'pass_to_peer', { reason: '须芯片级维修' }],
  ['testing', 'coordinator', 'send_to_peer', { peer: '联友维修', reason: '须芯片级维修' }],
  ['diagnosed', 'coordinator', 'give_up', { reason: '客户不修了' }],
  ['dispatched', 'engineer', 'part_out_of_stock', {}],
  ['waiting_close_out', 'coordinator', 'agree_delivery', { delivery_at: '2026-11-24T02:00:00Z' }],
]

/** 维修单: one in each state between the counter and the review. */
export async function ordersBegun(walker: Walker): Promise<string[]> {
  const at = centreOf(walker)
  const begun: string[] = []
  for (const stage of stages) begun.push(await at.at_state(stage))
  for (const [from, by, action, input] of aside) {
    const id = await at.at_state(from)
    done(await at.does(at[by], action, id, { ...input, ...(action === 'agree_delivery' && { handler: at.engineer.id }) }))
    begun.push(id)
  }
  return begun
}

/** 报价单: priced, being reviewed, sent by phone and by mail, asked about, waiting to be chased, agreed. */
export async function quotationsBegun(walker: Walker): Promise<string[]> {
  const at = centreOf(walker)
  const desk = at.coordinator
  const ways: readonly (readonly [action: string, input: object])[][] = [
    [],
    [['price', forms.price]],
    [['price', forms.price], ['ask_review', { review_question: '能不能再便宜五十？' }]],
    [['price', forms.price], ['send', { way: 'fax', fax: '02087001235' }]],
    [['price', forms.price], ['send', forms.phoned]],
    [['price', forms.price], ['send', forms.phoned], ['ask', { question: '能不能只换定影膜？' }]],
    [['price', forms.price], ['send', forms.phoned], ['remind', {}]],
    [['price', forms.price], ['send', forms.phoned], ['accept', { answer_way: 'phone', answered_by: '刘女士' }]],
  ]
  const begun: string[] = []
  for (const way of ways) {
    const order = await at.at_state('diagnosed')
    const { id } = (await at.children(order, 'quotation')).at(-1)!
    for (const [action, input] of way) done(await at.does(desk, action, id, input, 'quotation'))
    begun.push(id)
  }
  return begun
}

/** 领料单: waiting for consent, agreed, out of stock, ordered, arrived, handed out. */
export async function requestsBegun(walker: Walker): Promise<string[]> {
  const at = centreOf(walker)
  const begun: string[] = []
  const order = await at.at_state('dispatched')
  for (const [index, steps] of [[], ['consent'], ['consent', 'mark_out_of_stock'], ['consent', 'mark_out_of_stock', 'order'],
    ['consent', 'mark_out_of_stock', 'arrive'], ['consent', 'issue']].entries()) {
    const part = await at.part(`B-${index}`, { price_fen: 900_000 }, steps.includes('mark_out_of_stock') ? 0 : 5)
    const { id } = done(await at.act(at.engineer, 'part_request', 'request', null, { parent: order,
      lines: [{ part, quantity: pieces(2) }] }))
    await at.settled()
    for (const step of steps) {
      const by = step === 'consent' ? at.lead : step === 'order' ? at.coordinator : at.keeper
      done(await at.does(by, step, id, step === 'order' ? { customer_consent: 'phone' } : {}, 'part_request'))
    }
    (walker.records.part ??= []).push(part)
    begun.push(id)
  }
  return begun
}
