import { Tooltip } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { Fragment, type ReactNode, useState } from 'react'
import type { DefinitionView, OfferView, RecordView } from '../../../server/views.ts'
import { useKeys } from '../../keys.ts'
import { useNow, useSay, useSpeech } from '../../site.tsx'
import { dueWords, fullWords } from '../../time.ts'
import { ActionForm } from '../form/action-form.tsx'
import { ToneMark } from '../time-chip.tsx'
import { whoOwes } from '../who.ts'
import css from './actions.module.css'
import { useCalm } from './calm.ts'

/** May it be done, perhaps with a reason? */
export const isOpen = (offer: OfferView): boolean => offer.live || offer.waivers.length > 0

/** Only with a reason: it goes past a guard. */
const needsReason = (offer: OfferView): boolean => !offer.live && offer.waivers.length > 0

/**
 * The offers in the order of their keys: the due one first, what goes past a guard after what is simply done; `edit` has
 * its place in the facts.
 */
export function orderedOffers(record: RecordView): OfferView[] {
  const all = record.offers.filter(({ action }) => action !== 'edit')
  const rank = (offer: OfferView): number => (needsReason(offer) ? 2 : 0) + (offer.next ? 0 : 1)
  return [...all].sort((a, b) => rank(a) - rank(b))
}

/** What is due, who owes it, until when. Its form is open below. */
export function DueLine({ record }: { record: RecordView }) {
  const speech = useSpeech()
  const now = useNow()
  const { next } = record
  if (!next) return <Elsewhere record={record} />
  const due = next.due_at ? Date.parse(next.due_at) : null
  const who = whoOwes(next)
  const words = due === null ? null : dueWords(due, now, speech)
  return (
    <p className={css.due} data-tone={words?.tone}>
      <span className={css.word}>{speech.say('due.next')}</span>
      <b>{next.label}</b>
      <span className={css.by}>{next.owed_by === 'customer' ? speech.say('due.waits_customer')
        : who === null ? speech.say('due.by_anyone') : speech.say('due.by', { who })}</span>
      {words && due !== null && (
        <span className={css.until} data-tone={words.tone} title={fullWords(due, speech)}>
          <ToneMark tone={words.tone} />{words.text}</span>)}
    </p>
  )
}

/** What is due in a record that belongs to this one: everybody waits for it. `held`: beside what is due here. */
function Elsewhere({ record, held = false }: { record: RecordView; held?: boolean }) {
  const say = useSay()
  const open = record.relatives.filter(({ parent, state, next }) => parent === record.id && next !== null
    && (state.kind === 'active' || state.kind === 'waiting'))
  const navigate = useNavigate()
  const first = open[0]
  useKeys(first ? { 0: () => void navigate({ to: '/$process/$id', params: { process: first.process, id: first.id } }) } : {})
  if (!first) return held ? null : <p className={css.due}><span className={css.word}>{say('due.nothing')}</span></p>
  return (
    <ul aria-label={say('due.next')}>
      {open.map((one) => (
        <li key={one.id} className={css.due}><span className={css.word}>{say(held ? 'due.first' : 'due.next')}</span>
          {one === first && <kbd className={css.zero}>0</kbd>}
          <Link to="/$process/$id" params={{ process: one.process, id: one.id }}>
            <b>{one.label} {one.next}</b></Link>
          <span className={css.by}>{one.number} · {one.state.label}</span></li>))}
    </ul>
  )
}

type ActionsProps = { record: RecordView; definition: DefinitionView; open: string | undefined; focus: boolean
  onOpen: (action: string | undefined) => void; onDone: (record: RecordView) => void
  /** Forms of a page's own, by action; every other is made from the definition. */
  forms?: Readonly<Record<string, (form: OwnForm) => ReactNode>> }

export type OwnForm = { record: RecordView; definition: DefinitionView; offer: OfferView; focus: boolean
  onDone: (record: RecordView) => void; onCancel?: () => void }

/** The due action as a form; all others as quieter buttons with their keys; the impossible ones with their reason. */
export function Actions({ record, definition, open, focus, onOpen, onDone, forms = {} }: ActionsProps) {
  const say = useSay()
  const offers = orderedOffers(record)
  const shown = offers.find(({ action }) => action === open)
  const live = offers.filter(isOpen)
  const shut = offers.filter((offer) => !isOpen(offer))
  const near = shut.filter(({ refusal }) => refusal?.code === 'guard')
  const far = shut.filter((offer) => !near.includes(offer))
  const own = shown?.next ?? false
  const close = () => onOpen(undefined)
  const calm = useCalm({ id: record.id, seq: record.seq, form: shown?.action })
  const held = offers.find((offer) => offer.next && !offer.live && offer.refusal?.code !== 'wrong_role')
  return (
    <section className={css.box} aria-label={say('record.actions')} onClickCapture={calm}>
      <DueLine record={record} />
      {held?.refusal && !shown && <><p className={css.held}>{say('due.not_yet', { why: held.refusal.message })}</p>
        <Elsewhere record={record} held /></>}
      {shown && (
        <div className={css.form}>
          {!own && <h2>{shown.label}</h2>}
          {forms[shown.action]
            ? <Fragment key={`${record.id}/${shown.action}/${record.seq}`}>
              {forms[shown.action]!({ record, definition, offer: shown, focus, onDone, ...(!own && { onCancel: close }) })}
            </Fragment>
            : <ActionForm key={`${record.id}/${shown.action}`} definition={definition} action={shown.action}
              record={record} offer={shown} focus={focus} onDone={onDone} onCancel={own ? undefined : close} />}
        </div>)}
      <div className={css.others}>
        {live.map((offer, index) => (
          offer.action !== shown?.action && (
            <button key={offer.action} type="button" className={css.other} onClick={() => onOpen(offer.action)}>
              {index < 9 && <kbd>{index + 1}</kbd>}{offer.label}
              {needsReason(offer) && <span className="hush">{say('waive.needs_reason')}</span>}
            </button>)))}
        {near.map((offer) => offer.action !== shown?.action && <Shut key={offer.action} offer={offer} />)}
        {far.length > 0 && <Far offers={far} />}
      </div>
    </section>
  )
}

/** A button that cannot be pressed now: it can be reached all the same, and says why. */
function Shut({ offer }: { offer: OfferView }) {
  return (
    <Tooltip label={offer.refusal?.message ?? ''}>
      <button type="button" className={css.other} aria-disabled="true">{offer.label}
        <span className="only-read">{offer.refusal?.message}</span></button>
    </Tooltip>
  )
}

function Far({ offers }: { offers: readonly OfferView[] }) {
  const say = useSay()
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" className={css.more} aria-expanded={open} onClick={() => setOpen(!open)}>
        {say(open ? 'actions.less' : 'actions.more', { n: offers.length })}</button>
      {open && (
        <ul className={css.far}>
          {offers.map((offer) => (
            <li key={offer.action}><span>{offer.label}</span><span>{offer.refusal?.message}</span></li>))}
        </ul>)}
    </>
  )
}
