import type { Page } from 'playwright-core'
import type { RecordView } from '../../src/server/views.ts'
import { forms } from '../repair.ts'
import { type Hand, type KeyCount, handOn } from './keys.ts'
import { givenBy } from './repair-given.ts'
import type { StoryStage } from './story-stage.ts'

/** The last four digits of the phone: nobody of the demonstration has them. */
const tail = '7788'

/** Who stands at the desk, with what the others do meanwhile. */
type Desk = { page: Page; hand: Hand; bench: Page; supervisor: Page
  send(who: Page, path: string, data?: object): Promise<void>
  read(process: string, id: string): Promise<RecordView>
  isAt(process: string, id: string, state: string): Promise<RecordView>
  child(order: string, process: string): Promise<string>
  /** Opens what the page offers, by its digit; what is due has the first. */
  offer(label: string): Promise<void> }

function deskOf(stage: StoryStage, page: Page, bench: Page, supervisor: Page): Desk {
  const hand = handOn(page)
  const read = (process: string, id: string) => stage.record(page, process, id)
  return {
    page, hand, bench, supervisor, read,
    async send(who, path, data = {}) {
      const answer = await who.context().request.post(`/api/${path}`, { data })
      if (!answer.ok()) throw new Error(`${path}: ${await answer.text()}`)
    },
    isAt: (process, id, state) => stage.until(() => read(process, id), (one) => one.state.name === state),
    child: async (order, process) => (await stage.until(() => read('repair_order', order), ({ relatives }) =>
      relatives.some((one) => one.process === process))).relatives.findLast((one) => one.process === process)!.id,
    async offer(label) {
      const due = page.getByRole('region', { name: '办理' }).locator('b', { hasText: new RegExp(`^${label}$`) }).first()
      const button = page.getByRole('button', { name: new RegExp(`^\\d ?${label}$`) })
      await due.or(button).first().waitFor()
      await hand.press(await due.isVisible() ? '1' : (await button.locator('kbd').innerText()).trim())
      await page.locator('main form').first().waitFor()
    },
  }
}

/** From the list of what is to be done to the counter, for this purpose, and to the customer by the phone. */
async function toCustomer({ page, hand }: Desk, purpose: RegExp): Promise<void> {
  await page.goto('/')
  await page.getByText('现在要办').locator('visible=true').first().waitFor()
  hand.took('')
  await hand.press('r')
  const button = page.getByRole('button', { name: purpose }).first()
  await button.waitFor()
  await hand.press((await button.locator('kbd').innerText()).trim())
  await page.getByLabel('找客户、机器或单据').and(page.locator(':focus')).waitFor()
  await hand.type(tail, true)
  await page.getByRole('option', { name: /景泰律师楼/ }).waitFor()
  await hand.press('Enter')
}

/** @returns the order */
async function receive(desk: Desk): Promise<string> {
  const { page, hand, bench, send, offer, isAt } = desk
  await toCustomer(desk, /送修/)
  const machine = page.getByRole('button', { name: /LaserJet M1136/ })
  await machine.waitFor()
  await hand.press(await machine.locator('kbd').innerText())
  await page.getByText(/^保外/).first().waitFor()
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
  await hand.type('打印时卡纸，每页都卡')
  await hand.press('Control+Enter')
  await page.waitForURL(/\/repair_order\/[0-9a-f-]{36}/)
  const order = /[0-9a-f-]{36}/.exec(page.url())![0]
  // The page says that nobody has looked at the machine, until somebody has.
  const unseen = page.locator('b', { hasText: '请工程师验机' })
  await unseen.waitFor()
  await send(bench, `repair_order/${order}/inspect`, forms.inspection)
  await unseen.waitFor({ state: 'detached' })
  await offer('收机')
  await hand.answer({ appearance: { type: '左侧有划痕' }, configuration: { type: '标配 8MB' }, attachments_kept: ['1'],
    signed_way: ['2'], intake_steps: ['1'] })
  await isAt('repair_order', order, 'waiting_test')
  return order
}

async function quote({ page, hand, bench, send, child, offer, isAt }: Desk, order: string): Promise<void> {
  await send(bench, `repair_order/${order}/take_for_test`)
  await send(bench, `repair_order/${order}/record_result`, forms.result)
  const quotation = await child(order, 'quotation')
  await page.goto(`/repair_order/${order}`)
  hand.took('')
  await page.getByText('报价单 定价').waitFor()
  await hand.press('0')
  await page.waitForURL(`**/quotation/${quotation}`)
  await hand.answer({ period: { type: '3 个工作日' } })
  await isAt('quotation', quotation, 'priced')
  await offer('报价给客户')
  await hand.press('a')
  await hand.answer({ heard: ['1'], phone_answer: ['1'] })
  await isAt('repair_order', order, 'approved')
}

async function notify({ page, hand, bench, send, read, offer, isAt }: Desk, order: string): Promise<void> {
  const { values } = await read('repair_order', order)
  await send(page, `repair_order/${order}/dispatch_repair`, { handler: values.inspector })
  await send(bench, `repair_order/${order}/start_repair`, forms.start)
  await send(bench, `repair_order/${order}/finish`, forms.finish)
  await isAt('repair_order', order, 'waiting_close_out')
  await page.goto(`/repair_order/${order}`)
  hand.took('')
  await offer('通知取机')
  await hand.answer({ outcome: ['1'], told_points: ['1'] })
  await isAt('repair_order', order, 'waiting_pick_up')
}

async function handBack(desk: Desk, order: string): Promise<void> {
  const { hand, bench, send, isAt } = desk
  await send(bench, `repair_order/${order}/test_at_pick_up`, forms.pickUp)
  await toCustomer(desk, /取机/)
  // Their only machine is ready: its form is open, and the focus is in it.
  await hand.answer({ copy_shown: ['1'], fetched: ['1'], attachments_check: ['1'], satisfied: ['1'], payment_way: ['1'],
    signed_way: ['2'] })
  await isAt('repair_order', order, 'handed_over')
}

async function callBack({ page, hand, supervisor, send, child, offer, isAt }: Desk, order: string): Promise<void> {
  await send(page, `repair_order/${order}/enter`)
  await send(supervisor, `order_review/${await child(order, 'order_review')}/pass`, forms.review)
  await page.goto(`/call_back/${await child(order, 'call_back')}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  hand.took('')
  await offer('回访')
  await hand.answer({ outcome: ['1'], opening_said: ['1'], runs_normally: ['1'], three_minutes: ['1'], satisfaction: ['1'] })
  await isAt('repair_order', order, 'closed')
}

/**
 * The moments of the desk that come with every order, by keyboard alone: receive, quote, notify, hand back, call back.
 * What bench and supervisor do between them is sent for them.
 *
 * @returns what each took, in this order
 */
export async function countDeskKeys(stage: StoryStage): Promise<KeyCount[]> {
  const desk = deskOf(stage, await stage.as('wang'), await stage.as('sun'), await stage.as('zhao'))
  const given = givenBy(desk.page.context().request)
  const customer = await given.customer({ name: '景泰律师楼', phone: '02066667777', contact_phone: `1391234${tail}` })
  await given.machine(customer, { serial_number: 'CNB8K77001', purchase_date: '2024-03-01' })
  const order = await receive(desk)
  const counts = [desk.hand.took('receive')]
  const moments = { quote, notify, 'hand back': handBack, 'call back': callBack }
  for (const [name, moment] of Object.entries(moments)) {
    await moment(desk, order)
    counts.push(desk.hand.took(name))
  }
  return counts
}
