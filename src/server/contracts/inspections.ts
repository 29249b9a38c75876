import { fail } from '../../engine/fields.ts'
import type { Refusal } from '../../engine/refusal.ts'
import { addMonths } from '../../processes/customers/warranty.ts'
import type { Ctx } from '../context.ts'
import type { Tx } from '../db.ts'
import type { Act } from '../records/noun.ts'
import { limitOf } from '../stock.ts'
import { endOfDay, morningOf, plusDays, todayIn } from './days.ts'

/** The plan of inspections of a contract. Written by actions of the contract only. Source: S1-I. */

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const bad = (field: string, code: 'not_an_option' | 'required'): Refusal =>
  ({ code: 'bad_input', fields: [fail(field, code)] })

const stepsMost = 1_200

/** The first inspection after a date that is not yet past: what nobody made in time is not made up for by a crowd. */
export function inspectionAfter(ctx: Ctx, from: string, months: number): string {
  const today = todayIn(ctx)
  for (let step = 1; step < stepsMost; step += 1) {
    const on = addMonths(from, months * step)
    if (on >= today) return on
  }
  return '9999-12-31'
}

/** The next inspection; its order is made some days ahead, none after the contract's last day. */
export async function setInspection(ctx: Ctx, tx: Tx, act: Act, on: string, until = String(act.values.ends_on)):
  Promise<void> {
  const lead = await limitOf(ctx, tx, 'contract.inspection_lead_days') ?? 0
  const within = on <= until
  act.set('inspection_on', within ? on : null)
  act.set('inspection_at', within ? morningOf(ctx, plusDays(on, -lead)) : null)
}

export async function planInspections(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const on = String(act.input.inspection_on)
  if (on < String(act.values.starts_on) || on > String(act.values.ends_on)) return bad('inspection_on', 'not_an_option')
  const every = act.input.every_months ?? act.values.inspection_months
  if (typeof every !== 'number') return bad('every_months', 'required')
  act.set('inspection_months', every)
  act.set('inspection_state', 'drafted')
  await setInspection(ctx, tx, act, on)
  return null
}

export async function sendTimetable(_ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  act.set('inspection_state', 'sent')
  return null
}

/** A date that the customer moved has to be sent anew. */
export async function confirmTimetable(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const moved = text(act.input.inspection_on)
  act.set('inspection_state', 'confirmed')
  if (moved !== null) await setInspection(ctx, tx, act, moved)
  return null
}

/** The order of this inspection is made; the next one is an interval later. */
export async function openInspection(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const on = text(act.values.inspection_on)
  if (on === null) return null
  act.set('inspection_planned_on', on)
  act.set('inspection_due_at', endOfDay(ctx, on))
  act.set('inspections_opened', Number(act.values.inspections_opened ?? 0) + 1)
  const months = Number(act.values.inspection_months ?? 0)
  await setInspection(ctx, tx, act, months > 0 ? inspectionAfter(ctx, on, months) : '9999-12-31')
  return null
}
