import type { LinkedRecordView, QuotedView } from '../../server/views.ts'
import { dateText, useSay, yuan } from './words.ts'

type Line = QuotedView['lines'][number]

/** The price line by line, as it adds up. Of an answer to a part: what was not chosen is struck. */
export function Price({ view, quotation }: { view: LinkedRecordView; quotation: QuotedView }) {
  const say = useSay()
  const chosen = chosenLines(view, quotation)
  return (
    <section className="card">
      <h2>{say('price')}</h2>
      <ul className="lines">{quotation.lines.map((line) => <PriceLine key={line.line} line={line}
        out={chosen !== null && chosen.indexOf(line.line) < 0} />)}</ul>
      <dl className="sums">
        {quotation.discount_fen + quotation.tax_fen > 0 && <div><dt>{say('whole')}</dt>
          <dd>{yuan(quotation.whole_fen)}</dd></div>}
        {quotation.discount_fen > 0 && <div><dt>{say('discount')}</dt><dd>{yuan(-quotation.discount_fen)}</dd></div>}
        {quotation.tax_fen > 0 && <div><dt>{say('tax')}</dt><dd>{yuan(quotation.tax_fen)}</dd></div>}
        <div className={chosen === null ? 'total' : undefined}><dt>{say('total')}</dt>
          <dd>{yuan(quotation.total_fen)}</dd></div>
        {chosen !== null && quotation.accepted_fen !== null && <div className="total"><dt>{say('accepted_total')}</dt>
          <dd>{yuan(quotation.accepted_fen)}</dd></div>}
      </dl>
      {quotation.estimate && <p className="estimate">{say('estimate')}</p>}
      <dl className="facts">
        {quotation.period && <div><dt>{say('period')}</dt><dd>{quotation.period}</dd></div>}
        {quotation.valid_until && <div><dt>{say('valid_until')}</dt>
          <dd>{dateText(say, quotation.valid_until)}</dd></div>}
      </dl>
    </section>
  )
}

/** Numbers of the lines that were agreed to; null where the whole was, or nothing yet. */
function chosenLines({ fields, state }: LinkedRecordView, { accepted_fen }: QuotedView): number[] | null {
  if (state.name !== 'accepted' || accepted_fen === null) return null
  const value = fields.filter(({ name }) => name === 'accepted_lines')[0]?.value
  return Array.isArray(value) && value.length > 0 ? value.map(({ line }: { line: number }) => line) : null
}

function PriceLine({ line, out }: { line: Line; out: boolean }) {
  const say = useSay()
  return (
    <li className={out ? 'out' : undefined}>
      <p className="line-name">{line.name}{out && <span className="tag">{say('not_chosen')}</span>}
        {line.note !== '' && <span className="line-note">{line.note}</span>}
        {line.pieces > 1 && <span className="line-note">
          {say('pieces', { sum: yuan(line.unit_fen), count: line.pieces })}</span>}</p>
      <p className="line-sum">{yuan(line.amount_fen)}</p>
    </li>
  )
}

/** What a choice of lines costs: discount and tax go with the share, rounded as the server rounds it. */
export function sumOf({ lines, discount_fen, tax_fen }: QuotedView, chosen: readonly number[]): number {
  const sum = (some: readonly Line[]) => some.reduce((all, { amount_fen }) => all + amount_fen, 0)
  const [whole, part] = [sum(lines), sum(lines.filter(({ line }) => chosen.indexOf(line) >= 0))]
  return whole === 0 ? 0 : part - Math.round((discount_fen * part) / whole)
    + Math.round((tax_fen * part) / whole)
}
