import type { ClockView } from '../../server/views.ts'
import { useNow, useSpeech } from '../site.tsx'
import { type Tone, clockTime, dueWords, fullWords, spanWords, whenWords } from '../time.ts'
import css from './time-chip.module.css'

/** The shape that goes with each tone, for eyes that do not tell colours apart. */
export function ToneMark({ tone }: { tone: Tone }) {
  return (
    <svg className={css.mark} data-tone={tone} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      {tone === 'late' && <><path d="M6 .8 11.6 11H.4z" fill="currentColor" stroke="currentColor"
        strokeLinejoin="round" />
        <path d="M6 4.4v3M6 9.2v.2" stroke="var(--paper)" strokeWidth="1.4" strokeLinecap="round" /></>}
      {tone === 'soon' && <><circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.4" />
        <path d="M6 1.4a4.6 4.6 0 0 1 0 9.2z" fill="currentColor" /></>}
      {tone === 'running' && <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.4" />}
      {tone === 'kept' && <path d="M1.8 6.4 4.8 9.4 10.4 2.8" fill="none" stroke="currentColor" strokeWidth="1.8"
        strokeLinecap="round" strokeLinejoin="round" />}
      {tone === 'quiet' && <path d="M3.4 6h5.2" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" />}
    </svg>
  )
}

function Chip({ tone, text, title }: { tone: Tone; text: string; title?: string }) {
  return <span className={css.chip} data-tone={tone} title={title}><ToneMark tone={tone} />{text}</span>
}

/** When a row is due: 今天 14:20, 还剩 42 分, 超时 23 分. */
export function DueChip({ due, closed }: { due: string | null; closed?: boolean }) {
  const speech = useSpeech()
  const now = useNow()
  if (!due || closed) return <span className={css.none} aria-label={speech.say('time.no_due')}>—</span>
  const at = Date.parse(due)
  const { tone, text } = dueWords(at, now, speech)
  return <Chip tone={tone} text={text} title={speech.say('time.due_full', { when: fullWords(at, speech) })} />
}

/** The words of a clock of a record: its label is beside it. */
function clockWords(clock: ClockView, now: number, speech: ReturnType<typeof useSpeech>): { tone: Tone; text: string } {
  const { say } = speech
  const due = clock.due_at ? Date.parse(clock.due_at) : null
  if (clock.state === 'kept') return { tone: 'kept', text: say('clock.kept') }
  if (clock.state === 'missed') return { tone: 'late', text: say('clock.missed') }
  if (clock.state === 'late') {
    return due === null ? { tone: 'late', text: say('clock.late') } : dueWords(due, Math.max(now, due), speech)
  }
  if (clock.state === 'met') return { tone: 'kept', text: say('clock.met') }
  if (clock.state === 'paused') {
    return { tone: 'quiet', text: clock.left_ms === null ? say('clock.paused')
      : say('clock.paused_left', { span: spanWords(clock.left_ms, speech) }) }
  }
  if (clock.state === 'running' && due !== null) {
    if (clock.kind === 'minimum') return { tone: 'running', text: say('clock.until', { when: whenWords(due, now,
      speech) }) }
    return dueWords(due, now, speech, clock.warn_at ? Date.parse(clock.warn_at) : undefined)
  }
  return { tone: 'quiet', text: say(clock.state === 'unknown' || clock.beyond_horizon ? 'clock.unknown'
    : 'clock.idle') }
}

/** A clock of a record as a chip that opens its explanation. */
export function ClockChip({ clock, onWhy }: { clock: ClockView; onWhy: () => void }) {
  const speech = useSpeech()
  const now = useNow()
  const { tone, text } = clockWords(clock, now, speech)
  const full = clock.due_at ? speech.say('time.due_full', { when: fullWords(Date.parse(clock.due_at), speech) }) : ''
  return (
    <button type="button" className={css.clock} data-tone={tone} onClick={onWhy}
      title={`${full}${full ? '\n' : ''}${speech.say('clock.why')}`}>
      <span className={css.label}>{clock.label}</span>
      <Dial clock={clock} tone={tone} />
      <span>{text}</span>
      <span className={css.why} aria-hidden="true">?</span>
      <span className="only-read">{speech.say('clock.why')}</span>
    </button>
  )
}

/** How much of the limit is used, as a small dial; the plain mark where it is not known or over. */
function Dial({ clock, tone }: { clock: ClockView; tone: Tone }) {
  const used = clock.limit_ms && clock.elapsed_ms !== null ? clock.elapsed_ms / clock.limit_ms : null
  if (used === null || used >= 1 || clock.state !== 'running') return <ToneMark tone={tone} />
  const round = 2 * Math.PI * 2.6
  return (
    <svg className={css.mark} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <circle cx="6" cy="6" r="5.2" fill="none" stroke="currentColor" strokeWidth="1" />
      <circle cx="6" cy="6" r="2.6" fill="none" stroke="currentColor" strokeWidth="5.2" transform="rotate(-90 6 6)"
        strokeDasharray={`${Math.max(0.03, used) * round} ${round}`} />
    </svg>
  )
}

/** An instant in few words, the full one on hover. */
export function When({ at, short }: { at: string | null; short?: 'time' | undefined }) {
  const speech = useSpeech()
  const now = useNow()
  if (!at) return <span className="hush">—</span>
  const instant = Date.parse(at)
  const text = short === 'time' ? clockTime(instant, speech) : whenWords(instant, now, speech)
  return <time dateTime={at} title={fullWords(instant, speech)}>{text}</time>
}
