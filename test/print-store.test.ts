import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { machine } from '../src/server/by-itself.ts'
import { print } from '../src/server/effects/print.ts'
import { type Printer, openPrinter } from '../src/server/print/printer.ts'
import { fakePorts } from './after-commit.ts'
import { testDatabases } from './databases.ts'
import { type RepairCompany, done, openRepairCompany, pieces } from './repair.ts'

const reads = (() => {
  try {
    execFileSync('pdftotext', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    if (process.env['CI'] === 'true') throw new Error('poppler-utils is missing, and CI=true asks for all')
    console.log('Not run: reading prints of the store back (poppler-utils is not available here)')
    return false
  }
})()

const weighsMost = 200_000

describe.runIf(reads)('papers of the parts store', () => {
  let at: RepairCompany
  let printer: Printer
  const folder = mkdtempSync(join(tmpdir(), 'gongdan-store-papers-'))
  beforeAll(async () => {
    at = await openRepairCompany(testDatabases()[0]!)
    printer = openPrinter()
  })
  afterAll(async () => {
    await printer.close()
    rmSync(folder, { recursive: true })
    await at.close()
  })

  /** Prints a document through the effect and reads it back: its pages, size in points, text without spaces. */
  const printed = async (process: string, id: string, document: string) => {
    const ports = { ...fakePorts(), printer }
    expect(await print({ ctx: machine(at.app, at.company), ports, key: `${id}:${document}`,
      row: { company_id: at.company.id, record_id: id, seq: 99, n: 1, kind: 'print', tries: 1, was: 'waiting',
        effect: { print: document } },
      cause: { process, action: 'print', to_state: '', input: {}, actor_kind: 'member', actor_id: at.keeper.id,
        on_behalf_of: null, recorded_at: new Date(at.app.now).toISOString(), who: '孙库管' } }))
      .toMatchObject({ state: 'done' })
    const { bytes } = ports.prints[0]!
    const file = join(folder, `${document}.pdf`)
    writeFileSync(file, bytes)
    const info = execFileSync('pdfinfo', [file], { encoding: 'utf8' })
    const said = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replace(/\s/g, '')
    const [, wide, high] = /Page size:\s+([\d.]+) x ([\d.]+)/.exec(info)!
    expect(bytes.length).toBeLessThan(weighsMost)
    return { pages: Number(/Pages:\s+(\d+)/.exec(info)![1]), size: [Math.round(Number(wide)), Math.round(Number(high))], said }
  }
  const says = (said: string, ...words: string[]) => expect(words.filter((word) => !said.includes(word.replace(/\s/g, ''))))
    .toEqual([])

  test('a part has a label of one small page, with its number, models and bin', async () => {
    const id = await at.part('RM1-6405', { name: '定影组件', fits: 'P2055／M402', bin: 'A-05' })
    const { pages, size, said } = await printed('part', id, 'label')
    expect([pages, size]).toEqual([1, [170, 113]])
    says(said, 'RM1-6405', '定影组件', 'P2055／M402', 'A-05', '备件')
    expect(said).not.toContain('200')
  })

  test('S4-007 each old part that is kept has a tag of its own', async () => {
    const part = await at.part('RL1-0266', { name: '搓纸轮', price_fen: 1_000 }, 4)
    const order = await at.at_state('dispatched')
    const id = done(await at.act(at.engineer, 'part_request', 'request', null,
      { parent: order, lines: [{ part, quantity: pieces(2) }] })).id
    await at.settled()
    done(await at.act(at.keeper, 'part_request', 'issue', id))
    const used = { part, quantity: pieces(1), destination: 'keeper' }
    done(await at.act(at.engineer, 'part_request', 'settle', id, { used: [{ ...used, condition: '磨平打滑' },
      { ...used, tag: 'JJ-77' }] }))
    const { pages, size, said } = await printed('part_request', id, 'old_part_tag')
    expect([pages, size]).toEqual([2, [170, 113]])
    says(said, 'RL1-0266 搓纸轮', '磨平打滑', 'JJ-77', 'LaserJet 1020')
  })

  test('the order to the supplier names what is wanted and until when, and no price', async () => {
    const part = await at.part('CH538-67004', { name: '墨车组件', fits: 'T790', price_fen: 145_000 })
    const id = done(await at.act(at.coordinator, 'purchase', 'request', null,
      { lines: [{ part, quantity: pieces(3), price_fen: 98_700 }], note: '请用木箱' })).id
    done(await at.act(at.coordinator, 'purchase', 'order', id, { supplier: '粤通备件', eta: '2026-12-03', amount_fen: 296_100 }))
    const { pages, size, said } = await printed('purchase', id, 'part_order')
    expect([pages, size]).toEqual([1, [595, 842]])
    says(said, '备件订购单', '粤通备件', '2026-12-03', 'CH538-67004', '墨车组件', 'T790', '孙库管')
    for (const money of ['987', '2961', '1450']) expect(said).not.toContain(money)
  })

  test('a receipt says from whom, for what and how much, in figures and in words', async () => {
    const part = await at.part('Q7543-67909', { name: '保养组件' })
    const id = done(await at.act(at.coordinator, 'purchase', 'request', null, { lines: [{ part, quantity: pieces(1) }] })).id
    done(await at.act(at.coordinator, 'purchase', 'take_payment', id,
      { customer_payment: 'transfer', customer_paid_fen: 98_050, customer_paid_on: '2026-11-26' }))
    const { pages, size, said } = await printed('purchase', id, 'receipt')
    expect([pages, size]).toEqual([1, [595, 420]])
    says(said, '收据', '备件款', 'Q7543-67909', '980.50', '玖佰捌拾元伍角', '转账', '2026-11-26', '收款章')
  })
})
