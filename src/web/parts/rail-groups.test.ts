import { expect, test } from 'vitest'
import { processes } from '../../processes/index.ts'
import { railGroups } from './rail-groups.ts'

test('every process has its place on the rail, but those that are reached from their customer', () => {
  const listed = Object.keys(processes).map((process) => ({ process, label: process, create: null }))
  const { task, groups, house } = railGroups(listed)
  const shown = [task!, ...groups.flatMap((group) => group.processes), ...house].map(({ process }) => process)
  expect(shown.toSorted()).toEqual(Object.keys(processes).filter((name) => name !== 'site').toSorted())
  expect(groups.map(({ label }) => label)).not.toContain('rail.others')
})

test('a heading under which nobody has anything is not there; what has no place stands at the end', () => {
  const { groups } = railGroups([{ process: 'part', label: '备件', create: null }, { process: 'unheard', label: '?', create: null }])
  expect(groups.map(({ label, processes }) => [label, processes.length])).toEqual([['rail.parts', 1], ['rail.others', 1]])
})
