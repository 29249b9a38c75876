import { pinyin } from 'pinyin-pro'
import { uuidv7 } from 'uuidv7'
import { fail } from '../../engine/fields.ts'
import type { Refusal } from '../../engine/refusal.ts'
import { hashPassword, isLogin, loginOf, passwordProblem } from '../auth/passwords.ts'
import type { Ctx } from '../context.ts'
import { type Reader, type Tx, sql } from '../db.ts'
import type { Act, Noun } from './noun.ts'

/** 人员. The account behind it is reached through doors of the database only: no column of it can be read here. */
export const member: Noun = {
  table: 'member',
  columns: ['name', 'positions', 'phone', 'email', 'active', 'account_id', 'initials'],
  number: { prefix: 'RY', period: 'ever', digits: 4 },
  derive: (head, _values, ctx) => ({ is_self: head.id !== undefined && head.id === ctx.actor.id }),
  facts: memberFacts,
  title: (values) => (typeof values.name === 'string' ? values.name : ''),
  follows: (changes) => (typeof changes.name === 'string' ? { initials: initialsOf(changes.name) } : {}),
  search: ['name', 'phone', 'email'],
  writes: {
    join,
    reset_password: setFirstPassword,
    async reset_second_factor(_ctx, tx, act) {
      const [row] = await tx.query<{ done: boolean }>(sql`
        select remove_member_second_factor(${act.id}) as done`.named('remove_member_second_factor'))
      return row?.done ? null : notOurs
    },
    change_positions: (_ctx, tx, act) => keepAnAdministrator(tx, act, act.input.positions as readonly string[]),
    async leave(_ctx, tx, act) {
      act.set('active', false)
      void tx.query(sql`select close_member_sessions(${act.id})`.named('close_member_sessions'))
      return keepAnAdministrator(tx, act, [])
    },
    async come_back(ctx, tx, act) {
      act.set('active', true)
      return act.input.password === undefined ? null : setFirstPassword(ctx, tx, act)
    },
  },
}

const notOurs: Refusal = { code: 'guard', guard: 'account_is_ours' }

/** First letters for pickers: 单雄信 → 'sxx', Tom 李 → 'tl'. */
export function initialsOf(name: string): string {
  const runs = name.normalize('NFKC').match(/\p{Script=Han}+|[\p{L}\p{N}]+/gu) ?? []
  return runs.flatMap((run) => (/\p{Script=Han}/u.test(run)
    ? pinyin(run, { pattern: 'first', toneType: 'none', type: 'array', surname: 'head' }) : [String.fromCodePoint(run.codePointAt(0)!)]))
    .join('').toLowerCase().slice(0, 60)
}

/** Who can administrate: active, with an account, in a position that grants it. */
const administrators = sql`
  select o.id from member o where o.active and o.account_id is not null
    and exists (select from position p where p.key = any(o.positions) and 'administrator' = any(p.roles))`

async function memberFacts(_ctx: Ctx, reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, object>> {
  const accounts = reader.query<{ member_id: string; only_here: boolean }>(sql`
    select member_id, only_here from accounts_of_members(${ids}::uuid[])`.named('accounts_of_members'))
  const last = reader.query<{ id: string }>(sql`
    select a.id from (${administrators} limit 2) a
    where (select count(*) from (${administrators} limit 2) b) = 1 and a.id = any(${ids}::uuid[])`
    .named('last_administrator'))
  const own = new Map((await accounts).map((row) => [row.member_id, row.only_here]))
  const alone = new Set((await last).map(({ id }) => id))
  return new Map(ids.map((id) =>
    [id, { has_own_account: own.get(id) ?? false, is_last_administrator: alone.has(id) }]))
}

/**
 * Two administrators who take each other's position away at the same time lock different records: both would see the
 * other still in place. They queue here, and the second one looks again.
 */
async function keepAnAdministrator(tx: Tx, act: Act, positions: readonly string[]): Promise<Refusal | null> {
  void tx.query(sql`select pg_advisory_xact_lock(hashtext('administrators'), current_company())`
    .named('lock_administrators'))
  const [row] = await tx.query<{ was: boolean; stays: boolean; others: boolean }>(sql`
    select exists (select from (${administrators}) a where a.id = ${act.id}) as was,
      exists (select from position p
        where p.key = any(${positions}::text[]) and 'administrator' = any(p.roles)) as stays,
      exists (select from (${administrators}) a where a.id <> ${act.id}) as others`.named('administrators_left'))
  return row!.was && !row!.stays && !row!.others ? { code: 'guard', guard: 'not_last_administrator' } : null
}

async function join(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const login = loginOf(String(act.input.login))
  const password = String(act.input.password)
  const problems = [isLogin(login) ? null : fail('login', 'bad_format'), passwordProblem('password', password, login)]
    .filter((problem) => problem !== null)
  if (problems.length > 0) return { code: 'bad_input', fields: problems }
  const account = uuidv7()
  const hash = await hashPassword(password)
  const [row] = await tx.query<{ made: boolean }>(sql`
    select account_for_member(${account}, ${login}, ${hash}, ${new Date(ctx.now)}) as made`.named('account_for_member'))
  if (!row?.made) return { code: 'bad_input', fields: [fail('login', 'taken')] }
  act.set('account_id', account)
  act.set('active', true)
  return null
}

/** A password that an administrator gives: all sessions end, and its owner must change it at once. */
async function setFirstPassword(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const password = String(act.input.password)
  const [account] = await tx.query<{ login: string; only_here: boolean }>(sql`
    select login, only_here from accounts_of_members(array[${act.id}::uuid])`.named('account_of_member'))
  if (!account?.only_here) return notOurs
  const problem = passwordProblem('password', password, account.login)
  if (problem) return { code: 'bad_input', fields: [problem] }
  const hash = await hashPassword(password)
  const [row] = await tx.query<{ done: boolean }>(sql`
    select reset_member_password(${act.id}, ${hash}, ${new Date(ctx.now)}) as done`.named('reset_member_password'))
  return row?.done ? null : notOurs
}
