import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { EarlierQuoteView, QuotingView, RecordView } from '../../../server/views.ts'
import { useNow, useSay, useSpeech } from '../../site.tsx'
import { dayWords } from '../../time.ts'
import { StateDot } from '../state.tsx'
import { ClockChip } from '../time-chip.tsx'
import { yuan } from '../value.tsx'
import type { QuoteLine } from './quote-data.ts'
import { PaperLink } from './send-form.tsx'
import css from './quote.module.css'

type BesideProps = { desk: QuotingView; record: RecordView
  /** Absent while nothing can be added. */
  onLine?: (line: QuoteLine) => void }

/** What one looks at while making a price: result, parts asked for, what was paid before, the paper. */
export function Beside({ desk, record, onLine }: BesideProps) {
  const say = useSay()
  const navigate = useNavigate()
  const { order } = desk
  return (
    <>
      {order && (
        <section className={css.panel}>
          <h2>{say('quote.result')} <Link to="/$process/$id" params={{ process: 'repair_order', id: order.id }} data-link>
            {order.number}</Link> <StateDot state={order.state} /></h2>
          {order.clocks.length > 0 && <p className={css.clocks}>{order.clocks.map((clock) =>
            <ClockChip key={clock.clock} clock={clock} onWhy={() => void navigate({ to: '/$process/$id',
              params: { process: 'repair_order', id: order.id }, search: { why: clock.clock } })} />)}</p>}
          <dl className={css.result}>
            {([['symptom', order.symptom], ['fault', order.fault_found], ['method', order.repair_method],
              ['parts', order.parts_needed]] as const).map(([name, text]) => text && (
              <div key={name}><dt>{say(`quote.result.${name}`)}</dt><dd>{text}</dd></div>))}
            {desk.engineer_fen !== null && <div><dt>{say('quote.engineer')}</dt><dd>¥{yuan(desk.engineer_fen)}</dd></div>}
          </dl>
        </section>)}
      {desk.asked.length > 0 && (
        <section className={css.panel}>
          <h2>{say('quote.asked')}</h2>
          <ul className={css.asked}>{desk.asked.map((one) => (
            <li key={`${one.request.id} ${one.part}`}>
              <span>{one.name} ×{one.pieces}</span>
              <span className={css.price}>{one.price_fen === null ? say('quote.no_price') : yuan(one.price_fen)}</span>
              <span className="hush"><Link to="/$process/$id" params={{ process: 'part_request', id: one.request.id }}>
                {one.request.number}</Link> {one.state.label}</span>
              {onLine && <Take onTake={() => onLine({ what: 'part', name: one.name, pieces: one.pieces,
                unit_fen: one.price_fen ?? undefined })} />}
            </li>))}</ul>
        </section>)}
      <Earlier desk={desk} onLine={onLine} />
      {typeof record.values.total_fen === 'number' && (
        <section className={css.panel}>
          <h2>{say('quote.paper')} <PaperLink id={record.id} /></h2>
          <a href={`/api/quotation/${record.id}/preview`} target="_blank" rel="noreferrer" className={css.paper}>
            <img src={`/api/quotation/${record.id}/preview?as=svg&seq=${record.seq}`} alt={say('quote.paper_alt')}
              loading="lazy" width={595} height={842} /></a>
        </section>)}
    </>
  )
}

function Take({ onTake }: { onTake: () => void }) {
  const say = useSay()
  return <button type="button" className={css.take} onClick={onTake}>{say('quote.bring')}</button>
}

function Earlier({ desk, onLine }: Pick<BesideProps, 'desk' | 'onLine'>) {
  const say = useSay()
  const { customer, model } = desk.earlier
  const [by, setBy] = useState<'customer' | 'model'>(customer.length > 0 || model.length === 0 ? 'customer' : 'model')
  const rows = desk.earlier[by]
  return (
    <section className={css.panel}>
      <div className={css.tabs} role="group" aria-label={say('quote.earlier')}>
        {(['customer', 'model'] as const).map((one) => (
          <button key={one} type="button" aria-pressed={by === one} onClick={() => setBy(one)}>
            {say(`quote.earlier.${one}`)} <span className="hush">{desk.earlier[one].length}</span></button>))}
      </div>
      {rows.length === 0 && <p className="hush">{say(by === 'customer' ? 'quote.new_customer' : 'quote.none_of_model')}</p>}
      <ul className={css.earlier}>{rows.map((row) =>
        <EarlierRow key={row.id} row={row} by={by} onLine={onLine} />)}</ul>
    </section>
  )
}

function EarlierRow({ row, by, onLine }: { row: EarlierQuoteView; by: 'customer' | 'model'; onLine: BesideProps['onLine'] }) {
  const speech = useSpeech()
  const now = useNow()
  return (
    <li>
      <p className={css.earlierHead}>
        <Link to="/$process/$id" params={{ process: 'quotation', id: row.id }} data-link>{row.number}</Link>
        <span className="cut">{by === 'customer' ? row.machine : row.customer}</span>
        <span className="hush">{dayWords(Date.parse(row.accepted_at), now, speech)}</span>
        <b>{row.total_fen === null ? '' : yuan(row.total_fen)}</b>
      </p>
      <ul>{row.lines.map((line, index) => (
        <li key={index}><span className="cut" title={line.name}>{line.name}{line.pieces > 1 && ` ×${line.pieces}`}</span>
          <span className={css.price}>{yuan(line.unit_fen)}</span>
          {onLine && <Take onTake={() => onLine({ what: line.what, name: line.name, pieces: line.pieces,
            unit_fen: line.unit_fen })} />}</li>))}</ul>
    </li>
  )
}
