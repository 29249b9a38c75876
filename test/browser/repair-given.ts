import type { APIRequestContext } from 'playwright-core'
import { intakeSteps } from '../../src/processes/repair/checklists.ts'
import { passed } from '../repair.ts'

/** Customers, machines and orders for pages to be looked at, made over the API by whoever is signed in. */
export type Given = {
  customer(more?: object): Promise<string>
  machine(customer: string, more?: object): Promise<string>
  order(customer: string, machine: string, more?: object): Promise<string>
  act(id: string, action: string, form?: object): Promise<void>
  /** What the counter writes down when it takes a machine in. */
  intake: object
}

export function givenBy(request: APIRequestContext): Given {
  const send = async (url: string, data: object): Promise<string> => {
    const answer = await request.post(url, { data })
    if (!answer.ok()) throw new Error(`${url}: ${await answer.text()}`)
    return (await answer.json() as { id: string }).id
  }
  return {
    customer: (more = {}) => send('/api/customer?action=register', { customer_kind: 'organisation', name: '远景律师事务所',
      phone: '02087583950', contact_name: '张敏', contact_phone: '13912345678', ...more }),
    machine: (customer, more = {}) => send('/api/machine?action=register', { customer, product_kind: 'laser_printer',
      brand: 'HP', model: 'LaserJet M1136', serial_number: 'CNB8K12345', purchase_date: '2026-03-01', ...more }),
    order: (customer, machine, more = {}) => send('/api/repair_order?action=open', { customer, machine,
      contact_name: '张敏', contact_phone: '13912345678', arrived_as: 'carried_in', symptom: '打印时卡纸', warranty: 'in',
      ...more }),
    act: async (id, action, form = {}) => { await send(`/api/repair_order/${id}/${action}`, form) },
    intake: { appearance: '左侧有划痕', configuration: '标配', attachments_kept: 'taken_home', sent_in_on: '2026-11-21',
      signed_way: 'paper', promised_at: new Date(Date.now() + 3 * 86_400_000).toISOString(),
      intake_steps: passed(intakeSteps) },
  }
}

/** What the bench writes down when it looks at a machine at the counter. */
export const inspected = { reproduced: 'yes', possible_cause: 'wear', configuration_confirmed: true, other_faults: '无',
  fixable_on_spot: 'no', fault_analysis: '定影膜破损' }
