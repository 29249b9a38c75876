import { Button } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import type { ChecklistItem } from '../../../engine/fields.ts'
import type { WebKey } from '../../../words/web.ts'
import { useSay } from '../../site.tsx'
import type { SettingsDoor } from './draft.ts'
import css from './settings.module.css'

type Kinds = Readonly<Record<string, readonly ChecklistItem[] | null>>

/** Check lists by kind of product. */
export function Checks({ door }: { door: SettingsDoor }) {
  const say = useSay()
  const lists = Object.keys(door.view.defaults.checklists)
  const [list, setList] = useState(lists[0] ?? '')
  const kinds = Object.keys(door.view.defaults.checklists[list] ?? {})
  const [picked, setKind] = useState(kinds[0] ?? '')
  const kind = kinds.includes(picked) ? picked : kinds[0]!
  if (lists.length === 0) return <p className="hush">{say('settings.none')}</p>
  const base = door.view.defaults.checklists[list]![kind]!
  const changes = (door.change.checklists?.[list] ?? {}) as Kinds
  const standing = door.view.effective.checklists[list]![kind]!
  const items = Object.hasOwn(changes, kind) ? changes[kind] ?? base : standing
  const isOwn = Object.hasOwn(changes, kind) ? changes[kind] !== null
    : Object.hasOwn(door.view.overrides.checklists?.[list] ?? {}, kind)
  const set = (next: readonly ChecklistItem[] | null) => {
    const { [kind]: _old, ...others } = changes
    const back = next !== null && JSON.stringify(next) === JSON.stringify(standing)
    const changed = back ? others : { ...others, [kind]: next }
    door.set('checklists', list, Object.keys(changed).length > 0 ? changed : door.view.effective.checklists[list])
  }
  return (
    <>
      <p className={css.hint}>{say('checks.hint')}</p>
      <div className={css.picks} role="group" aria-label={say('checks.list')}>{lists.map((one) => (
        <button key={one} type="button" aria-pressed={one === list} onClick={() => setList(one)}>
          {say(`checks.${one}` as WebKey)}</button>))}</div>
      <div className={css.picks} role="group" aria-label={say('checks.kind')}>{kinds.map((one) => (
        <button key={one} type="button" aria-pressed={one === kind} onClick={() => setKind(one)}>
          {door.view.words[`kinds.${one}`] ?? one}</button>))}</div>
      <Items items={items} onChange={set} error={(path) => door.errorAt(`checklists.${list}.${kind}.${path}`)} />
      {isOwn && <button type="button" className={css.quiet} onClick={() => set(null)}>{say('settings.restore')}</button>}
    </>
  )
}

/** A name for a new item that no other has. */
const nextId = (items: readonly ChecklistItem[]): string => {
  for (let n = items.length + 1; ; n += 1) if (!items.some(({ id }) => id === `own_${n}`)) return `own_${n}`
}

function Items({ items, onChange, error }: { items: readonly ChecklistItem[]
  onChange: (items: readonly ChecklistItem[]) => void; error: (path: string) => string | undefined }) {
  const say = useSay()
  const box = useRef<HTMLDivElement>(null)
  /** A line that is added is to be written at once. */
  const add = () => {
    onChange([...items, { id: nextId(items), zh: '', required: true }])
    requestAnimationFrame(() => [...box.current?.querySelectorAll<HTMLElement>('input[type=text]') ?? []].at(-1)?.focus())
  }
  const put = (index: number, patch: Partial<ChecklistItem>) =>
    onChange(items.map((item, at) => (at === index ? { ...item, ...patch } : item)))
  const swap = (a: number, b: number) => onChange(items.map((item, at) => items[at === a ? b : at === b ? a : at] ?? item))
  return (
    <>
      <div className={css.items} ref={box}>
        {items.map((item, index) => (
          <div key={item.id} className={css.item}>
            <input type="text" value={item.zh} maxLength={120} aria-label={say('checks.item')}
              onChange={(event) => put(index, { zh: event.target.value })} />
            <label><input type="checkbox" checked={item.required === true}
              onChange={(event) => put(index, { required: event.target.checked })} />{say('checks.required')}</label>
            <label><input type="checkbox" checked={item.photo === true}
              onChange={(event) => put(index, { photo: event.target.checked })} />{say('checks.photo')}</label>
            <span className={css.tools}>
              <button type="button" aria-label={say('checks.up')} disabled={index === 0}
                onClick={() => swap(index, index - 1)}><IconArrowUp size={16} stroke={1.7} /></button>
              <button type="button" aria-label={say('checks.down')} disabled={index === items.length - 1}
                onClick={() => swap(index, index + 1)}><IconArrowDown size={16} stroke={1.7} /></button>
              <button type="button" aria-label={say('checks.remove')} disabled={items.length === 1}
                onClick={() => onChange(items.filter((_one, at) => at !== index))}><IconX size={16} stroke={1.7} /></button>
            </span>
            {error(String(index)) && <p className={css.error} role="alert">{error(String(index))}</p>}
          </div>))}
      </div>
      <Button variant="default" size="xs" mb={12} mr={12} onClick={add}>{say('checks.add')}</Button>
    </>
  )
}
