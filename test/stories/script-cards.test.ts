import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../src/server/context.ts'
import { storyDatabases } from '../databases.ts'
import { type RepairCompany, actsOf, forms, openRepairCompany } from '../repair.ts'

/** A script card counts where an event says that it stood on the screen: docs/decisions/0025-script-cards.md. */
describe.each(storyDatabases())('维修单的话术 on $name', (kind) => {
  let at: RepairCompany
  beforeAll(async () => { at = await openRepairCompany(kind) })
  afterAll(() => at.close())

  const { ok, refuses } = actsOf(() => at)
  const shownOf = async (id: string, action: string): Promise<string[] | null> => {
    const [event] = await at.db.read(at.company.id, (reader) => reader.query<{ shown: string[] | null }>({
      text: 'select shown from event where record_id = $1 and action = $2 order by seq desc limit 1',
      values: [id, action] }))
    return event!.shown
  }
  /** The card is kept with the act; one that belongs to another act is refused. */
  const keeps = async (who: Actor, action: string, id: string, input: object, cards: readonly string[]) => {
    await refuses('shown.0', who, action, id, { ...input, shown: ['call_back_open'] })
    await ok(who, action, id, { ...input, shown: cards })
    expect(await shownOf(id, action)).toEqual(cards)
  }

  test('S4-076 请客户把机器放上验机台的话术随接待记下；没有出现的不算', async () => {
    const polite = await at.open({ shown: ['put_on_table'] })
    expect(await shownOf(polite, 'open')).toEqual(['put_on_table'])
    expect(await shownOf(await at.open(), 'open')).toBeNull()
  })

  test('S4-124 取机送别的话术随交机记下', async () => {
    const id = await at.at_state('waiting_pick_up')
    await ok(at.engineer, 'test_at_pick_up', id, forms.pickUp)
    await keeps(at.coordinator, 'hand_over', id, forms.handOver, ['pick_up_copy', 'pick_up_goodbye'])
  })
})
