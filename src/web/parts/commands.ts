import { useMantineColorScheme } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useSyncExternalStore } from 'react'
import type { FoundView } from '../../server/views.ts'
import { useMe, useSay } from '../site.tsx'
import { screensOf } from './screens.ts'

/** A line of the search box: a record that was found, or something that can be done. */
export type Choice = { group: string; label: string; key?: string; run: () => void
  row?: FoundView['groups'][number]['rows'][number] }

let offered: readonly Choice[] = []
const listeners = new Set<() => void>()

/** The page that is open adds what it offers; null takes it away again. */
export function offerCommands(choices: readonly Choice[] | null): void {
  offered = choices ?? []
  for (const tell of listeners) tell()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => { listeners.delete(listener) }
}

/** Everything that can be done from here, as lines of the search box. */
export function useCommands(onNew: (process: string) => void): Choice[] {
  const say = useSay()
  const navigate = useNavigate()
  const me = useMe()
  const { processes } = me
  const { setColorScheme, colorScheme } = useMantineColorScheme()
  const here = useSyncExternalStore(subscribe, () => offered)
  const go = say('commands.go')
  return [
    ...here,
    ...processes.filter((one) => one.create !== null).map((one, index) => ({ group: say('frame.new'),
      label: say('new.title', { label: one.label }), key: index === 0 ? 'n' : undefined,
      run: () => onNew(one.process) })),
    { group: go, label: say('work.title'), key: 'g', run: () => void navigate({ to: '/' }) },
    ...screensOf(me).map(({ to, label, key }) => ({ group: go, label: say(label), key, run: () => void navigate({ to }) })),
    ...processes.map((one) => ({ group: go, label: one.label,
      run: () => void navigate({ to: '/$process', params: { process: one.process } }) })),
    { group: go, label: say('rules.title'), run: () => void navigate({ to: '/rules' }) },
    { group: say('commands.look'), label: say(colorScheme === 'dark' ? 'commands.light' : 'commands.dark'),
      run: () => setColorScheme(colorScheme === 'dark' ? 'light' : 'dark') },
  ]
}
