import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { RegulationView } from '../../server/views.ts'
import { queries } from '../api.ts'
import { Lost } from '../parts/lost.tsx'
import { GhostRows } from '../parts/rows-ghost.tsx'
import { useSay } from '../site.tsx'
import type { WebKey } from '../../words/web.ts'
import css from './rules.module.css'

/** 制度: the company's own regulation, from top to bottom. */
export function RulesPage() {
  const say = useSay()
  const { data, error, refetch } = useQuery(queries.rules())
  const [text, setText] = useState('')
  useEffect(() => { document.title = say('rules.title') }, [say])
  if (error) return <Lost error={error} again={() => void refetch()} />
  const word = text.trim().toLowerCase()
  const fits = (rule: RegulationView['groups'][number]['rules'][number]) =>
    word === '' || `${rule.id} ${rule.title} ${rule.text ?? ''}`.toLowerCase().includes(word)
  const groups = (data?.groups ?? []).map((group) => ({ ...group, rules: group.rules.filter(fits) }))
    .filter(({ rules }) => rules.length > 0)
  return (
    <article className={css.page}>
      <header className={css.head}>
        <h1>{data?.regulation ?? ' '}</h1>
        <input type="text" value={text} placeholder={say('rules.find')} aria-label={say('rules.find')}
          onChange={(event) => setText(event.target.value)} />
      </header>
      {!data && <GhostRows count={14} />}
      {groups.map(({ group, title, rules }) => (
        <section key={group} className={css.group} id={group}>
          <h2>{title} <small>{group}</small></h2>
          <ol>{rules.map((rule) => (
            <li key={rule.id} id={rule.id}>
              <span className={css.id}>{rule.id}</span>
              <div><p className={css.title}>{rule.title}</p>{rule.text && <p className={css.text}>{rule.text}</p>}</div>
              <span className={css.kind}>{say(`rule.${rule.kind}` as WebKey)}</span>
            </li>))}</ol>
        </section>))}
      {data && groups.length === 0 && <p className={css.none}>{say('search.nothing')}</p>}
    </article>
  )
}
