import { Button, FileButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { SheetJobView } from '../../../server/views-sheets.ts'
import { ApiError, ask, upload } from '../../api.ts'
import { useSay } from '../../site.tsx'
import { Lost } from '../lost.tsx'
import { GhostRows } from '../rows-ghost.tsx'
import { When } from '../time-chip.tsx'
import { sheetQueries } from './sheets-data.ts'
import css from './sheets.module.css'

/** What to bring in, from which file; and what was brought in lately. */
export function Begin({ kind }: { kind: string | undefined }) {
  const say = useSay()
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery(sheetQueries.all())
  if (error) return <Lost error={error} again={() => void refetch()} />
  if (!data) return <GhostRows count={6} />
  const chosen = data.kinds.find((one) => one.kind === kind) ?? data.kinds[0]
  return (
    <>
      <p className={css.lead}>{say('sheets.lead')}</p>
      {!chosen && <p className="hush">{say('sheets.nothing_allowed')}</p>}
      {chosen && (
        <>
          <div className={css.kinds} role="group" aria-label={say('sheets.kind')}>
            {data.kinds.map((one) => (
              <button key={one.kind} type="button" aria-pressed={one.kind === chosen.kind}
                onClick={() => void navigate({ to: '/sheets', search: { kind: one.kind }, replace: true })}>{one.label}</button>))}
          </div>
          <Drop kind={chosen.kind} />
          <p className={css.hint}>{say('sheets.limits')}</p>
          <p className={css.links}>
            <a data-link href={`/api/sheet-template/${chosen.kind}`} download>{say('sheets.template')}</a>
            {chosen.list && <a data-link href={`${chosen.list.path}?format=xlsx`} download>
              {say('sheets.list', { label: chosen.list.label })}</a>}
          </p>
          {chosen.list && <p className={css.hint}>{say('sheets.list_hint')}</p>}
        </>)}
      <h2 className={css.section}>{say('sheets.recent')}</h2>
      {data.jobs.length === 0 ? <p className="hush">{say('sheets.none_yet')}</p> : (
        <ul className={css.jobs}>{data.jobs.map((job) => <Recent key={job.id} job={job} />)}</ul>)}
    </>
  )
}

function Recent({ job }: { job: SheetJobView }) {
  const say = useSay()
  return (
    <li>
      <Link to="/sheets" search={{ job: job.id }}>
        <span className={css.file}>{job.file_name}</span>
        <span>{job.label}</span>
        <span className={css.hush}>{say('sheets.by', { name: job.by, rows: job.rows_total.toLocaleString() })}</span>
        <span data-state={job.state}>{say(`sheets.state.${job.state}`)}</span>
        <When at={job.created_at} />
      </Link>
    </li>
  )
}

/** The file, by choosing or dragging. */
function Drop({ kind }: { kind: string }) {
  const say = useSay()
  const navigate = useNavigate()
  const [over, setOver] = useState(false)
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const take = async (file: File | null | undefined) => {
    if (!file || busy) return
    setBusy(true)
    setWrong(null)
    try {
      const { id } = await upload(file, file.name)
      const job = await ask<SheetJobView>('/api/sheets', { method: 'POST', body: { kind, file: id } })
      void navigate({ to: '/sheets', search: { job: job.id } })
    } catch (error) {
      const problem = error instanceof ApiError ? error.problem : null
      setWrong(problem?.fields?.[0]?.message ?? problem?.message ?? null)
      setBusy(false)
    }
  }
  return (
    <div className={css.drop} data-over={over || undefined}
      onDragOver={(event) => { event.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)}
      onDrop={(event) => { event.preventDefault(); setOver(false); void take(event.dataTransfer.files[0]) }}>
      <span>{busy ? say('sheets.sending') : say('sheets.drop')}</span>
      <FileButton accept=".xlsx,.csv,.txt" onChange={(file) => void take(file)}>
        {(props) => <Button {...props} loading={busy}>{say('sheets.choose')}</Button>}
      </FileButton>
      {wrong && <p role="alert" className={css.wrong}>{wrong}</p>}
    </div>
  )
}
