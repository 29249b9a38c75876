import { Button, PasswordInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { ApiError, type Problem, ask, queries } from '../api.ts'
import { useMe, useSay } from '../site.tsx'
import css from './account.module.css'

/** My password. */
export function AccountPage() {
  const say = useSay()
  const navigate = useNavigate()
  useEffect(() => { document.title = say('password.change') }, [say])
  return (
    <div className={css.page}>
      <h1>{say('password.change')}</h1>
      <PasswordForm onDone={() => void navigate({ to: '/' })} />
    </div>
  )
}

/** The first password came from somebody else: it is changed before anything is shown. */
export function FirstPassword() {
  const say = useSay()
  const { member } = useMe()
  return (
    <main className={css.first}><h1>{say('password.first', { name: member.name })}</h1>
      <p>{say('password.first_text')}</p><PasswordForm onDone={() => {}} /></main>
  )
}

function PasswordForm({ onDone }: { onDone: () => void }) {
  const say = useSay()
  const client = useQueryClient()
  const { login } = useMe()
  const [form, setForm] = useState({ current: '', next: '', again: '' })
  const [problem, setProblem] = useState<Problem | null>(null)
  const [sending, setSending] = useState(false)
  const differs = form.again !== '' && form.again !== form.next
  const field = (name: string) => problem?.fields?.find((one) => one.field === name)?.message
  const send = async (event: FormEvent) => {
    event.preventDefault()
    setSending(true)
    try {
      await ask('/api/password', { method: 'POST', body: { current: form.current, next: form.next } })
      notifications.show({ message: say('password.done') })
      await client.invalidateQueries({ queryKey: queries.me().queryKey })
      onDone()
    } catch (error) {
      setProblem(error instanceof ApiError ? error.problem : null)
    } finally {
      setSending(false)
    }
  }
  const input = (name: keyof typeof form, error: string | undefined, complete: string) => (
    <PasswordInput label={say(`password.${name}`)} value={form[name]} autoComplete={complete} error={error}
      description={name === 'next' ? say('password.rule') : undefined}
      visibilityToggleButtonProps={{ 'aria-label': say('sign_in.show_password') }}
      onChange={(event) => setForm({ ...form, [name]: event.currentTarget.value })} />)
  return (
    <form onSubmit={(event) => void send(event)} className={css.form}>
      {problem && <p className={css.problem} role="alert">{problem.message}</p>}
      <input type="text" hidden readOnly autoComplete="username" value={login} />
      {input('current', field('current'), 'current-password')}
      {input('next', field('next'), 'new-password')}
      {input('again', differs ? say('password.differs') : undefined, 'new-password')}
      <div><Button type="submit" loading={sending} disabled={!form.current || !form.next || form.again !== form.next}>
        {say('password.save')}</Button></div>
    </form>
  )
}
