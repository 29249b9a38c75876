import { type FormEvent, useCallback, useEffect, useState } from 'react'
import type { PaperStatusView, PaperView } from '../../server/views.ts'
import { type Problem, ask, problemOf } from './api.ts'
import { Loading, Notice, ShopBar, ShopFoot, Spoken, Unopened } from './parts.tsx'
import { MachineReport } from './machine-report.tsx'
import { momentText, useSay } from './words.ts'

/** What the code on a printed page leads to: the shop for everybody, the record for its people, a few words for the
 * customer. */
export function PaperPage({ code }: { code: string }) {
  const say = useSay()
  const [paper, setPaper] = useState<PaperView | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [status, setStatus] = useState<PaperStatusView | null>(null)
  const path = `/api/paper/${encodeURIComponent(code)}`
  const read = useCallback(() => {
    ask<PaperView>(path).then((view) => {
      if (view.record) window.location.replace(`/${view.record.process}/${view.record.id}`)
      else setPaper(view)
    }, (error: unknown) => setProblem(problemOf(error)))
  }, [path])
  useEffect(read, [read])
  const again = useCallback(() => {
    setProblem(null)
    read()
  }, [read])
  const isMachine = paper?.machine !== undefined
  useEffect(() => { document.title = say(isMachine ? 'report.title' : 'paper.title') }, [say, isMachine])
  if (problem?.code === 'not_found') return <Notice title={say('paper.unknown')} text={say('paper.unknown_text')} />
  if (problem) return <Unopened problem={problem} onAgain={again} />
  if (!paper) return <Loading />
  return (
    <>
      <ShopBar shop={paper.shop} />
      <main className="page">
        {status ? <section className="state">
          <p className="hush">{status.label}</p><Spoken className="words">{status.state_words}</Spoken>
          <p className="numbers">{say('paper.changed', { time: momentText(say, status.changed_at) })}</p>
        </section> : paper.machine ? paper.machine.open ? <MachineReport path={path} machine={paper.machine} />
          : <section className="card"><p>{say('report.closed')}</p></section>
          : <Digits path={path} onStatus={setStatus} />}
      </main>
      <ShopFoot shop={paper.shop} />
      <p className="staff-door"><a href={`/sign-in?to=${encodeURIComponent(`/q/${code}`)}`}>{say('paper.staff')}</a></p>
    </>
  )
}

function Digits({ path, onStatus }: { path: string; onStatus: (status: PaperStatusView) => void }) {
  const say = useSay()
  const [digits, setDigits] = useState('')
  const [sending, setSending] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const onSend = (event: FormEvent) => {
    event.preventDefault()
    if (sending) return
    if (!/^[0-9]{4}$/.test(digits)) return setProblem(say('paper.none'))
    setSending(true)
    setProblem(null)
    ask<PaperStatusView>(path, { body: { digits } }).then(onStatus, (error: unknown) => {
      const refused = problemOf(error)
      setSending(false)
      setProblem(refused.code === 'offline' ? say('lost')
        : refused.code === 'bad_input' ? say('paper.wrong') : refused.message || say('fault.text'))
    })
  }
  return (
    <section className="card">
      <form noValidate onSubmit={onSend}>
        <h1 className="title">{say('paper.title')}</h1>
        <p>{say('paper.text')}</p>
        <label className="field"><span>{say('paper.digits')}</span>
          <input className="digits" type="text" inputMode="numeric" pattern="[0-9]*" maxLength={4} autoComplete="off"
            value={digits} onChange={(event) => setDigits(event.target.value.replace(/\D/g, ''))} /></label>
        {problem !== null && <p className="problem" role="alert">{problem}</p>}
        <div className="choices"><button type="submit" className="button first" aria-disabled={sending}>
          {say(sending ? 'sending' : 'paper.send')}</button></div>
      </form>
    </section>
  )
}
