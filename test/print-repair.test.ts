import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { machine as machineOf } from '../src/server/by-itself.ts'
import { print } from '../src/server/effects/print.ts'
import { type Job, drainOutbox } from '../src/server/outbox.ts'
import { type Printer, openPrinter } from '../src/server/print/printer.ts'
import { hoursOf } from '../src/server/print/shop.ts'
import { officeCalendar } from '../src/regulations/base.ts'
import { fakePorts } from './after-commit.ts'
import { testDatabases } from './databases.ts'
import { type Quoting, done, openQuoting, price, told } from './quoting.ts'

const reads = (() => {
  try {
    execFileSync('pdftotext', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    if (process.env['CI'] === 'true') throw new Error('poppler-utils is missing, and CI=true asks for all')
    console.log('Not run: reading prints back (poppler-utils is not available here)')
    return false
  }
})()

const a5 = [420, 595]
const label = [113, 170]

test('opening hours are said by the week', () => {
  expect(hoursOf(officeCalendar('x', [['08:00', '18:00']], [1, 2, 3, 4, 5, 6, 7]))).toBe('每天 08:00–18:00')
  expect(hoursOf({ ...officeCalendar('x'), week: { 1: [['09:00', '12:00']], 2: [['09:00', '12:00']],
    6: [['10:00', '12:00'], ['13:00', '15:00']] } })).toBe('周一至周二 09:00–12:00；周六 10:00–12:00、13:00–15:00')
  expect(hoursOf(undefined)).toBe('')
})

describe.runIf(reads)('papers of the repair centre', () => {
  let at: Quoting
  let printer: Printer
  const folder = mkdtempSync(join(tmpdir(), 'gongdan-papers-'))
  beforeAll(async () => {
    at = await openQuoting(testDatabases()[0]!)
    printer = openPrinter()
  })
  afterAll(async () => {
    await printer.close()
    rmSync(folder, { recursive: true })
    await at.close()
  })

  /** Prints a document of a record through the effect, and reads it back. */
  const printed = async (process: string, id: string, document: string, more: { to_state?: string } = {}) => {
    const ports = { ...fakePorts(), printer }
    const job: Job = { ctx: machineOf(at.app, at.company), ports, key: `${id}:${document}`,
      row: { company_id: at.company.id, record_id: id, seq: 99, n: 1, kind: 'print', tries: 1, was: 'waiting',
        effect: { print: document } },
      cause: { process, action: 'reprint', to_state: more.to_state ?? '', input: {}, actor_kind: 'member',
        actor_id: at.wang.id, on_behalf_of: null, recorded_at: new Date(at.app.now).toISOString(), who: '王晓燕' } }
    expect(await print(job)).toMatchObject({ state: 'done' })
    const [{ bytes, name }] = ports.prints as [{ bytes: Uint8Array; name: string }]
    const file = join(folder, 'paper.pdf')
    writeFileSync(file, bytes)
    const read = (command: string, ...flags: string[]) => execFileSync(command,
      [...flags, file, ...command === 'pdftotext' ? ['-'] : []],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    const info = read('pdfinfo')
    const size = /Page size:\s+([\d.]+) x ([\d.]+)/.exec(info)!.slice(1).map((side) => Math.round(Number(side)))
    const pages = read('pdftotext', '-layout').split('\f').slice(0, -1).map((page) => page.replace(/\s/g, ''))
    expect(bytes.length).toBeLessThan(200_000)
    return { name, size, pages, text: pages.join('\n') }
  }
  const says = (text: string, ...parts: string[]) => {
    for (const part of parts) expect(text).toContain(part.replace(/\s/g, ''))
  }

  test('the order in three copies, each with its name, its number and what was agreed at the counter', async () => {
    const { id, number } = await at.order()
    const { pages, size } = await printed('repair_order', id, 'service_record')
    expect(size).toEqual(a5.toReversed())
    expect(pages).toHaveLength(3)
    for (const page of pages) {
      says(page, '维修服务记录单', number, at.company.name, '远景律师事务所', '刘女士', '13912345678', '惠普 LaserJet M1136',
        'CNB9K12345', '2024-03-18', '保外', '打印十页左右就卡纸', '频率：经常', '上周搬过办公室', '原装硒鼓约剩四成', '左侧盖有旧划痕',
        '1. 电源线 ×1', 'USB 数据线 ×2（黑色，3 米）', '送机日期', '2026-11-23', '2026-11-26 周四 17:00', '当面复现', '定影膜破损',
        '您的签字', '接机人')
    }
    // Upright: one character a line.
    for (const [index, name] of ['存根联', '随机联', '客户联'].entries()) {
      for (const letter of name) expect(pages[index]).toContain(letter)
    }
    says(pages[0]!, '通知取机', '用户签收')
    says(pages[1]!, '等待备件', '维修完毕')
    says(pages[2]!, '凭此单取机', '凭本联取机，请妥善保管', '每天 08:00–18:00')
    expect(pages[0]).not.toContain('凭本联取机')
  })

  test('three pages stay three pages whatever is written in them, and what is cut says so', async () => {
    const { id } = await at.order({ symptom: '每次开机都响，'.repeat(280), fault_history: '反复出现。'.repeat(200),
      configuration: '内存 16 GB，'.repeat(100), appearance: '划痕，'.repeat(330), fault_analysis: '电源板老化。'.repeat(330),
      work_done: '更换电源板。'.repeat(330), attachments: JSON.stringify(Array.from({ length: 30 }, (_none, nth) =>
        ({ name: `第${nth}件附件`, pieces: 1, mark: '序列号 0123456789' }))) })
    const { pages } = await printed('repair_order', id, 'service_record')
    expect(pages).toHaveLength(3)
    for (const page of pages) {
      says(page, '（全文见系统）', '您的签字', '每次开机都响')
    }
  })

  test('text with the signs of the typesetter is printed as it is', async () => {
    const { id } = await at.order({ symptom: '<卡纸> #标题 $公式$ *粗* _斜_ @引用 \\转义 𠮷', appearance: '"引号" [方括号]' })
    says((await printed('repair_order', id, 'service_record')).text, '<卡纸> #标题 $公式$ *粗* _斜_ @引用 \\转义', '"引号" [方括号]')
  })

  test('a label for each attachment, by the piece', async () => {
    const { id, number } = await at.order()
    const { pages, size } = await printed('repair_order', id, 'attachment_labels')
    expect(size).toEqual(label.toReversed())
    expect(pages).toHaveLength(3)
    for (const page of pages) says(page, number, '2026-11-23', at.company.name)
    says(pages[0]!, '电源线')
    says(pages[1]!, 'USB 数据线', '第 1 件，共 2 件', '黑色，3 米')
    says(pages[2]!, '第 2 件，共 2 件')
  })

  test('a waiting machine says why, a repaired one what was done', async () => {
    const { id, number } = await at.order({ parts_needed: '定影组件 RM1-6920', work_done: '更换定影组件，清洁走纸通道',
      finished_at: '2026-11-25T08:00:00Z' })
    const waits = await printed('repair_order', id, 'machine_note', { to_state: 'waiting_part' })
    expect([waits.size, waits.pages.length]).toEqual([label.toReversed(), 1])
    says(waits.text, '等待备件', number, '定影组件 RM1-6920', '远景律师事务所')
    says((await printed('repair_order', id, 'machine_note', { to_state: 'waiting_consent' })).text, '待同意', '定影膜破损')
    const repaired = await printed('repair_order', id, 'repair_label')
    expect(repaired.size).toEqual(label.toReversed())
    says(repaired.text, at.company.name, '2026-11-25', number, '更换定影组件，清洁走纸通道', '工程师')
  })

  test('a receipt says the sum in figures and in capitals, and for what it was paid', async () => {
    const { id, number } = await at.order({ paid_fen: 48_050, payment_way: 'cash', handed_over_at: '2026-11-26T02:00:00Z' })
    const { size, pages, text } = await printed('repair_order', id, 'receipt')
    expect([size, pages.length]).toEqual([a5.toReversed(), 1])
    says(text, '收据', number, '远景律师事务所', '惠普 LaserJet M1136', '480.50', '人民币肆佰捌拾元伍角整', '2026-11-26', '现金', '收款单位盖章')
  })

  test('without the customer copy: who was let go with what, how he was known, who agreed', async () => {
    const { id, number } = await at.order({ identity_check: '身份证，并回拨登记电话', identity_approved_by: at.boss.id,
      handed_over_at: '2026-11-26T02:00:00Z' })
    const { size, pages, text } = await printed('repair_order', id, 'identity_note')
    expect([size, pages.length]).toEqual([a5.toReversed(), 1])
    says(text, '身份核对记录', number, '惠普 LaserJet M1136', 'CNB9K12345', '电源线 ×1', '身份证，并回拨登记电话', '赵敏芝', '取机人签字')
  })

  test('a loss is on one sheet, from what happened to what the customer says; a long one goes on whole, for it is signed', async () => {
    const order = await at.order()
    const { id, number } = done(await at.act(at.wang, 'incident', 'report', null, { parent: order.id,
      incident_kind: 'damaged', what: '搬动时外壳碰裂。'.repeat(60), happened_on: '2026-11-23' }))
    await at.set('incident', id, { solution: '更换同型号外壳，不收费。', solution_kind: 'repair', compensation_fen: 20_000 })
    const { size, pages, text } = await printed('incident', id, 'incident_report')
    expect([size, pages.length]).toEqual([[595, 842], 1])
    says(text, '遗失损坏报告', number, order.number, '远景律师事务所', '损坏', '搬动时外壳碰裂', '更换同型号外壳', '¥200.00',
      '客户签字')
    await at.set('incident', id, { what: `${'搬动时外壳碰裂。'.repeat(240)}至此完毕`, solution: `${'更换同型号外壳。'.repeat(240)}不收费用` })
    const long = await printed('incident', id, 'incident_report')
    expect(long.pages.length).toBe(2)
    says(long.text, '至此完毕', '不收费用', '客户签字')
    expect(long.text).not.toContain('……')
    // What the customer said of it stands on the sheet that is printed again.
    done(await at.act(at.boss, 'incident', 'decide', id, { solution: '更换外壳' }))
    done(await at.act(at.wang, 'incident', 'tell_customer', id, { tell_way: 'face', customer_answer: 'accepted', answer: '同意，请尽快换好' }))
    const again = await printed('incident', id, 'incident_report')
    says(again.text, '更换外壳', '当面', '同意，请尽快换好')
  })

  test('the care card has the engineer’s advice first, then what holds for such a machine', async () => {
    const { id } = await at.order({ prevention: '纸张先散开再放入' })
    const { size, pages, text } = await printed('repair_order', id, 'care_note')
    expect([size, pages.length]).toEqual([[298, 420], 1])
    says(text, '这次维修要留意的', '纸张先散开再放入', '用 70–80 克复印纸', '不要自行拆机', '每天 08:00–18:00')
  })

  test('a machine on loan goes out and comes back on one slip', async () => {
    const order = await at.order()
    const { id, number } = done(await at.act(at.wang, 'loan', 'lend', null, { parent: order.id,
      what: '惠普 P2055（BY-03）', until: '2026-11-28' }))
    const { size, pages, text } = await printed('loan', id, 'loan_slip')
    expect([size, pages.length]).toEqual([a5.toReversed(), 1])
    says(text, '备用机借用单', number, '惠普 P2055（BY-03）', '远景律师事务所', order.number, '2026-11-28', '借用人签字', '归还')
  })

  test('a loan slip is signed by who lent it, and says whole what goes along, on one sheet', async () => {
    const order = await at.order()
    const accessories = `${'电源线、数据线、硒鼓一支、'.repeat(15)}二三末一件`
    const condition_out = `${'顶盖有一道划痕，纸盒边角磨损，'.repeat(13)}二末一处`
    expect([accessories.length, condition_out.length]).toEqual([200, 199])
    const zhou = await at.person('周倩', 'coordinator')
    const { id } = done(await at.act(zhou, 'loan', 'lend', null, { parent: order.id, what: '惠普 P2055（BY-03）', accessories, condition_out }))
    const { pages, text } = await printed('loan', id, 'loan_slip')
    expect(pages.length).toBe(1)
    says(text, '末一件', '末一处', '经手人：周倩')
    expect(text).not.toContain('……')
  })

  test('a quotation has all that a customer decides by, and room for the answer', async () => {
    const order = await at.order()
    const { id, number } = await at.priced({ seal_wanted: 'yes', note: '内部：老客户，勿再让价' }, order.id)
    done(await at.act(at.wang, 'quotation', 'send', id, { way: 'phone', told, heard: true, stamped: true,
      phone_answer: 'undecided' }))
    const { size, pages, text } = await printed('quotation', id, 'quotation')
    expect([size, pages.length]).toEqual([[595, 842], 1])
    says(text, '维修报价单', number, order.number, '2026-11-23', '远景律师事务所', '刘女士', '13912345678', '惠普 LaserJet M1136',
      'CNB9K12345', '打印十页左右就卡纸', '定影膜破损，属自然损耗', '定影组件 RM1-6920', '380.00', '更换定影组件与整机清洁', '120.00',
      '原装，三个月质保', '−20.00', '¥ 480.00', '人民币肆佰捌拾元整', '同意后 3 个工作日', '2026-12-07', '盖章处', '客户要求盖章', '客户回复',
      '客户签字', '报价人　王晓燕')
    expect(text).not.toContain('勿再让价')
    expect(text).not.toContain('500.00元')
  })

  test('the answer is ticked as it was given: in part, or not at all', async () => {
    const answered = async (action: string, input: object) => {
      const { id } = await at.priced({})
      done(await at.act(at.wang, 'quotation', 'send', id, { way: 'phone', told, heard: true, phone_answer: 'undecided' }))
      done(await at.act(at.wang, 'quotation', action, id, { answer_way: 'phone', ...input }))
      return (await printed('quotation', id, 'quotation')).text
    }
    says(await answered('accept', { answered_by: '刘女士' }), '√同意维修', '刘女士')
    const part = await answered('accept_part', { accepted_lines: [{ line: 2 }] })
    says(part, '√部分同意，第2项')
    expect(part).not.toContain('√同意维修')
    const no = await answered('refuse', { refusal: '接近新机价' })
    says(no, '√不同意，原因：接近新机价')
    expect(no).not.toContain('√同意')
  })

  test('a quotation of forty lines goes on over the page, with its head of columns', async () => {
    const many = Array.from({ length: 40 }, (_none, nth) => ({ ...price.lines[0]!, name: `第 ${nth + 1} 种备件` }))
    const { id } = await at.priced({ lines: many, discount_fen: 0, final: 'estimate' })
    const { pages, text } = await printed('quotation', id, 'quotation')
    expect(pages.length).toBe(2)
    says(pages[1]!, '单价（元）')
    says(text, '第 40 种备件', '人民币壹万伍仟贰佰元整', '预估价')
    says(pages.at(-1)!, '客户回复', '盖章处')
  })

  test('a second print of a quotation says that it is one', async () => {
    const { id, number } = await at.priced()
    const ports = { ...fakePorts(), printer }
    done(await at.act(at.wang, 'quotation', 'reprint', id))
    done(await at.act(at.wang, 'quotation', 'reprint', id))
    await drainOutbox(at.app, ports)
    const marks = ports.prints.filter(({ name }) => name === `维修报价单-${number}.pdf`).map(({ bytes }) => {
      writeFileSync(join(folder, 'again.pdf'), bytes)
      const text = execFileSync('pdftotext', [join(folder, 'again.pdf'), '-'], { encoding: 'utf8' })
      return /补打第\s*\d+\s*次/.exec(text)?.[0]
    })
    expect(marks.map((mark) => mark?.replace(/\s/g, '')).toSorted()).toEqual(['补打第1次', undefined])
  })

  test('the form of a call-back asks in the order of the questions', async () => {
    const order = await at.order()
    const { id, number } = done(await at.act(at.wang, 'call_back', 'plan', null, { parent: order.id,
      planned_at: '2026-11-27T10:00:00Z' }))
    const { size, pages, text } = await printed('call_back', id, 'call_back_form')
    expect([size, pages.length]).toEqual([a5, 1])
    says(text, '维修回访表', number, order.number, '刘女士', '机器现在运行正常吗', '哪些方面做得不好', '响应时间', '沟通三分钟', '总体满意度')
    const order_of = ['运行正常吗', '做得不好', '沟通三分钟', '满意度', '潜在需求'].map((part) => text.indexOf(part))
    expect(order_of).toEqual([...order_of].sort((a, b) => a - b))
  })
})
