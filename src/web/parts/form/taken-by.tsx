import { Link } from '@tanstack/react-router'
import type { FieldProblem } from '../../../engine/refusal.ts'
import { useSay } from '../../site.tsx'
import css from './field.module.css'

/** The record that has already what was typed, one press away. */
export function TakenBy({ record }: { record: NonNullable<FieldProblem['record']> }) {
  const say = useSay()
  const { process, id, number } = record
  return <p className={css.taken}><Link to="/$process/$id" params={{ process, id }} data-link>{say('taken.open', { number })}</Link></p>
}
