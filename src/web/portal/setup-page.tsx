import { type FormEvent, useEffect, useState } from 'react'
import type { MeView } from '../../server/views.ts'
import { ask, problemOf } from './api.ts'
import { Notice, Spoken } from './parts.tsx'
import { useSay } from './words.ts'

/** A one-time link of the installation: the administrator chooses a password and is signed in. */
export function SetupPage({ secret }: { secret: string }) {
  const say = useSay()
  const [form, setForm] = useState({ password: '', repeat: '' })
  const [shown, setShown] = useState(false)
  const [sending, setSending] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [gone, setGone] = useState(secret === '')
  const [me, setMe] = useState<MeView | null>(null)
  useEffect(() => { document.title = say('setup.title') }, [say])
  if (me) {
    return (
      <main className="page"><section className="notice">
        <Spoken className="title">{say('setup.done')}</Spoken>
        <p>{say('setup.login')} <strong>{me.login}</strong></p>
        <a className="button first" href="/">{say('setup.enter')}</a>
      </section></main>
    )
  }
  if (gone) {
    return <Notice title={say('setup.gone')} text={say('setup.gone_text')}>
      <a className="button first" href="/sign-in">{say('setup.sign_in')}</a></Notice>
  }
  const onSend = (event: FormEvent) => {
    event.preventDefault()
    if (sending) return
    if (!shown && form.password !== form.repeat) return setProblem(say('setup.differs'))
    setSending(true)
    setProblem(null)
    ask<MeView>('/api/setup', { body: { token: secret, password: form.password } }).then(setMe, (error: unknown) => {
      const refused = problemOf(error)
      setSending(false)
      if (refused.code === 'gone') return setGone(true)
      const said = refused.fields?.map(({ message }) => message).join(' ')
      return setProblem(refused.code === 'offline' ? say('lost') : said || refused.message || say('fault.text'))
    })
  }
  const box = (name: 'password' | 'repeat', label: string, hint?: string) => (
    <label className="field"><span>{label}</span>
      <input type={shown ? 'text' : 'password'} autoComplete="new-password" autoCapitalize="none" spellCheck={false}
        value={form[name]} onChange={(event) => setForm({ ...form, [name]: event.target.value })} />
      {hint && <small>{hint}</small>}</label>
  )
  return (
    <main className="page"><section className="card">
      <form noValidate onSubmit={onSend}>
        <h1 className="title">{say('setup.title')}</h1>
        <p>{say('setup.text')}</p>
        {box('password', say('setup.password'), say('setup.hint'))}
        {!shown && box('repeat', say('setup.repeat'))}
        <label className="tick"><input type="checkbox" checked={shown} onChange={() => setShown(!shown)} />
          <span>{say('setup.show')}</span></label>
        {problem !== null && <p className="problem" role="alert">{problem}</p>}
        <div className="choices"><button type="submit" className="button first" aria-disabled={sending}>
          {say(sending ? 'sending' : 'setup.send')}</button></div>
      </form>
    </section></main>
  )
}
