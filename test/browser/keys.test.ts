import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countDeskKeys } from './desk-moments.ts'
import { type StoryStage, openStoryStage } from './story-stage.ts'

/** What each moment may take at most. These figures only fall. */
const ceilings = JSON.parse(readFileSync(join(import.meta.dirname, 'keys-ceiling.json'), 'utf8')) as
  Record<string, { keys: number; screens: number }>

let stage: StoryStage
beforeAll(async () => { stage = await openStoryStage('2026-11-24T10:00+08:00') })
afterAll(() => stage?.close())

test('receive, quote, notify, hand back, call back: keys and screens of each stay below their ceiling', async () => {
  const counts = await countDeskKeys(stage)
  if (process.env['GONGDAN_KEYS']) writeFileSync(process.env['GONGDAN_KEYS'], JSON.stringify(counts))
  expect(counts.map(({ moment }) => moment)).toEqual(Object.keys(ceilings))
  for (const { moment, keys, screens } of counts) {
    expect(keys, `keys to ${moment}`).toBeLessThanOrEqual(ceilings[moment]!.keys)
    expect(screens, `screens to ${moment}`).toBeLessThanOrEqual(ceilings[moment]!.screens)
  }
}, 180_000)
