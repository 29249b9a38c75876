import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { DefinitionView, RecordView, RelativeView } from '../../../server/views.ts'
import { useMe, useSay } from '../../site.tsx'
import { FileMark } from '../form/files-field.tsx'
import { StateDot } from '../state.tsx'
import { When } from '../time-chip.tsx'
import css from './family.module.css'

type Node = RelativeView & { depth: number; self: boolean }

/** Parents above children; the record itself stands among them. */
function treeOf(record: RecordView): Node[] {
  const ids = new Set([record.id, ...record.relatives.map(({ id }) => id)])
  const self: RelativeView = { id: record.id, process: record.process, label: record.label, number: record.number,
    title: record.title, state: record.state, parent: parentOf(record, ids), next: record.next?.label ?? null }
  const all = [self, ...record.relatives]
  const nodes: Node[] = []
  const add = (one: RelativeView, depth: number) => {
    if (nodes.some(({ id }) => id === one.id)) return
    nodes.push({ ...one, depth, self: one.id === record.id })
    for (const child of all) if (child.parent === one.id) add(child, depth + 1)
  }
  for (const one of all) if (one.parent === null || !ids.has(one.parent)) add(one, 0)
  for (const one of all) add(one, 0)
  return nodes
}

/** A relative that stands above the others is taken as the parent where the record does not say it itself. */
function parentOf(record: RecordView, ids: ReadonlySet<string>): string | null {
  const said = record.values.parent
  if (typeof said === 'string' && ids.has(said)) return said
  const above = record.relatives.filter(({ parent }) => parent === null)
  return above.length === 1 ? above[0]!.id : null
}

/** Related records as a small tree. */
export function Family({ record, definition }: { record: RecordView; definition: DefinitionView }) {
  const say = useSay()
  const { processes } = useMe()
  const isOpen = record.state.kind === 'active' || record.state.kind === 'waiting'
  const begins = isOpen ? processes.filter(({ process, create }) => create && definition.begins.includes(process)) : []
  if (record.relatives.length === 0 && begins.length === 0) return null
  return (
    <section className={css.box}>
      <h2>{say('record.relatives')}</h2>
      {record.relatives.length > 0 && <ul className={css.tree}>
        {treeOf(record).map((one) => (
          <li key={one.id} style={{ paddingLeft: one.depth * 18 }} data-self={one.self || undefined}>
            <Link to="/$process/$id" params={{ process: one.process, id: one.id }} className={css.relative}
              aria-current={one.self ? 'page' : undefined}>
              <span className={css.number}>{one.number}</span><span className="cut">{one.title}</span>
              <StateDot state={one.state} />
            </Link>
          </li>))}
      </ul>}
      {begins.length > 0 && (
        <p className={css.begins}>
          {begins.map(({ process, label }) => (
            <Link key={process} to="." search={(old) => ({ ...old, new: process, under: record.id })}>
              <IconPlus size={14} stroke={1.8} />{label}</Link>))}
        </p>)}
    </section>
  )
}

/** What has been printed, and what can be. */
export function Documents({ record, definition }: { record: RecordView; definition: DefinitionView }) {
  const say = useSay()
  const prints = record.events.flatMap((event) => event.effects.filter(({ kind, result }) => kind === 'print' && result)
    .map((effect) => ({ effect, at: event.at, file: record.files[effect.result!] })))
  if (definition.documents.length === 0 || prints.length === 0) return null
  return (
    <section className={css.box}>
      <h2>{say('record.documents')}</h2>
      <ul className={css.prints}>
        {prints.map(({ effect, at, file }) => file && (
          <li key={`${at}${effect.n}`}><FileMark file={file} /><span className="hush"><When at={at} /></span></li>))}
      </ul>
    </section>
  )
}
