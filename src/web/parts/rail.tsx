import { Menu } from '@mantine/core'
import { IconBook2, IconChevronDown, IconDots, IconHome, IconPlus, IconSearch } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { Fragment, type ReactNode, useState } from 'react'
import type { MeView } from '../../server/views.ts'
import { keep, readKept, useMe, useSay } from '../site.tsx'
import { CompanyMenu } from './company-menu.tsx'
import { pictureOf } from './icons.ts'
import { railGroups } from './rail-groups.ts'
import css from './rail.module.css'
import { screensOf, thumbScreen } from './screens.ts'
import { openSearch } from './search.tsx'

/** What this person's roles use, each with its name, under headings that fold; what is folded stays so in this browser. */
export function Rail() {
  const say = useSay()
  const me = useMe()
  const { task, groups, house } = railGroups(me.processes)
  const [folded, fold] = useFolded()
  return (
    <nav className={css.rail} aria-label={say('frame.rail')}>
      <CompanyMenu />
      <div className={css.items}>
        <Link to="/" className={css.item} activeOptions={{ exact: true, includeSearch: false }}>
          <IconHome size={18} stroke={1.6} /><span>{say('work.title')}</span>
        </Link>
        {task && <ProcessLink process={task.process}>{task.label}</ProcessLink>}
        {screensOf(me).map(({ to, label, icon: Icon }) => (
          <Link key={to} to={to} className={css.item} activeOptions={{ includeSearch: false }}>
            <Icon size={18} stroke={1.6} /><span>{say(label)}</span>
          </Link>))}
        {groups.map(({ label, processes }) => (
          <section key={label} aria-label={say(label)}>
            <button type="button" className={css.group} aria-expanded={!folded.includes(label)} onClick={() => fold(label)}>
              <span>{say(label)}</span><IconChevronDown size={13} stroke={1.8} /></button>
            {!folded.includes(label) && processes.map((one) =>
              <ProcessLink key={one.process} process={one.process}>{one.label}</ProcessLink>)}
          </section>))}
        <hr />
        {house.map((one) => <ProcessLink key={one.process} process={one.process}>{one.label}</ProcessLink>)}
        <Link to="/rules" className={css.item}>
          <IconBook2 size={18} stroke={1.6} /><span>{say('rules.title')}</span>
        </Link>
      </div>
    </nav>
  )
}

const foldedKey = 'gongdan-rail-folded'

/** The headings that are folded, and how one is folded or opened. */
function useFolded(): [readonly string[], (label: string) => void] {
  const [folded, setFolded] = useState(() => (readKept(foldedKey) ?? '').split(' '))
  return [folded, (label) => {
    const next = folded.includes(label) ? folded.filter((one) => one !== label) : [...folded, label]
    setFolded(next)
    keep(foldedKey, next.join(' '))
  }]
}

function ProcessLink({ process, children }: { process: string; children: ReactNode }) {
  return (
    <Link to="/$process" params={{ process }} className={css.item} activeOptions={{ includeSearch: false }}>
      {pictureOf(process, 18)}<span>{children}</span>
    </Link>
  )
}

/** The same on a phone: four places under the thumb. */
export function BottomBar({ onNew }: { onNew: () => void }) {
  const say = useSay()
  const me = useMe()
  const { processes } = me
  const screen = thumbScreen(me)
  const { groups } = railGroups(processes)
  const first = screen ? undefined : groups[0]?.processes[0]
  const canCreate = processes.some((one) => one.create !== null && one.process !== 'member')
  return (
    <nav className={css.bottom} aria-label={say('frame.rail')}>
      <Link to="/" activeOptions={{ exact: true, includeSearch: false }}>
        <IconHome size={21} stroke={1.6} />{say('work.title')}
      </Link>
      {screen && (
        <Link to={screen.to} activeOptions={{ includeSearch: false }}><screen.icon size={21} stroke={1.6} />{say(screen.label)}</Link>)}
      {first && (
        <Link to="/$process" params={{ process: first.process }} activeOptions={{ includeSearch: false }}>
          {pictureOf(first.process, 21)}{first.label}
        </Link>)}
      {canCreate && (
        <button type="button" onClick={onNew}><IconPlus size={21} stroke={1.6} />{say('frame.new')}</button>)}
      <button type="button" onClick={openSearch}><IconSearch size={21} stroke={1.6} />{say('search.go')}</button>
      <More />
    </nav>
  )
}

/** The rest of the rail, in a list that the thumb reaches. */
function More() {
  const say = useSay()
  const navigate = useNavigate()
  const me = useMe()
  const { task, groups, house } = railGroups(me.processes)
  const item = ({ process, label }: MeView['processes'][number]) => (
    <Menu.Item key={process} onClick={() => void navigate({ to: '/$process', params: { process } })}>{label}</Menu.Item>)
  return (
    <Menu position="top-end" width={220}>
      <Menu.Target>
        <button type="button"><IconDots size={21} stroke={1.6} />{say('frame.more')}</button>
      </Menu.Target>
      <Menu.Dropdown mah="70vh" style={{ overflowY: 'auto' }}>
        {task && item(task)}
        {screensOf(me).map(({ to, label }) => (
          <Menu.Item key={to} onClick={() => void navigate({ to })}>{say(label)}</Menu.Item>))}
        {groups.map((group) => (
          <Fragment key={group.label}>
            <Menu.Label>{say(group.label)}</Menu.Label>
            {group.processes.map(item)}
          </Fragment>))}
        <Menu.Divider />
        {house.map(item)}
        <Menu.Item onClick={() => void navigate({ to: '/rules' })}>{say('rules.title')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
