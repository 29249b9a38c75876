import { uuidv7 } from 'uuidv7'
import { fail } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { roles } from '../../engine/roles.ts'
import type { Ctx } from '../context.ts'
import { sql } from '../db.ts'
import type { KeyView } from '../views.ts'
import { keyPrefix } from './authenticate.ts'
import { newToken } from './tokens.ts'

const shownMost = 200
const dayMs = 86_400_000
export const keyDaysMost = 1100

export type NewKey = { name: string; roles: readonly string[]; importer: boolean; days: number }

/** Roles that an API key cannot have: it acts for a program, and a program gives itself no rights. */
export function keyProblems(wanted: NewKey): FieldProblem[] {
  return wanted.roles.flatMap((role, index) =>
    (Object.hasOwn(roles, role) ? [] : [fail(`roles.${index}`, 'not_an_option')]))
}

/** Makes a key. Its secret is in this answer and nowhere else. */
export async function makeKey(ctx: Ctx, wanted: NewKey): Promise<{ id: string; secret: string; expires_at: string }> {
  const token = newToken(256, keyPrefix)
  const id = uuidv7()
  const expires = new Date(ctx.now + wanted.days * dayMs)
  await ctx.app.db.transaction(ctx.company.id, async (tx) => {
    await tx.query(sql`
      insert into api_key (company_id, id, token_hash, name, roles, importer, made_by, made_at, expires_at)
      values (current_company(), ${id}, ${token.hash}, ${wanted.name}, ${wanted.roles}::text[], ${wanted.importer},
        ${ctx.actor.id}::uuid, ${new Date(ctx.now)}, ${expires})`.named('make_key'))
    await tx.commit()
  })
  return { id, secret: token.secret, expires_at: expires.toISOString() }
}

export async function readKeys(ctx: Ctx): Promise<KeyView[]> {
  const rows = await ctx.app.db.read(ctx.company.id, (reader) => reader.query<Omit<KeyView, 'made_by'>
    & { made_by: string; maker: string }>(sql`
    select k.id, k.name, k.roles, k.importer, k.made_by, m.name as maker, k.made_at, k.expires_at, k.last_used_at,
      k.revoked_at
    from api_key k join member m on m.company_id = k.company_id and m.id = k.made_by
    order by k.made_at desc limit ${shownMost}`.named('keys')))
  return rows.map(({ maker, made_by, ...key }) => ({ ...key, made_by: { id: made_by, name: maker } }))
}

/** @returns false when the company has no such key that still works */
export async function revokeKey(ctx: Ctx, id: string): Promise<boolean> {
  return ctx.app.db.transaction(ctx.company.id, async (tx) => {
    const rows = await tx.query(sql`
      update api_key set revoked_at = ${new Date(ctx.now)}, revoked_by = ${ctx.actor.id}::uuid
      where id = ${id} and revoked_at is null returning id`.named('revoke_key'))
    await tx.commit()
    return rows.length === 1
  })
}
