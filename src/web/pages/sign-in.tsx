import { Button, PasswordInput, PinInput, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { MeView } from '../../server/views.ts'
import { ApiError, type Problem, ask, door, queries } from '../api.ts'
import { Speaking, keep, rememberedLanguage, useSay } from '../site.tsx'
import css from './sign-in.module.css'

const route = getRouteApi('/sign-in')

/** The way in. */
export function SignInPage() {
  const [language, setLanguage] = useState(rememberedLanguage)
  const other = language === 'zh' ? 'en' : 'zh'
  useEffect(() => {
    document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN'
    door.language = document.documentElement.lang
  }, [language])
  return (
    <Speaking language={language} zone="Asia/Shanghai">
      <main className={css.page}>
        <Shown />
        <div className={css.side}><Panel /></div>
        <button type="button" className={css.language} lang={other === 'zh' ? 'zh-CN' : 'en'}
          onClick={() => { keep('gongdan-language', other); setLanguage(other) }}>
          {other === 'zh' ? '简体中文' : 'English'}</button>
      </main>
    </Speaking>
  )
}

/** What the house is about: a promise, and the line of dots that every record walks. */
function Shown() {
  const say = useSay()
  return (
    <aside className={css.shown}>
      <p className={css.name}><Mark />{say('sign_in.name')}</p>
      <div><p className={css.claim}>{say('sign_in.claim')}</p>
        <div className={css.path} aria-hidden="true"><i /><i /><i /><i /><i /></div></div>
      <p className={css.foot}>{say('sign_in.foot')}</p>
    </aside>
  )
}

function Panel() {
  const say = useSay()
  const router = useRouter()
  const client = useQueryClient()
  const { to } = route.useSearch()
  const [form, setForm] = useState({ login: '', password: '', code: '' })
  const [problem, setProblem] = useState<Problem | null>(null)
  const [sending, setSending] = useState(false)
  const password = useRef<HTMLInputElement>(null)
  useEffect(() => {
    document.title = say('sign_in.title')
    door.offline = say('offline.message')
  }, [say])
  const wantsCode = problem?.code === 'second_factor'
  const enter = async (event?: FormEvent, code = form.code) => {
    event?.preventDefault()
    setSending(true)
    try {
      const me = await ask<MeView>('/api/sign-in', { method: 'POST', body: { login: form.login.trim(),
        password: form.password, ...(code && { code }) } })
      client.clear()
      client.setQueryData(queries.me().queryKey, me)
      const next = to && to.startsWith('/') && !to.startsWith('//') ? to : '/'
      // The page of a printed code is another application: it knows the way to the record.
      if (next.startsWith('/q/')) window.location.replace(next)
      else router.history.push(next)
    } catch (error) {
      setProblem(error instanceof ApiError ? error.problem : null)
      if (code) setForm((old) => ({ ...old, code: '' }))
    } finally {
      setSending(false)
    }
  }
  return (
    <div className={css.panel}>
      <h1>{say('sign_in.go')}</h1>
      <form onSubmit={(event) => void enter(event)} className={css.form}>
        {problem && <p className={css.problem} role="alert">{problem.message}</p>}
        <TextInput label={say('sign_in.login')} value={form.login} autoComplete="username" autoFocus
          autoCapitalize="none"
          spellCheck={false} onChange={(event) => setForm({ ...form, login: event.currentTarget.value })} />
        <PasswordInput ref={password} label={say('sign_in.password')} value={form.password}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': say('sign_in.show_password') }}
          onChange={(event) => setForm({ ...form, password: event.currentTarget.value })} />
        {wantsCode && (
          <div><p className={css.label} id="code">{say('sign_in.code')}</p>
            <PinInput length={6} type="number" oneTimeCode autoFocus value={form.code} aria-labelledby="code"
              onChange={(code) => setForm((old) => ({ ...old, code }))}
              onComplete={(code) => void enter(undefined, code)} /></div>)}
        <Button type="submit" fullWidth loading={sending} disabled={!form.login || !form.password}>
          {say('sign_in.go')}</Button>
      </form>
      <Demo onPick={(login) => {
        setForm({ login, password: '', code: '' })
        setProblem(null)
        password.current?.focus()
      }} />
    </div>
  )
}

const Mark = () => (
  <svg viewBox="0 0 32 32" width="30" height="30" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#fff" />
    <path d="M8 9.5h16M16 9.5v13M8 22.5h16" fill="none" stroke="#0b4444" strokeWidth="3" strokeLinecap="round" /></svg>
)

/** In a trial: who can sign in, by company. The password was printed where the server was started. */
function Demo({ onPick }: { onPick: (login: string) => void }) {
  const say = useSay()
  const { data } = useQuery(queries.demo())
  const [picked, setPicked] = useState<string | null>(null)
  if (!data || data.logins.length === 0) return null
  const companies = [...new Set(data.logins.map(({ company }) => company))]
  const shown = companies.find((one) => one === picked) ?? companies[0]
  return (
    <section className={css.demo}>
      <h2>{say('sign_in.demo')}</h2>
      <p className="hush">{say('sign_in.demo_text')}</p>
      {companies.length > 1 && (
        <div className={css.pick}>{companies.map((one) => (
          <button key={one} type="button" aria-pressed={one === shown}
            onClick={() => setPicked(one)}>{one}</button>))}</div>)}
      <ul className={css.company}>{data.logins.filter((one) => one.company === shown).map((one) => (
        <li key={one.login}><button type="button" onClick={() => onPick(one.login)}>
          <span>{one.name}</span><span className="cut">{one.positions.join(say('comma'))}</span>
          <code>{one.login}</code></button></li>))}</ul>
    </section>
  )
}
