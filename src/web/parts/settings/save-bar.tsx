import { Button } from '@mantine/core'
import { useState } from 'react'
import { useKeys } from '../../keys.ts'
import { useSay } from '../../site.tsx'
import { type SettingsDoor, usePreview } from './draft.ts'
import css from './settings.module.css'

/** What is not saved yet, why it is changed, and what saving does. */
export function SaveBar({ door }: { door: SettingsDoor }) {
  const say = useSay()
  const [why, setWhy] = useState('')
  const preview = usePreview(door.change)
  const save = () => door.save(why)
  useKeys({ 'mod+Enter': save })
  const { problem } = door
  const said = problem?.code === 'stale' ? say('settings.stale')
    : problem && [problem.message, ...problem.fields?.map(({ message }) => message) ?? []].join(' ')
  const open = preview.data?.recomputes
  return (
    <form className={css.bar} onSubmit={(event) => { event.preventDefault(); save() }}>
      <b>{say('settings.bar', { n: door.count })}</b>
      <label>{say('settings.why')}<input type="text" value={why} maxLength={500} placeholder={say('settings.why_hint')}
        onChange={(event) => setWhy(event.target.value)} /></label>
      <Button type="submit" loading={door.saving}>{say('settings.save')}</Button>
      <Button variant="default" onClick={() => { door.discard(); setWhy('') }}>{say('settings.discard')}</Button>
      <span aria-hidden="true"><kbd>Ctrl</kbd> <kbd>Enter</kbd></span>
      {said ? <p role="alert">{said}</p> : preview.data && (
        <p role="status">{[door.change.limits && say('settings.preview_new'),
          open && say('settings.preview_clocks', { n: open.capped ? '1000+' : open.count }),
          !door.change.limits && !open && say('settings.preview_now')].filter(Boolean).join(' ')}</p>)}
    </form>
  )
}
