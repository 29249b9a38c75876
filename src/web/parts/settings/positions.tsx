import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { OwnPositionView, SettingsView } from '../../../server/views.ts'
import { ApiError, ask } from '../../api.ts'
import { useSay } from '../../site.tsx'
import { settingsKey } from './draft.ts'
import css from './settings.module.css'

/** 职务: the company's words for who people are, and the roles that each grants. Each change is a revision at once. */
export function Positions({ view }: { view: SettingsView }) {
  const say = useSay()
  const [editing, setEditing] = useState<string | null>(null)
  const names = Object.fromEntries(view.positions.map(({ key, name }) => [key, name]))
  return (
    <>
      <p className={css.hint}>{say('positions.hint')}</p>
      {view.positions.map((one) => (editing === one.key
        ? <Editor key={one.key} view={view} one={one} onDone={() => setEditing(null)} />
        : <div key={one.key} className={css.position}>
          <p><b>{one.name}</b><span className="hush">{say('positions.members', { n: one.members })}</span>
            {one.merged_into ? <span className="hush">{say('positions.merged', { name: names[one.merged_into] ?? '' })}</span>
              : <button type="button" className={css.quiet} onClick={() => setEditing(one.key)}>
                {say('positions.edit')}</button>}</p>
          <p className={css.chips}>{one.roles.map((role) => (
            <span key={role}>{view.words[`roles.${role}`] ?? role}</span>))}</p>
        </div>))}
      {editing === '' ? <Editor view={view} one={null} onDone={() => setEditing(null)} />
        : <Button variant="default" mt={16} onClick={() => setEditing('')}>{say('positions.add')}</Button>}
    </>
  )
}

function Editor({ view, one, onDone }: { view: SettingsView; one: OwnPositionView | null; onDone: () => void }) {
  const say = useSay()
  const client = useQueryClient()
  const [name, setName] = useState(one?.name ?? '')
  const [roles, setRoles] = useState<readonly string[]>(one?.roles ?? [])
  const [why, setWhy] = useState('')
  const save = useMutation({
    mutationFn: () => ask<SettingsView>(one ? `/api/positions/${one.key}` : '/api/positions',
      { method: one ? 'PATCH' : 'POST', body: { name, roles, why } }),
    onSuccess: (after) => {
      client.setQueryData(settingsKey, after)
      void client.invalidateQueries({ queryKey: ['positions'] })
      void client.invalidateQueries({ queryKey: ['list', 'settings-history'] })
      onDone()
    },
  })
  const problem = save.error instanceof ApiError ? save.error.problem : null
  const all = Object.keys(view.words).filter((key) => key.startsWith('roles.')).map((key) => key.slice('roles.'.length))
  return (
    <form className={css.position} onSubmit={(event) => { event.preventDefault(); save.mutate() }}>
      <div className={css.new}>
        <label>{say('positions.name')}<input type="text" value={name} maxLength={60} autoFocus
          onChange={(event) => setName(event.target.value)} /></label>
        <label>{say('settings.why')}<input type="text" value={why} maxLength={500}
          onChange={(event) => setWhy(event.target.value)} /></label>
      </div>
      <div className={css.roles} role="group" aria-label={say('positions.roles')}>
        {all.map((role) => (
          <label key={role}><input type="checkbox" checked={roles.includes(role)} onChange={() => setRoles(
            roles.includes(role) ? roles.filter((given) => given !== role) : [...roles, role])} />
            {view.words[`roles.${role}`]}</label>))}
      </div>
      {problem && <p className={css.error} role="alert">{problem.fields?.map(({ message }) => message).join(' ')
        || problem.message}</p>}
      <p><Button type="submit" size="xs" loading={save.isPending}>{say('positions.save')}</Button>
        <Button variant="default" size="xs" onClick={onDone}>{say('positions.cancel')}</Button></p>
    </form>
  )
}
