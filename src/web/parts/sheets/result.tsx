import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { SheetJobView } from '../../../server/views-sheets.ts'
import { useSay } from '../../site.tsx'
import { sheetQueries } from './sheets-data.ts'
import css from './sheets.module.css'

const kinds = ['written', 'changed', 'good', 'change', 'there', 'double', 'bad', 'refused'] as const
/** Those that are shown although there are none of them: what the dry run is for. */
const askedFor = (job: SheetJobView): readonly string[] =>
  (job.state !== 'checked' ? [] : job.updates ? ['good', 'change', 'there'] : ['good'])
/** What a count is called where rows also change what is there. */
const withChanges = ['written', 'good', 'there'] as const

/** How many rows are what. */
function Counts({ job }: { job: SheetJobView }) {
  const say = useSay()
  return (
    <dl className={css.counts}>
      {kinds.filter((kind) => job.counts[kind] > 0 || askedFor(job).includes(kind)).map((kind) => (
        <div key={kind} data-kind={kind}><dd>{job.counts[kind].toLocaleString()}</dd>
          <dt>{say(job.updates && isOneOf(withChanges, kind) ? `sheets.updating.${kind}` : `sheets.count.${kind}`)}</dt></div>))}
    </dl>
  )
}

const isOneOf = <T extends string>(all: readonly T[], one: string): one is T => (all as readonly string[]).includes(one)

type CheckedProps = { job: SheetJobView; busy: boolean; onWrite: (onlyGood: boolean) => void; onAgain: () => void }

/** The dry run: what would happen, what is wrong, and the word to go. */
export function Checked({ job, busy, onWrite, onAgain }: CheckedProps) {
  const say = useSay()
  const { good, bad, change } = job.counts
  const some = good + change > 0
  return (
    <>
      <Counts job={job} />
      {job.problem && <p role="alert" className={css.wrong}>{job.problem}</p>}
      {!some && bad === 0 && <p className={css.hint}>{say(job.updates ? 'sheets.nothing_changed' : 'sheets.nothing_new')}</p>}
      <div className={css.acts}>
        {some && (job.updates ? (
          // A row that somebody else was quicker with is refused by itself: the others are none the worse for it.
          <Button loading={busy} onClick={() => onWrite(true)}>{say(bad > 0 ? 'sheets.write_good_updates' : 'sheets.write_updates',
            { good: good.toLocaleString(), change: change.toLocaleString() })}</Button>
        ) : (
          <Button loading={busy} onClick={() => onWrite(bad > 0)}>{say(bad > 0 ? 'sheets.write_good' : 'sheets.write_all',
            { n: good.toLocaleString() })}</Button>))}
        <Button variant="default" onClick={onAgain}>{say('sheets.rematch')}</Button>
        {some && (job.updates ? change > 0 && <span className={css.hint}>{say('sheets.update_hint')}</span>
          : bad === 0 && <span className={css.hint}>{say(job.in_one ? 'sheets.whole_in_one' : 'sheets.whole_in_parts')}</span>)}
      </div>
      <Changes job={job} />
      <Faults job={job} />
    </>
  )
}

/** How it ended. */
export function Ended({ job }: { job: SheetJobView }) {
  const say = useSay()
  const navigate = useNavigate()
  return (
    <>
      {job.state === 'done' && <p className={css.done}>{say('sheets.done')}</p>}
      {job.state === 'cancelled' && <p className={css.hint}>{say('sheets.cancelled_kept',
        { n: job.counts.written + job.counts.changed })}</p>}
      {job.problem && <p role="alert" className={css.wrong}>{job.problem}</p>}
      <Counts job={job} />
      <div className={css.acts}>
        {job.counts.written + job.counts.changed > 0 && <Button
          onClick={() => void navigate({ to: '/$process', params: { process: job.process } })}>
          {say('sheets.to_list', { label: job.label })}</Button>}
        <Button variant="default" onClick={() => void navigate({ to: '/sheets', search: { kind: job.kind } })}>
          {say('sheets.another')}</Button>
      </div>
      <Faults job={job} />
    </>
  )
}

/** What would change, before it does: of each record what it says now and what it would say. */
function Changes({ job }: { job: SheetJobView }) {
  const say = useSay()
  const some = job.counts.change > 0
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({ ...sheetQueries.changes(job.id), enabled: some })
  if (!some) return null
  const rows = data?.pages.flatMap((page) => page.changes) ?? []
  return (
    <section>
      <h2 className={css.section}>{say('sheets.changes')}</h2>
      <div className={css.scroll}>
        <table className={`${css.table} ${css.changes}`}>
          <thead><tr><th scope="col">{say('sheets.change_line')}</th><th scope="col">{job.label}</th>
            <th scope="col">{say('sheets.change_field')}</th><th scope="col">{say('sheets.change_from')}</th>
            <th scope="col">{say('sheets.change_to')}</th></tr></thead>
          <tbody>{rows.map(({ line, id, number, title, changes }) => changes.map((change, index) => (
            <tr key={`${line} ${change.field}`}>
              <th scope="row">{index === 0 ? line : ''}</th>
              <td className={css.whose}>{index === 0 && (
                <Link to="/$process/$id" params={{ process: job.process, id }} target="_blank">{number} {title}</Link>)}</td>
              <td>{change.label}</td>
              <td className={change.from ? css.from : css.none}>{change.from || say('sheets.empty_cell')}</td>
              <td className={css.to}>{change.to}</td>
            </tr>)))}</tbody>
        </table>
      </div>
      {hasNextPage && <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {say('sheets.more_faults')}</Button>}
    </section>
  )
}

/** Every mistake by line and column, in the order of the file. */
function Faults({ job }: { job: SheetJobView }) {
  const say = useSay()
  const some = job.counts.bad + job.counts.refused > 0
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    ...sheetQueries.faults(job.id, job.state), enabled: some })
  if (!some) return null
  const faults = data?.pages.flatMap((page) => page.faults) ?? []
  return (
    <section>
      <h2 className={css.section}>{say('sheets.faults')}
        <a data-link href={`/api/sheets/${job.id}/faults-file`} download>{say('sheets.faults_file')}</a></h2>
      <div className={css.scroll}>
        <table className={css.table}>
          <tbody>{faults.map(({ line, problems }) => problems.map((problem, index) => (
            <tr key={`${line} ${index}`}>
              <th scope="row">{index === 0 ? say('sheets.line', { n: line }) : ''}</th>
              <td>{problem.heading}</td>
              <td className={css.samples}>{problem.value || say('sheets.empty_cell')}</td>
              <td className={css.why}>{problem.message}</td>
            </tr>)))}</tbody>
        </table>
      </div>
      {hasNextPage && <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {say('sheets.more_faults')}</Button>}
    </section>
  )
}
