import type { AnyProcess } from '../engine/define.ts'
import type { FieldProblem } from '../engine/refusal.ts'
import type { Ctx } from './context.ts'
import type { Tx } from './db.ts'

/** Claims the files that a form names into the event. */
export async function claimFiles(_ctx: Ctx, _tx: Tx, _process: AnyProcess, _input: Readonly<Record<string, unknown>>,
  _event: { id: string; seq: number }): Promise<FieldProblem[]> {
  return []
}
