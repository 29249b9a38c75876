import { uuidv7 } from 'uuidv7'
import { cleanText, fail } from '../engine/fields.ts'
import type { Refusal } from '../engine/refusal.ts'
import { type Role, roles } from '../engine/roles.ts'
import { refusalSentence } from './answer.ts'
import type { Ctx } from './context.ts'
import { type Reader, type Tx, brokenConstraint, sql } from './db.ts'
import { run } from './run.ts'
import { type Revised, asFields, revise } from './settings-write.ts'
import type { OwnPositionView } from './views.ts'

/** 职务: the company's own words for who people are; each grants roles. Every change is a revision of the settings. */
export type PositionWish = { key?: unknown; name?: unknown; roles?: unknown }

const nameMost = 60
const membersMost = 10_000

export function readPositions(reader: Reader): Promise<OwnPositionView[]> {
  return reader.query<OwnPositionView>(sql`
    select p.key, p.name, p.roles, p.merged_into,
      (select count(*)::int from member m where m.active and p.key = any(m.positions)) as members
    from position p order by p.merged_into nulls first, p.key`.named('own_positions'))
}

type Cleaned = { name?: string; roles?: Role[] } | { refusal: Refusal }

const bad = (field: string, code: 'required' | 'wrong_type' | 'not_an_option' | 'bad_format' | 'taken') =>
  ({ refusal: { code: 'bad_input' as const, fields: [fail(field, code)] } })

function clean(wish: PositionWish): Cleaned {
  const cleaned: { name?: string; roles?: Role[] } = {}
  if (wish.name !== undefined) {
    const name = cleanText('name', wish.name, { max: nameMost, lines: false })
    if ('problem' in name) return { refusal: { code: 'bad_input', fields: [name.problem] } }
    if (name.value === '') return bad('name', 'required')
    cleaned.name = name.value as string
  }
  if (wish.roles !== undefined) {
    if (!Array.isArray(wish.roles)) return bad('roles', 'wrong_type')
    if (wish.roles.some((role) => typeof role !== 'string' || !Object.hasOwn(roles, role))) {
      return bad('roles', 'not_an_option')
    }
    cleaned.roles = [...new Set(wish.roles as Role[])]
  }
  return cleaned
}

/** Adds a position. The key is made here unless the caller brings a readable one. */
export async function addPosition(ctx: Ctx, why: string, wish: PositionWish): Promise<Revised & { key?: string }> {
  const key = wish.key === undefined ? `p_${uuidv7().replaceAll('-', '').slice(-12)}` : wish.key
  const revised = await guarded(() => revise(ctx, null, why, async (tx, standing) => {
    if (typeof key !== 'string' || !/^[a-z][a-z0-9_]{0,60}$/.test(key)) return bad('key', 'bad_format')
    const cleaned = clean(wish)
    if ('refusal' in cleaned) return cleaned
    if (cleaned.name === undefined) return bad('name', 'required')
    const granted = cleaned.roles ?? []
    await tx.query(sql`insert into position (company_id, key, name, roles)
      values (current_company(), ${key}, ${cleaned.name}, ${granted}::text[])`.named('insert_position'))
    return { overrides: standing.overrides, change: { positions: { [key]: { name: [null, cleaned.name],
      roles: [null, granted] } } } }
  }))
  return revised.ok ? { ...revised, key: key as string } : revised
}

async function guarded(body: () => Promise<Revised>): Promise<Revised> {
  try {
    return await body()
  } catch (error) {
    if (brokenConstraint(error) === 'position_pkey') return { ok: false, ...bad('key', 'taken') }
    throw error
  }
}

type Row = { name: string; roles: Role[]; merged_into: string | null }

async function readPosition(tx: Tx, key: string): Promise<Row | undefined> {
  const [row] = await tx.query<Row>(sql`select name, roles, merged_into from position where key = ${key}`
    .named('position'))
  return row
}

/** Another name, other roles. The company keeps at least one active administrator. */
export function changePosition(ctx: Ctx, key: string, why: string, wish: PositionWish): Promise<Revised> {
  return revise(ctx, null, why, async (tx, standing) => {
    const before = await readPosition(tx, key)
    if (!before || before.merged_into !== null) return { refusal: { code: 'not_found' } }
    const cleaned = clean(wish)
    if ('refusal' in cleaned) return cleaned
    const after = { name: cleaned.name ?? before.name, roles: cleaned.roles ?? before.roles }
    const change = { ...(after.name !== before.name && { name: [before.name, after.name] }),
      ...(after.roles.join() !== before.roles.join() && { roles: [before.roles, after.roles] }) }
    if (Object.keys(change).length === 0) return { refusal: { code: 'no_change' } }
    void tx.query(sql`update position set name = ${after.name}, roles = ${after.roles}::text[] where key = ${key}`
      .named('update_position'))
    if (before.roles.includes('administrator') && !await hasAdministrator(tx)) {
      return { refusal: { code: 'bad_input',
        fields: asFields(ctx, [{ path: 'roles', code: 'no_administrator_left' }]) } }
    }
    return { overrides: standing.overrides, change: { positions: { [key]: change } } }
  })
}

async function hasAdministrator(tx: Tx): Promise<boolean> {
  const rows = await tx.query(sql`
    select 1 from member m join position p on p.key = any(m.positions)
    where m.active and 'administrator' = any(p.roles) limit 1`.named('some_administrator'))
  return rows.length > 0
}

export type Merged = Revised & {
  moved?: number
  /** People who hold the old position still, with the reason; the merge can be asked for again. */
  left?: { id: string; name: string; message: string }[]
}

/**
 * Makes two positions one. The old one can be given to nobody any more; everybody who holds it gets the new one
 * instead, each by an event of their own; when all have moved, the old one grants nothing.
 */
export async function mergePositions(ctx: Ctx, from: string, into: unknown, why: string): Promise<Merged> {
  const marked = await revise(ctx, null, why, async (tx, standing) => {
    const [old, next] = [await readPosition(tx, from), await readPosition(tx, String(into))]
    if (!old || (old.merged_into !== null && old.merged_into !== into)) return { refusal: { code: 'not_found' } }
    if (!next || next.merged_into !== null || into === from) return bad('into', 'not_an_option')
    void tx.query(sql`update position set merged_into = ${into} where key = ${from}`.named('mark_merged'))
    return { overrides: standing.overrides,
      change: { positions: { [from]: { merged_into: [old.merged_into, into] } } } }
  })
  if (!marked.ok) return marked
  const holders = await ctx.app.db.read(ctx.company.id, (reader) => reader.query<{ id: string; name: string
    positions: string[] }>(sql`
    select id, name, positions from member where active and ${from}::text = any(positions) order by id
    limit ${membersMost}`))
  const left: NonNullable<Merged['left']> = []
  for (const { id, name, positions } of holders) {
    const after = [...new Set(positions.map((key) => (key === from ? String(into) : key)))]
    const outcome = await run(ctx, { process: 'member', action: 'change_positions', id,
      input: { positions: after, reason: why.slice(0, 200) }, key: `merge:${marked.revision}:${id}` })
    if (!outcome.ok) {
      left.push({ id, name, message: refusalSentence(ctx, outcome.refusal,
        { process: ctx.app.house.processes.member }) })
    }
  }
  if (left.length === 0) {
    await ctx.app.db.transaction(ctx.company.id, async (tx) => {
      void tx.query(sql`update position set roles = '{}' where key = ${from} and merged_into is not null
        and not exists (select from member m where m.active and position.key = any(m.positions))`)
      await tx.commit()
    })
  }
  return { ...marked, moved: holders.length - left.length, left }
}
