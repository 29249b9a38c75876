import { type FormEvent, useRef, useState } from 'react'
import type { PaperView } from '../../server/views.ts'
import { ask, newKey, problemOf } from './api.ts'
import { Spoken } from './parts.tsx'
import { useSay } from './words.ts'

type Typed = { reported: string; reporter_name: string; reporter_phone: string }
const nothing: Typed = { reported: '', reporter_name: '', reporter_phone: '' }

/** 扫码报修: the machine is known; what is wrong and whom to ring is all that is asked. */
export function MachineReport({ path, machine }: { path: string; machine: NonNullable<PaperView['machine']> }) {
  const say = useSay()
  const [typed, setTyped] = useState(nothing)
  const [sending, setSending] = useState(false)
  const [sent, setSent] = useState(false)
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({})
  const key = useRef(newKey())
  const set = (name: keyof Typed) => (event: { target: { value: string } }) =>
    setTyped((old) => ({ ...old, [name]: event.target.value }))
  const onSend = (event: FormEvent) => {
    event.preventDefault()
    if (sending) return
    const missing = (Object.keys(nothing) as (keyof Typed)[]).filter((name) => typed[name].trim() === '')
    if (missing.length > 0) return setProblems({ [missing[0]!]: say('report.missing') })
    setSending(true)
    setProblems({})
    ask<{ ok: true }>(`${path}/report`, { body: typed, key: key.current }).then(() => setSent(true), (error: unknown) => {
      const refused = problemOf(error)
      setSending(false)
      key.current = newKey()
      // Not Object.fromEntries: old telephones do not know it.
      const fields: Record<string, string> = {}
      for (const one of refused.fields ?? []) fields[one.field] = one.message
      setProblems(Object.keys(fields).length > 0 ? fields
        : { whole: refused.code === 'offline' ? say('lost') : refused.message || say('fault.text') })
    })
  }
  if (sent) {
    return <section className="outcome kept"><Spoken>{say('report.sent')}</Spoken><p>{say('report.sent_text')}</p></section>
  }
  const problem = (name: string) => problems[name] !== undefined
    && <span className="problem" role="alert">{problems[name]}</span>
  return (
    <section className="card">
      <form noValidate onSubmit={onSend}>
        <h1 className="title">{say('report.title')}</h1>
        <p className="strong">{machine.name}</p>
        <p className="hush">{[machine.serial, machine.place].filter(Boolean).join(' · ')}</p>
        <label className="field"><span>{say('report.what')}</span>
          <textarea rows={4} maxLength={1000} value={typed.reported} onChange={set('reported')} />{problem('reported')}</label>
        <label className="field"><span>{say('report.name')}</span>
          <input type="text" maxLength={60} autoComplete="name" value={typed.reporter_name}
            onChange={set('reporter_name')} />{problem('reporter_name')}</label>
        <label className="field"><span>{say('report.phone')}</span>
          <input type="tel" maxLength={32} autoComplete="tel" value={typed.reporter_phone}
            onChange={set('reporter_phone')} />{problem('reporter_phone')}</label>
        {problem('whole')}
        <div className="choices"><button type="submit" className="button first" aria-disabled={sending}>
          {say(sending ? 'sending' : 'report.send')}</button></div>
      </form>
    </section>
  )
}
