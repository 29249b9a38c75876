import type { Client, ClientConfig } from 'pg'
import { wordsOf } from '../../words/index.ts'
import { type App, type Company, type Ctx, type House, system } from '../context.ts'
import { withClient } from '../database-roles.ts'
import { run } from '../run.ts'
import { loginOf } from './passwords.ts'
import { newToken } from './tokens.ts'

/**
 * What only the installation does, with the owner's connection: companies come into being here, and nowhere in the
 * API. People join through the same action as ever after, taken by the system.
 */
export type NewCompany = { slug: string; name: string; profile: string; time_zone?: string; demo?: boolean
  importing?: boolean }

export type NewPerson = { name: string; login: string; password: string; positions: readonly string[]
  phone?: string; email?: string }

const setupDays = 7
const dayMs = 86_400_000

/**
 * Makes a company with the positions of its profile; one that grants `administrator` is added where the profile has
 * none.
 *
 * @param owner a connection of the role that owns the tables
 * @throws Error when the profile is unknown; of the database when the slug is taken or badly formed
 */
export async function createCompany(owner: Client, house: House, wanted: NewCompany): Promise<Company> {
  const profile = house.profiles[wanted.profile]
  if (!profile) throw new Error(`the program has no regulation profile ${wanted.profile}`)
  const positions = Object.entries(profile.positions).map(([key, { zh, roles }]) => ({ key, name: zh, roles }))
  if (administratorPosition(profile.positions) === undefined) {
    positions.push({ key: 'administrator', name: '系统管理员', roles: ['administrator'] })
  }
  await owner.query('begin')
  try {
    const { rows: [company] } = await owner.query<Company>(`insert into company (slug, name, profile, time_zone, demo,
      importing) values ($1, $2, $3, $4, $5, $6) returning company_id as id, slug, name, time_zone`,
      [wanted.slug, wanted.name, wanted.profile, wanted.time_zone ?? 'Asia/Shanghai', wanted.demo ?? false,
        wanted.importing ?? false])
    for (const { key, name, roles } of positions) {
      await owner.query('insert into position (company_id, key, name, roles) values ($1, $2, $3, $4)',
        [company!.id, key, name, roles])
    }
    await owner.query('commit')
    return company!
  } catch (error) {
    await owner.query('rollback').catch(() => {})
    throw error
  }
}

const administratorPosition = (positions: House['profiles'][string]['positions']): string | undefined =>
  Object.keys(positions).find((key) => positions[key]!.roles.includes('administrator'))

/** The system's context in a company, for what the installation does through the engine. */
export const installing = (app: App, company: Company): Ctx =>
  ({ app, company, actor: system(), now: app.clock(), via: 'api', words: wordsOf('zh') })

/** @returns the member's id @throws Error with the refusal: what the installation gives must be right */
export async function joinPerson(app: App, company: Company, person: NewPerson): Promise<string> {
  const outcome = await run(installing(app, company), { process: 'member', action: 'join', id: null, input: person })
  if (!outcome.ok) throw new Error(`${person.login} cannot join ${company.slug}: ${JSON.stringify(outcome.refusal)}`)
  return outcome.id
}

export type Installed = { company: Company; administrator: string
  /** Opens the account once, within seven days: the page is /setup#<secret>. */
  setup_secret: string }

/** A company, its first administrator with a password that nobody knows, and the one-time link that sets it. */
export async function installCompany(owner: ClientConfig, app: App,
  wanted: NewCompany & { administrator: { name: string; login: string } }): Promise<Installed> {
  return withClient(owner, async (client) => {
    const company = await createCompany(client, app.house, wanted)
    const position = administratorPosition(app.house.profiles[wanted.profile]!.positions) ?? 'administrator'
    const administrator = await joinPerson(app, company,
      { ...wanted.administrator, password: newToken(256).secret, positions: [position] })
      .catch(async (error: unknown) => {
        // A login that is taken must not leave a company behind that nobody can enter.
        await client.query('delete from position where company_id = $1', [company.id])
        await client.query('delete from company where company_id = $1', [company.id])
        throw error
      })
    return { company, administrator,
      setup_secret: await makeSetupLink(client, wanted.administrator.login, app.clock()) }
  })
}

/** A one-time link for an account; also the way back in when a company has lost its administrator's password. */
export async function makeSetupLink(owner: Client, login: string, now: number): Promise<string> {
  const token = newToken(256)
  const { rowCount } = await owner.query(`insert into setup_link (token_hash, account_id, expires_at)
    select $1, id, $3 from account where login = $2`, [token.hash, loginOf(login), new Date(now + setupDays * dayMs)])
  if (rowCount !== 1) throw new Error(`there is no account ${login}`)
  return token.secret
}

/** For demonstration companies: the passwords that were given stay, nobody has to change theirs. */
export async function letPasswordsStand(owner: Client, company: Company): Promise<void> {
  await owner.query(`update account set must_change_password = false
    where id in (select account_id from member where company_id = $1)`, [company.id])
}

/**
 * One person with an account in each of two companies uses the first for both from now on.
 *
 * @throws of the database when both accounts belong to members of one company
 */
export async function mergeAccounts(owner: Client, keep: string, drop: string): Promise<void> {
  await owner.query('begin')
  try {
    const { rows } = await owner.query<{ id: string; login: string }>(
      'select id, login from account where login = any($1)', [[loginOf(keep), loginOf(drop)]])
    const id = (login: string) => rows.find((row) => row.login === loginOf(login))?.id
    if (rows.length !== 2) throw new Error(`there are no two accounts ${keep} and ${drop}`)
    await owner.query('delete from session where account_id = $1', [id(drop)])
    await owner.query('delete from setup_link where account_id = $1', [id(drop)])
    await owner.query('update member set account_id = $1 where account_id = $2', [id(keep), id(drop)])
    await owner.query('delete from account where id = $1', [id(drop)])
    await owner.query('commit')
  } catch (error) {
    await owner.query('rollback').catch(() => {})
    throw error
  }
}
