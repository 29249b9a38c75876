import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { SheetJobView } from '../../../server/views.ts'
import { useSay } from '../../site.tsx'
import { sheetQueries } from './sheets-data.ts'
import css from './sheets.module.css'

const kinds = ['written', 'good', 'there', 'double', 'bad', 'refused'] as const

/** How many rows are what. */
function Counts({ job }: { job: SheetJobView }) {
  const say = useSay()
  return (
    <dl className={css.counts}>
      {kinds.filter((kind) => job.counts[kind] > 0 || (kind === 'good' && job.state === 'checked')).map((kind) => (
        <div key={kind} data-kind={kind}><dd>{job.counts[kind].toLocaleString()}</dd><dt>{say(`sheets.count.${kind}`)}</dt></div>))}
    </dl>
  )
}

type CheckedProps = { job: SheetJobView; busy: boolean; onWrite: (onlyGood: boolean) => void; onAgain: () => void }

/** The dry run: what would happen, what is wrong, and the word to go. */
export function Checked({ job, busy, onWrite, onAgain }: CheckedProps) {
  const say = useSay()
  const { good, bad } = job.counts
  return (
    <>
      <Counts job={job} />
      {job.problem && <p role="alert" className={css.wrong}>{job.problem}</p>}
      {good === 0 && bad === 0 && <p className={css.hint}>{say('sheets.nothing_new')}</p>}
      <div className={css.acts}>
        {good > 0 && bad === 0 && <Button loading={busy} onClick={() => onWrite(false)}>
          {say('sheets.write_all', { n: good.toLocaleString() })}</Button>}
        {good > 0 && bad > 0 && <Button loading={busy} onClick={() => onWrite(true)}>
          {say('sheets.write_good', { n: good.toLocaleString() })}</Button>}
        <Button variant="default" onClick={onAgain}>{say('sheets.rematch')}</Button>
        {good > 0 && bad === 0 && <span className={css.hint}>{say(job.in_one ? 'sheets.whole_in_one'
          : 'sheets.whole_in_parts')}</span>}
      </div>
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
      {job.state === 'cancelled' && <p className={css.hint}>{say('sheets.cancelled_kept', { n: job.counts.written })}</p>}
      {job.problem && <p role="alert" className={css.wrong}>{job.problem}</p>}
      <Counts job={job} />
      <div className={css.acts}>
        {job.counts.written > 0 && <Button
          onClick={() => void navigate({ to: '/$process', params: { process: job.process } })}>
          {say('sheets.to_list', { label: job.label })}</Button>}
        <Button variant="default" onClick={() => void navigate({ to: '/sheets', search: { kind: job.kind } })}>
          {say('sheets.another')}</Button>
      </div>
      <Faults job={job} />
    </>
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
