import type { DefinitionView, RecordView } from '../../../server/views.ts'
import { useSay } from '../../site.tsx'
import { yuan } from '../value.tsx'
import { linesIn, sumOfLines } from './quote-data.ts'
import css from './quote.module.css'

/** The price as it stands: lines and sums, as on paper. */
export function Sheet({ record, definition }: { record: RecordView; definition: DefinitionView }) {
  const say = useSay()
  const { values } = record
  const lines = linesIn(values.lines)
  if (lines.length === 0) return <p className={css.empty}>{say('quote.not_priced')}</p>
  const field = definition.fields.find(({ name }) => name === 'lines')
  const column = field?.kind === 'lines' ? field.columns.what : undefined
  const kinds = column?.kind === 'choice' ? column.options : {}
  const fen = (name: string) => Number(values[name] ?? 0)
  const whole = sumOfLines(lines)
  const accepted = Array.isArray(values.accepted_lines)
    ? new Set((values.accepted_lines as { line: number }[]).map(({ line }) => line)) : null
  const chosen = record.state.name === 'accepted' && accepted !== null && accepted.size > 0 ? accepted : null
  return (
    <section className={css.sheet} aria-label={say('quote.title')}>
      <table>
        <tbody>{lines.map((line, index) => (
          <tr key={index} data-out={(chosen !== null && !chosen.has(index + 1)) || undefined}>
            <td className={css.n}>{index + 1}</td><td className="hush">{kinds[line.what ?? ''] ?? ''}</td>
            <td>{line.name}{line.note && <span className="hush"> · {line.note}</span>}</td>
            <td data-number>{(line.pieces ?? 0) > 1 && `${line.pieces} × ${yuan(line.unit_fen ?? 0)}`}</td>
            <td data-number>{yuan((line.pieces ?? 0) * (line.unit_fen ?? 0))}</td>
          </tr>))}
        </tbody>
      </table>
      <dl>
        {(fen('discount_fen') > 0 || fen('tax_fen') > 0) && <div><dt>{say('quote.whole')}</dt><dd>{yuan(whole)}</dd></div>}
        {fen('discount_fen') > 0 && <div><dt>{say('quote.discount')}</dt><dd>−{yuan(fen('discount_fen'))}</dd></div>}
        {fen('tax_fen') > 0 && <div><dt>{say('quote.tax_sum')}</dt><dd>{yuan(fen('tax_fen'))}</dd></div>}
        <div className={css.total}><dt>{say(values.final === 'estimate' ? 'quote.estimate' : 'quote.total')}</dt>
          <dd>¥ {yuan(fen('total_fen'))}</dd></div>
        {chosen !== null && <div className={css.total}><dt>{say('quote.accepted')}</dt>
          <dd>¥ {yuan(fen('accepted_fen'))}</dd></div>}
      </dl>
    </section>
  )
}
