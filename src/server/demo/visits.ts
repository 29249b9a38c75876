import { openBefore } from './open-hours.ts'
import { type Scene, type Stage, deed, idOf } from './repair-scenes.ts'

const minuteMs = 60_000

/** Somebody at the counter: how many open minutes ago, what they came for, and what was done then. */
type DemoVisit = { ago: number; input: object; then?: readonly (readonly [after: number, action: string, input: object,
  by?: string])[] }

const told = { contact_told: true }
const visits: readonly DemoVisit[] = [
  { ago: 2600, input: { purpose: 'enquiry', visitor_name: '周先生', matter: 'M1136 的硒鼓多少钱，有没有原装的',
    answer: '原装 CC388A 有现货，520 元；打印约 1500 页', ...told, shown: ['greet', 'ask_purpose', 'goodbye'] } },
  { ago: 1900, input: { purpose: 'manager', visitor_name: '天河图文 何总', matter: '谈年度保养合同', shown: ['greet'] },
    then: [[3, 'lead_in', { water: true, shown: ['to_manager'] }], [42, 'see_off', { ...told, card_given: true,
      promise: '周五前把保养合同草稿发给何总', promise_at: 'in three days', shown: ['goodbye'] }]] },
  { ago: 1250, input: { purpose: 'enquiry', visitor_name: '李女士', visitor_phone: '13900002233',
    matter: '笔记本进水了，能不能先拿来看看再说', answer: '可以，马上关机断电，送来当面检测；保外先报价再修', ...told,
    shown: ['greet', 'goodbye'] } },
  { ago: 620, input: { purpose: 'enquiry', visitor_name: '恒通物流 小陈', matter: '能不能月结，先修后付' },
    then: [[2, 'ask_manager', { question: '老客户，去年修过四台，要求月结' }],
      [9, 'manager_says', { told: '可以，请对方盖章回传月结申请' }, 'chen'],
      [12, 'see_off', { answer: '可以月结，先回传盖章的申请表', apologised: true, ...told, shown: ['sorry_waited', 'goodbye'] }]] },
  { ago: 300, input: { purpose: 'carry_in', visitor_name: '戴眼镜的先生', matter: '一台绘图仪，两个人抬来的' },
    then: [[14, 'gone', { reason: '赶时间，说下午再送来' }]] },
  { ago: 8, input: { purpose: 'manager', visitor_name: '粤海律所 方主任', matter: '对上次的维修费有疑问，想当面谈', shown: ['greet'] } },
  { ago: 3, input: { purpose: 'pick_up', visitor_name: '孙小姐', matter: '来取打印机，等工程师验机' } },
]

/** Visits of the last days, two people who wait right now, and a morning's look for batches of one fault. */
export function visitScenes(stage: Stage): Scene[] {
  const zone = stage.company.time_zone
  const look: Scene = { at: openBefore(zone, stage.now, 1000), play: (now) => deed(stage, { by: 'zhao',
    process: 'fault_watch', action: 'scan', id: null, newId: idOf(stage, 'fault_watch'), key: 'fault_watch', input: {} }, now) }
  return [look, ...visits.flatMap(({ ago, input, then = [] }, index) => {
    const name = `visit:${index}`
    const id = idOf(stage, name)
    const begun = openBefore(zone, stage.now, ago)
    const scene = (at: number, number: number, action: string, form: object, by = 'wang'): Scene => ({ at,
      play: (now) => deed(stage, { by, process: 'visit', action, id: number === 0 ? null : id,
        ...(number === 0 && { newId: id }), key: `${name}:${number}`, input: promised(form, now) }, now) })
    return [scene(begun, 0, 'arrive', input), ...then.map(([after, action, form, by], number) =>
      scene(begun + after * minuteMs, number + 1, action, form, by))]
  })]
}

const threeDaysMs = 3 * 24 * 60 * minuteMs

const promised = (form: object, now: number): object => ('promise_at' in form
  ? { ...form, promise_at: new Date(now + threeDaysMs).toISOString() } : form)
