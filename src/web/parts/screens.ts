import { IconArchive, IconBuildingWarehouse, IconChartBar, IconHeadset, IconRoute, IconSettings,
  IconStack2, IconTableImport, IconUsersGroup }
  from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { MeView } from '../../server/views.ts'
import type { WebKey } from '../../words/web.ts'
import { usesCounter, usesReports, usesShelves, usesStore } from './desk.ts'

/** A screen of its own in the rail and among the commands. `key`: pressed alone, it goes there. */
export type Screen = { to: '/counter' | '/shelves' | '/store' | '/flow' | '/outcomes' | '/movements' | '/archive' | '/sheets'
  | '/settings'; label: WebKey
  icon: ComponentType<{ size?: number; stroke?: number }>; uses: (me: MeView) => boolean; key?: string }

/** Screens that jobs have earned, one line each, in the order of the rail. */
const screens: readonly Screen[] = [
  { to: '/counter', label: 'counter.title', icon: IconHeadset, uses: usesCounter, key: 'r' },
  { to: '/shelves', label: 'shelves.title', icon: IconStack2, uses: usesShelves },
  { to: '/store', label: 'store.title', icon: IconBuildingWarehouse, uses: usesStore },
  { to: '/flow', label: 'flow.title', icon: IconRoute, uses: usesReports },
  { to: '/outcomes', label: 'outcomes.title', icon: IconChartBar, uses: (me) => usesReports(me)
    && me.processes.some(({ process }) => process === 'repair_order') },
  { to: '/movements', label: 'movements.title', icon: IconUsersGroup, uses: (me) => usesReports(me)
    && me.processes.some(({ process }) => process === 'customer') },
  { to: '/archive', label: 'archive.title', icon: IconArchive,
    uses: (me) => me.processes.some(({ process }) => process === 'document') },
  { to: '/sheets', label: 'sheets.title', icon: IconTableImport, uses: (me) => me.roles.includes('administrator') },
  { to: '/settings', label: 'settings.title', icon: IconSettings, uses: (me) => me.roles.includes('administrator') },
]

/** The screens that this person's roles use. */
export const screensOf = (me: MeView): readonly Screen[] => screens.filter(({ uses }) => uses(me))

/** Where the hands of a job are: the screen that lies under the thumb of a telephone. */
const thumbs: readonly (readonly [role: MeView['roles'][number], to: Screen['to']])[] = [['storekeeper', '/store'],
  ['bench_engineer', '/shelves'], ['lead_engineer', '/shelves'], ['coordinator', '/counter'], ['hotline', '/counter']]

export const thumbScreen = (me: MeView): Screen | undefined => {
  const to = thumbs.find(([role]) => me.roles.includes(role))?.[1]
  return screensOf(me).find((one) => one.to === to)
}
