import { Button, Menu } from '@mantine/core'
import { IconBell, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMe, useNow, useSay, useSpeech } from '../site.tsx'
import { dayWords, clockTime, fullWords } from '../time.ts'
import css from './bar.module.css'
import { PersonMenu } from './person-menu.tsx'
import { Search } from './search.tsx'
import { ToneMark } from './time-chip.tsx'

type Doors = { onNew: (process: string) => void; onNotices: () => void; onHelp: () => void }

/** The top of every page: find, begin, is the company open, what is late, what is new, me. */
export function Bar({ onNew, onNotices, onHelp }: Doors) {
  const say = useSay()
  const { unread, late } = useMe()
  const shown = unread > 99 ? '99+' : String(unread)
  return (
    <div className={css.bar} role="region" aria-label={say('frame.bar')}>
      <Search onNew={onNew} />
      <div className={css.right}>
        <NewButton onNew={onNew} />
        <Opening />
        <Link to="/" search={{ column: 'now' }} className={css.late} data-some={late > 0 || undefined}
          title={say('frame.late')}>
          <ToneMark tone={late > 0 ? 'late' : 'kept'} />
          <span>{late > 0 ? say('frame.late_short', { n: late }) : say('frame.none_late')}</span>
        </Link>
        <button type="button" className={css.icon} onClick={onNotices} aria-label={say('notices.some', { n: shown })}>
          <IconBell size={19} stroke={1.6} />
          {unread > 0 && <span className={css.dot}>{shown}</span>}
        </button>
        <PersonMenu onHelp={onHelp} />
      </div>
    </div>
  )
}

function NewButton({ onNew }: { onNew: (process: string) => void }) {
  const say = useSay()
  const creatable = useMe().processes.filter((one) => one.create !== null)
  if (creatable.length === 0) return null
  const look = { className: css.new, leftSection: <IconPlus size={16} />, size: 'sm' } as const
  if (creatable.length === 1) {
    return <Button {...look} onClick={() => onNew(creatable[0]!.process)}>{say('frame.new')}</Button>
  }
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target><Button {...look}>{say('frame.new')}</Button></Menu.Target>
      <Menu.Dropdown>
        {creatable.map((one) => (
          <Menu.Item key={one.process} onClick={() => onNew(one.process)}>{one.label}</Menu.Item>))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** 营业中 至18:00, or when the company opens again. */
function Opening() {
  const { opening } = useMe()
  const speech = useSpeech()
  const now = useNow()
  if (!opening) return null
  const until = opening.until ? Date.parse(opening.until) : null
  const time = until === null ? '' : clockTime(until, speech)
  const text = opening.open
    ? until === null ? speech.say('opening.open') : speech.say('opening.open_until', { time })
    : until === null ? speech.say('opening.closed')
      : speech.say('opening.opens', { day: dayWords(until, now, speech), time })
  return (
    <span className={css.opening} data-open={opening.open || undefined}
      title={until === null ? undefined : fullWords(until, speech)}><i aria-hidden="true" />{text}</span>
  )
}
