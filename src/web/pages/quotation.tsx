import { useQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { Suspense, lazy, useEffect } from 'react'
import type { DefinitionView, QuotingView, RecordView } from '../../server/views.ts'
import { queries } from '../api.ts'
import { useKeys } from '../keys.ts'
import { ActionForm } from '../parts/form/action-form.tsx'
import { Lost } from '../parts/lost.tsx'
import { Phone } from '../parts/phone.tsx'
import { Beside } from '../parts/quote/beside.tsx'
import { bring } from '../parts/quote/brought.ts'
import { PriceForm } from '../parts/quote/price-form.tsx'
import { quoteQueries } from '../parts/quote/quote-data.ts'
import css from '../parts/quote/quote.module.css'
import { ReceiptForm } from '../parts/quote/receipt-form.tsx'
import { Message, SendForm } from '../parts/quote/send-form.tsx'
import { Sheet } from '../parts/quote/sheet.tsx'
import { Actions, type OwnForm } from '../parts/record/actions.tsx'
import { Facts } from '../parts/record/facts.tsx'
import { Documents, Family } from '../parts/record/family.tsx'
import { Head } from '../parts/record/head.tsx'
import { useOfferKeys } from '../parts/record/offer-keys.ts'
import { Timeline, shows } from '../parts/record/timeline.tsx'
import { GhostRows } from '../parts/rows-ghost.tsx'
import { yuan } from '../parts/value.tsx'
import { useSay } from '../site.tsx'

const WhyDrawer = lazy(() => import('../parts/record/why-drawer.tsx').then((part) => ({ default: part.WhyDrawer })))
const route = getRouteApi('/staff/$process/$id')

/** 报价单: made, sent, confirmed and answered on one page, with what one needs to know beside it. */
export function QuotationPage({ id }: { id: string }) {
  const record = useQuery(queries.record('quotation', id))
  const definition = useQuery(queries.definition('quotation'))
  const desk = useQuery(quoteQueries.desk(id))
  const error = record.error ?? definition.error ?? desk.error
  if (error && !(record.data && definition.data && desk.data)) {
    return <Lost error={error} again={() => { void record.refetch(); void definition.refetch(); void desk.refetch() }} />
  }
  if (!record.data || !definition.data || !desk.data) return <GhostRows count={8} />
  return <Desk record={record.data} definition={definition.data} desk={desk.data} />
}

type DeskProps = { record: RecordView; definition: DefinitionView; desk: QuotingView }

function Desk({ record, definition, desk }: DeskProps) {
  const say = useSay()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const set = (patch: Partial<typeof search>) => void navigate({ search: (old) => ({ ...old, ...patch }), replace: true })
  const open = search.do ?? dueAction(record)
  const tab = search.tab ?? 'facts'
  useOfferKeys(record, (action) => set({ do: action, tab: undefined }), () => set({ do: undefined }))
  useKeys({ p: () => window.open(`/api/quotation/${record.id}/preview`, '_blank', 'noreferrer') })
  useEffect(() => { document.title = `${record.number} ${record.title}` }, [record.number, record.title])
  const forms = formsOf(desk, () => set({ do: 'ask_review' }))
  return (
    <article className={css.page}>
      <Head told record={record} definition={definition} onWhy={(clock) => set({ why: clock })} />
      <Who record={record} desk={desk} />
      <div className={css.pageTabs} role="group" aria-label={say('record.tabs')}>
        {(['facts', 'history'] as const).map((one) => (
          <button key={one} type="button" aria-pressed={tab === one} onClick={() => set({ tab: one })}>
            {say(one === 'facts' ? 'quote.title' : 'quote.beside')}</button>))}
      </div>
      <div className={css.body} data-tab={tab}>
        <div className={css.left}>
          <Said record={record} most={desk.reminders_most} />
          <Actions record={record} definition={definition} open={open} forms={forms}
            focus={search.do !== undefined || open === 'price'}
            onOpen={(action) => set({ do: action })} onDone={() => set({ do: undefined })} />
          {open !== 'price' && <Sheet record={record} definition={definition} />}
          {record.state.kind === 'waiting' && desk.message && (
            <details className={css.again}><summary>{say('quote.message_again')}</summary>
              <Message id={record.id} text={desk.message} /></details>)}
          <details className={css.again}><summary>{say('quote.all_facts')}</summary>
            <Facts record={record} definition={definition} /></details>
        </div>
        <div className={css.right}>
          <Beside desk={desk} record={record}
            onLine={open === 'price' ? bring : undefined} />
          <Family record={record} definition={definition} />
          <Documents record={record} definition={definition} />
          <Timeline record={record} definition={definition} show={shows.find((one) => one === search.show) ?? 'all'}
            onShow={(show) => set({ show: show === 'all' ? undefined : show })} />
        </div>
      </div>
      <Suspense>
        {search.why && <WhyDrawer record={record} clock={search.why} onClose={() => set({ why: undefined })} />}
      </Suspense>
    </article>
  )
}

/** Whom it is for, in one line. */
function Who({ record, desk }: Pick<DeskProps, 'record' | 'desk'>) {
  const { customer, contact, machine } = desk
  const phone = contact.phone || customer.phone
  return (
    <p className={css.who}>
      {record.customer ? <Link to="/$process/$id" params={{ process: 'customer', id: record.customer.id }}>
        <b>{customer.name}</b></Link> : <b>{customer.name}</b>}
      {contact.name && <span>{contact.name}</span>}
      {phone && <Phone number={phone} />}
      <span className="hush">{[machine.name, machine.serial].filter(Boolean).join(' · ')}</span>
    </p>
  )
}

/** What was asked and decided last, and how often the customer was asked for an answer. */
function Said({ record, most }: { record: RecordView; most: number | null }) {
  const say = useSay()
  const last = (action: string, field: string) => {
    const event = record.events.find((one) => one.action === action)
    const text = event?.input[field]
    return event && typeof text === 'string'
      ? { text, who: event.who.kind === 'contact' ? say('quote.customer_asks') : event.who.name } : null
  }
  const review = record.events.find(({ action }) => action === 'review_price')
  const advised = review?.input.advised_fen
  const rounds = Number(record.values.reminders ?? 0)
  const lines = [
    record.state.name === 'reviewing' ? last('ask_review', 'review_question') : null,
    record.state.name === 'asked' ? last('ask', 'question') : null,
    record.state.name === 'priced' && review ? { who: review.who.name, text: [typeof advised === 'number'
      ? say('quote.advised', { sum: yuan(advised) }) : say('quote.agreed'), review.input.note].filter(Boolean).join(' ') }
      : null,
    record.state.kind === 'waiting' && rounds > 0 ? { who: '', text: say('quote.rounds', { n: rounds, most: most ?? '—' }) }
      : null,
  ].filter((line) => line !== null)
  return lines.length === 0 ? null
    : <ul className={css.said}>{lines.map(({ who, text }) => <li key={text}>{who && <b>{who}</b>} {text}</li>)}</ul>
}

/** The due action is open by itself, also where its other side owes it: the customer's answer comes by telephone. */
const dueAction = (record: RecordView): string | undefined =>
  record.offers.find((offer) => offer.next && (offer.live || offer.waivers.length > 0))?.action

/** Forms of this page's own, by action. */
function formsOf(desk: QuotingView, onReview: () => void) {
  const answered = { answer_way: 'phone', answered_by: desk.contact.name || undefined }
  return {
    price: (form: OwnForm) => <PriceForm {...form} desk={desk} onReview={onReview} />,
    send: (form: OwnForm) => <SendForm {...form} desk={desk} />,
    confirm_receipt: (form: OwnForm) => <ReceiptForm {...form} desk={desk} />,
    accept: (form: OwnForm) => <ActionForm {...form} action="accept" start={answered} />,
    refuse: (form: OwnForm) => <ActionForm {...form} action="refuse" start={{ answer_way: 'phone' }} />,
  }
}
