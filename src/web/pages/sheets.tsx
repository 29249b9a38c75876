import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { SheetJobView } from '../../server/views-sheets.ts'
import { ApiError, ask } from '../api.ts'
import { Lost } from '../parts/lost.tsx'
import { GhostRows } from '../parts/rows-ghost.tsx'
import { Begin } from '../parts/sheets/begin.tsx'
import { Match } from '../parts/sheets/match.tsx'
import { Checked, Ended } from '../parts/sheets/result.tsx'
import { isMoving, sheetQueries } from '../parts/sheets/sheets-data.ts'
import css from '../parts/sheets/sheets.module.css'
import { useSay } from '../site.tsx'

const route = getRouteApi('/staff/sheets')

/** 表格导入: a file, its columns, the dry run, and in. */
export function SheetsPage() {
  const say = useSay()
  const { job, kind } = route.useSearch()
  useEffect(() => { document.title = say('sheets.title') }, [say])
  return (
    <article className={css.page}>
      {job ? <One key={job} id={job} /> : <><h1>{say('sheets.title')}</h1><Begin kind={kind} /></>}
    </article>
  )
}

const steps = [['match', ['reading', 'mapping']], ['check', ['checking', 'checked']],
  ['write', ['writing', 'done', 'stopped']]] as const

function One({ id }: { id: string }) {
  const say = useSay()
  const client = useQueryClient()
  const { data: job, error, refetch } = useQuery(sheetQueries.job(id))
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const [again, setAgain] = useState(false)
  if (error && !job) return <Lost error={error} again={() => void refetch()} />
  if (!job) return <GhostRows count={6} />
  const send = async (what: string, body: unknown = {}) => {
    setBusy(true)
    setWrong(null)
    try {
      client.setQueryData(sheetQueries.job(id).queryKey, await ask<SheetJobView>(`/api/sheets/${id}/${what}`,
        { method: 'POST', body }))
      setAgain(false)
    } catch (failed) {
      setWrong(failed instanceof ApiError ? failed.message : null)
      void refetch()
    } finally {
      setBusy(false)
    }
  }
  const matching = job.state === 'mapping' || (job.state === 'checked' && again)
  const open = isMoving(job) || job.state === 'mapping' || job.state === 'checked'
  return (
    <>
      <header className={css.head}>
        <div><h1>{job.file_name}</h1>
          <p className={css.hush}>{job.label} · {say('sheets.rows', { n: job.rows_total.toLocaleString() })}</p></div>
        {open && <Button variant="default" size="xs" onClick={() => void send('cancel')}>{say('sheets.cancel')}</Button>}
      </header>
      <ol className={css.steps}>{steps.map(([step, states]) => (
        <li key={step} aria-current={(states as readonly string[]).includes(job.state) ? 'step' : undefined}>
          {say(`sheets.step.${step}`)}</li>))}</ol>
      {wrong && <p role="alert" className={css.wrong}>{wrong}</p>}
      {isMoving(job) ? <Moving job={job} />
        : matching ? <Match job={job} busy={busy} onCheck={(fields, fillers, updates) => void send('fields', { fields, fillers, updates })}
          key={`${job.sheet}`} onSheet={(sheet) => void send('sheet', { sheet })} />
          : job.state === 'checked' ? <Checked job={job} busy={busy} onAgain={() => setAgain(true)}
            onWrite={(only_good) => void send('write', { only_good })} />
            : <Ended job={job} />}
    </>
  )
}

function Moving({ job }: { job: SheetJobView }) {
  const say = useSay()
  const total = job.state === 'writing' ? job.counts.good + job.counts.change : job.rows_total
  const share = job.state === 'reading' || total === 0 ? null : Math.min(100, Math.round((job.seen / total) * 100))
  return (
    <div className={css.moving}>
      <p>{say(`sheets.state.${job.state}`)}
        <span className={css.hush}>{job.state === 'reading' ? say('sheets.rows', { n: job.seen.toLocaleString() })
          : say('sheets.progress', { seen: job.seen.toLocaleString(), total: total.toLocaleString() })}</span></p>
      <div className={css.bar} role="progressbar" aria-valuemin={0} aria-valuemax={100} aria-valuenow={share ?? undefined}
        aria-label={say(`sheets.state.${job.state}`)} data-endless={share === null || undefined}>
        <i style={{ width: `${share ?? 30}%` }} /></div>
      <p className={css.hint}>{say('sheets.background')}</p>
    </div>
  )
}
