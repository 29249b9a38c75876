import type { ChecklistItem } from '../../engine/fields.ts'
import { computerCleaning, computerTest, finishSteps, intakeSteps, otherTest, phoneQuoteTold, pickUpCall, pickUpTest,
  printerCleaning, printerTest, reviewChecks } from '../../processes/repair/checklists.ts'
import type { DemoMachine } from './repair-customers.ts'
import { demoParts } from './repair-customers.ts'
import type { DemoFault } from './repair-faults.ts'

/** The forms of the repair centre as its people fill them. Money in fen. */
const fen = 100

const passed = (items: readonly ChecklistItem[]) => Object.fromEntries(items.map(({ id }) => [id, { answer: 'pass' }]))

export const priceOf = (number: string): number => demoParts.find((one) => one.number === number)!.price * fen

/** Parts and labour of a fault. */
export const totalOf = ({ parts, labour }: DemoFault): number =>
  parts.reduce((sum, [number, pieces]) => sum + priceOf(number) * pieces, labour * fen)

export const inspectionForm = (fault: DemoFault, onSpot: boolean) => ({
  reproduced: 'yes', same_as_reported: 'yes', configuration_confirmed: true, other_faults: '无',
  possible_cause: fault.cause === 'consumable' ? 'wear' : fault.cause, fixable_on_spot: onSpot ? 'yes' : 'no',
  fault_analysis: `初步判断：${fault.found}`,
  ...(fault.parts.length > 0 && { parts_needed: fault.parts.map(([number]) => nameOf(number)).join('、') }) })

const nameOf = (number: string): string => demoParts.find((one) => one.number === number)!.name

const appearances = ['外壳有轻微划痕', '外观完好', '左侧盖板缺一个卡扣', '面板泛黄，无破损', '底部有磕碰']

/** What stays with every third machine. */
const staysWith = ({ kind }: DemoMachine, index: number) => (index % 3 !== 0 ? []
  : kind === 'notebook' ? [{ name: '电源适配器', pieces: 1, mark: '65 W' }, { name: '电脑包', pieces: 1 }]
    : kind === 'laser_printer' ? [{ name: '硒鼓', pieces: 1, mark: '原装' }, { name: '数据线', pieces: 1 }]
      : [{ name: '数据线', pieces: 1 }])

/** All that stayed goes back, piece by piece. */
export const backForm = (machine: DemoMachine, index: number) => {
  const left = staysWith(machine, index)
  return left.length > 0 ? { attachments_returned: left.map((piece) => ({ ...piece, returned: true })) } : {}
}

export const intakeForm = (machine: DemoMachine, index: number, date: string, promised_at: string) => ({
  appearance: appearances[index % appearances.length], configuration: machine.configuration ?? '标准配置',
  ...(staysWith(machine, index).length > 0
    ? { attachments_kept: 'left', labelled: true, attachments: staysWith(machine, index) } : { attachments_kept: 'taken_home' }),
  ...(isComputer(machine) && insidesOf(machine)),
  sent_in_on: date, signed_way: 'paper', promised_at, intake_steps: passed(intakeSteps) })

/** «i5-9500 / 8 GB / 256 GB SSD» as three fields; what is not written down was not seen. */
const insidesOf = ({ configuration = '' }: DemoMachine) => {
  const [cpu = '不详', memory = '不详', disk = '不详'] = configuration.split(/\s*[/，、]\s*/).filter((part) => part !== '')
  return { cpu, memory, disk }
}
const insidesNow = (machine: DemoMachine) => {
  const { cpu, memory, disk } = insidesOf(machine)
  return { cpu_now: cpu, memory_now: memory, disk_now: disk, diagnostic_tool: 'HP PC Hardware Diagnostics' }
}

export const resultForm = (fault: DemoFault) => ({
  fault_found: fault.found, repair_method: fault.method, prevention: fault.prevention, cause_class: fault.cause,
  fault_class: fault.fault_class, price_proposal_fen: totalOf(fault), ...(fault.manual && { manual_section: fault.manual }) })

export const quoteForm = (fault: DemoFault) => ({
  lines: [...fault.parts.map(([number, pieces]) => ({ what: 'part', name: `${number} ${nameOf(number)}`, pieces,
    unit_fen: priceOf(number) })),
    ...(fault.labour > 0 ? [{ what: 'labour', name: `工时：${fault.found}`, pieces: 1,
      unit_fen: fault.labour * fen }] : [])],
  cause: `${fault.symptom}；${fault.found}`, period: fault.days, final: 'final' })

export const phoneForm = { way: 'phone', told: passed(phoneQuoteTold), heard: true, phone_answer: 'undecided' }
export const faxForm = { way: 'fax', fax: '020-38880033' }
export const qqForm = { way: 'qq', message_left: true }

const isPrinter = ({ kind }: DemoMachine) => kind.endsWith('printer') || kind === 'plotter'
const isComputer = ({ kind }: DemoMachine) => kind === 'pc' || kind === 'notebook' || kind === 'server'

export const testsOf = (machine: DemoMachine) => (isPrinter(machine) ? { printer_test: passed(printerTest) }
  : isComputer(machine) ? { computer_test: passed(computerTest) } : { other_test: passed(otherTest) })

export const finishForm = (machine: DemoMachine, fault: DemoFault) => ({
  work_done: `${fault.method}。${fault.prevention}。`, ...testsOf(machine), finish_steps: passed(finishSteps),
  ...(isPrinter(machine) && { printer_cleaning: passed(printerCleaning) }),
  ...(machine.kind.endsWith('printer') && { pages_printed: 12 }),
  ...(isComputer(machine) && { computer_cleaning: passed(computerCleaning), ...insidesNow(machine) }),
  ...(!isPrinter(machine) && !isComputer(machine) && { manual_section: fault.manual ?? '产品手册 维护一章' }) })

export const toldForm = (pick_up_on: string) => ({ outcome: 'told', pick_up_on, told_points: passed(pickUpCall) })
export const pickUpForm = { pick_up_test: passed(pickUpTest) }
export const reviewForm = { checks: passed(reviewChecks) }
export const handOverForm = { copy_shown: 'shown', fetched: true, attachments_check: 'same', satisfied: 'yes',
  card_given: true, signed_way: 'paper' }
export const calledForm = { outcome: 'talked', opening_said: true, runs_normally: 'yes', three_minutes: 'yes',
  satisfaction: 'satisfied' }
