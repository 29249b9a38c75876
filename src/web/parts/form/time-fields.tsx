import '@mantine/dates/styles.layer.css'
import 'dayjs/locale/zh-cn'
import { DateInput, DateTimePicker, DatesProvider } from '@mantine/dates'
import { useMediaQuery } from '@mantine/hooks'
import { IconCalendar } from '@tabler/icons-react'
import type { FormEvent, ReactNode } from 'react'
import { dayTyped } from '../../day-typed.ts'
import { serverNow, useMe, useSpeech } from '../../site.tsx'
import { dayOf, fromWall, toWall } from '../../time.ts'
import { FieldLabel, type InputProps } from './field.tsx'
import css from './field.module.css'

function Dates({ children }: { children: ReactNode }) {
  const { language } = useSpeech()
  return <DatesProvider settings={{ locale: language === 'en' ? 'en' : 'zh-cn',
    firstDayOfWeek: 1 }}>{children}</DatesProvider>
}

const pictures = { leftSection: <IconCalendar size={16} stroke={1.6} />, clearable: true } as const

const isDay = (value: unknown): value is string => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)

/**
 * A day: typed (12-5, 今天, +7), or pressed in the calendar that opens below. A thumb is given the calendar alone. What is
 * typed and is no day stays as it is and is sent as it is: the answer says at this field that it is none.
 */
export function DateField({ field, value, onChange, error }: InputProps) {
  const { language, zone, say } = useSpeech()
  const thumb = useMediaQuery('(pointer: coarse)', false, { getInitialValueInEffect: false })
  const read = (text: string) => dayTyped(text, dayOf(serverNow(), zone))
  // 11-3 is a day on the way to 11-31, which is none.
  const onInput = ({ currentTarget: { value: text } }: FormEvent<HTMLInputElement>) => {
    if (text.trim() !== '' && read(text) === null) onChange(text)
  }
  return (
    <Dates>
      <DateInput {...pictures} allowDeselect={false} fixOnBlur={isDay(value)} onInput={onInput}
        label={<FieldLabel field={field} />} description={field.hint} error={error()}
        placeholder={thumb ? undefined : say('form.day_typed')} inputMode={thumb ? 'none' : undefined}
        valueFormat={language === 'en' ? 'ddd D MMM YYYY' : 'YYYY年M月D日 ddd'} highlightToday
        dateParser={read}
        value={isDay(value) ? value : null} onChange={(next) => onChange(next ?? undefined)} />
    </Dates>
  )
}

/** A moment, in the company's time; the usual answers are one press away. */
export function InstantField({ field, value, onChange, error, compact }: InputProps) {
  const { language, zone, say } = useSpeech()
  const { opening } = useMe()
  const past = field.kind === 'instant' && field.past
  const wall = typeof value === 'string' ? toWall(Date.parse(value), zone) : null
  return (
    <Dates>
      <DateTimePicker {...pictures} label={<FieldLabel field={field} />} description={field.hint} error={error()}
        valueFormat={language === 'en' ? 'ddd D MMM YYYY HH:mm' : 'YYYY年M月D日 ddd HH:mm'} highlightToday
        timePickerProps={{ minutesStep: 5, withDropdown: true, hoursInputLabel: say('unit.hour'),
          minutesInputLabel: say('unit.minute') }}
        submitButtonProps={{ 'aria-label': say('form.take') }} maw={320}
        value={wall} onChange={(next) => onChange(next ? fromWall(next, zone) : undefined)} />
      {!compact && <div className={css.quick}>
        {(past ? justNow() : quickTimes(zone, opening?.open ? opening.until : null)).map(({ word, at }) => (
          <button type="button" key={word} onClick={() => onChange(at)}>{say(word)}</button>))}
      </div>}
    </Dates>
  )
}

const dayMs = 86_400_000

/** 刚才, to the minute. */
const minuteMs = 60_000
const justNow = () => [{ word: 'quick.now' as const, at: new Date(Math.floor(serverNow() / minuteMs) * minuteMs).toISOString() }]

/** 今天下班前, 明天上午, 三天后. */
function quickTimes(zone: string, closesAt: string | null) {
  const now = serverNow()
  const on = (days: number, time: string) => fromWall(`${dayOf(now + days * dayMs, zone)} ${time}:00`, zone)
  const closing = closesAt !== null && dayOf(Date.parse(closesAt), zone) === dayOf(now, zone) ? closesAt
    : on(0, '18:00')
  const today = Date.parse(closing) > now ? [{ word: 'quick.today' as const, at: closing }] : []
  return [...today, { word: 'quick.tomorrow' as const, at: on(1, '10:00') },
    { word: 'quick.three_days' as const, at: on(3, '18:00') }, { word: 'quick.week' as const, at: on(7, '18:00') }]
}
