import type { Page } from 'playwright-core'
import { forms } from '../repair.ts'
import { type KeyCount, handOn } from './keys.ts'
import { givenBy } from './repair-given.ts'
import { type StoryStage } from './story-stage.ts'

/** The last four digits of the phone: nobody of the demonstration has them. */
const tail = '7788'

/**
 * The moments of the desk that come with every order, by keyboard alone: receive, quote, notify, hand back, call back. What
 * bench and store do between them is sent for them.
 *
 * @returns what each took, in this order
 */
export async function countDeskKeys(stage: StoryStage): Promise<KeyCount[]> {
  const [page, bench, supervisor] = [await stage.as('wang'), await stage.as('sun'), await stage.as('zhao')]
  const given = givenBy(page.context().request)
  const customer = await given.customer({ name: '景泰律师楼', phone: '02066667777', contact_phone: `1391234${tail}`,
    email: 'zhang@jingtai.example' })
  await given.machine(customer, { serial_number: 'CNB8K77001', purchase_date: '2024-03-01' })
  const hand = handOn(page)
  const send = async (who: Page, path: string, data: object = {}) => {
    const answer = await who.context().request.post(`/api/${path}`, { data })
    if (!answer.ok()) throw new Error(`${path}: ${await answer.text()}`)
  }
  const read = (process: string, id: string) => stage.record(page, process, id)
  const child = async (process: string): Promise<string> => (await stage.until(() => read('repair_order', order),
    ({ relatives }) => relatives.some((one) => one.process === process))).relatives
    .findLast((one) => one.process === process)!.id
  const isAt = (state: string) => stage.until(() => read('repair_order', order), (one) => one.state.name === state)
  /** Opens what the page offers, by its digit; what is due has the first. */
  const offer = async (label: string) => {
    const due = page.getByRole('region', { name: '办理' }).locator('b', { hasText: new RegExp(`^${label}$`) }).first()
    const button = page.getByRole('button', { name: new RegExp(`^\\d ?${label}$`) })
    await due.or(button).first().waitFor()
    await hand.press(await due.isVisible() ? '1' : (await button.locator('kbd').innerText()).trim())
    await page.locator('main form').first().waitFor()
  }

  await page.goto('/')
  await page.getByText('现在要办').locator('visible=true').first().waitFor()
  hand.took('')
  await hand.press('r')
  await page.getByRole('button', { name: /送修/ }).first().waitFor()
  await hand.press('1')
  await page.getByLabel('找客户、机器或单据').and(page.locator(':focus')).waitFor()
  await hand.type(tail, true)
  await page.getByRole('option', { name: /景泰律师楼/ }).waitFor()
  await hand.press('Enter')
  const machine = page.getByRole('button', { name: /LaserJet M1136/ })
  await machine.waitFor()
  await hand.press(await machine.locator('kbd').innerText())
  await page.getByText(/^保外/).first().waitFor()
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
  await hand.type('打印时卡纸，每页都卡')
  await hand.press('Control+Enter')
  await page.waitForURL(/\/repair_order\/[0-9a-f-]{36}/)
  const order = /[0-9a-f-]{36}/.exec(page.url())![0]
  await send(bench, `repair_order/${order}/inspect`, forms.inspection)
  await offer('收机')
  await hand.answer({ appearance: { type: '左侧有划痕' }, configuration: { type: '标配 8MB' }, attachments_kept: ['1'],
    signed_way: ['2'], intake_steps: ['1'] })
  await isAt('waiting_test')
  const receive = hand.took('receive')

  await send(bench, `repair_order/${order}/take_for_test`)
  await send(bench, `repair_order/${order}/record_result`, forms.result)
  await child('quotation')
  await page.goto(`/repair_order/${order}`)
  hand.took('')
  await page.getByText('报价单 定价').waitFor()
  await hand.press('0')
  await page.waitForURL(/\/quotation\//)
  const quotation = /quotation\/([0-9a-f-]{36})/.exec(page.url())![1]!
  await hand.answer({ period: { type: '3 个工作日' } })
  await stage.until(() => read('quotation', quotation), ({ state }) => state.name === 'priced')
  await offer('报价给客户')
  await hand.press('a')
  await hand.answer({ heard: ['1'], phone_answer: ['1'] })
  await isAt('approved')
  const quote = hand.took('quote')

  await send(page, `repair_order/${order}/dispatch_repair`, { handler: (await read('repair_order', order)).values.inspector })
  await send(bench, `repair_order/${order}/start_repair`, forms.start)
  await send(bench, `repair_order/${order}/finish`, forms.finish)
  await isAt('waiting_close_out')
  await page.goto(`/repair_order/${order}`)
  hand.took('')
  await offer('通知取机')
  await hand.answer({ outcome: ['1'], told_points: ['1'] })
  await isAt('waiting_pick_up')
  const notify = hand.took('notify')
  await send(bench, `repair_order/${order}/test_at_pick_up`, forms.pickUp)
  await page.goto('/')
  await page.getByText('现在要办').locator('visible=true').first().waitFor()
  hand.took('')
  await hand.press('r')
  const pickUp = page.getByRole('button', { name: /取机/ }).first()
  await pickUp.waitFor()
  await hand.press(await pickUp.locator('kbd').innerText())
  await page.getByLabel('找客户、机器或单据').and(page.locator(':focus')).waitFor()
  await hand.type(tail, true)
  await page.getByRole('option', { name: /景泰律师楼/ }).waitFor()
  await hand.press('Enter')
  await page.getByRole('button', { name: /LaserJet M1136/ }).waitFor()
  await hand.press('1')
  await page.locator('main form').first().waitFor()
  if (!await page.evaluate(() => document.activeElement?.closest('main form'))) await hand.press('1')
  await hand.answer({ copy_shown: ['1'], fetched: ['1'], attachments_check: ['1'], satisfied: ['1'],
    payment_way: ['1'], signed_way: ['2'] })
  await isAt('handed_over')
  const handBack = hand.took('hand back')

  await send(page, `repair_order/${order}/enter`)
  await send(supervisor, `order_review/${await child('order_review')}/pass`, forms.review)
  const call = await child('call_back')
  await page.goto(`/call_back/${call}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  hand.took('')
  await offer('回访')
  await hand.answer({ outcome: ['1'], opening_said: ['1'], runs_normally: ['1'], three_minutes: ['1'], satisfaction: ['1'] })
  await isAt('closed')
  return [receive, quote, notify, handBack, hand.took('call back')]
}
