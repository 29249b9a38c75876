import { dateIn, instantIn } from '../company-time.ts'
import { demoContracts } from './contracts.ts'
import { type Scene, type Stage, deed, idOf } from './repair-scenes.ts'

const dayMs = 86_400_000
const minuteMs = 60_000

/** What a deed's form may ask for, relative to the day of installation. */
export type Given = { day(days: number): string; id(name: string): string; person(login: string): string }

/** One deed of the script: so many days before today, in the order of the list. `on`: the record that it is done to. */
export type ContractDeed = { by: string; ago: number; process: string; action: string; on: string; creates?: true
  input?: (given: Given) => object }

/** Products, batches, contracts and seals of a company, with what has happened to them. */
export function contractScenes(stage: Stage): Scene[] {
  const zone = stage.company.time_zone
  const given: Given = {
    day: (days) => dateIn(zone, stage.now + days * dayMs),
    id: (name) => idOf(stage, name),
    person: (login) => stage.cast[login]!.id!,
  }
  return (demoContracts[stage.company.slug] ?? []).map((one, index) => {
    const id = idOf(stage, one.on)
    // After everything was registered that morning; what is later in the list is later that day.
    const at = instantIn(zone, dateIn(zone, stage.now - one.ago * dayMs), 10) + index * 2 * minuteMs
    return { at, play: (now: number) => deed(stage, { by: one.by, process: one.process, action: one.action,
      id: one.creates ? null : id, ...(one.creates && { newId: id }), input: one.input?.(given) ?? {},
      key: `contracts:${index}` }, now) }
  })
}
