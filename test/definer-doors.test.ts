import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withClient } from '../src/server/database-roles.ts'
import { type TestDatabase, openTestDatabase, testDatabases } from './databases.ts'

/**
 * Every function of the database that runs with the rights of the owner, and why it may: these are the only ways past
 * row-level security. A new one is added here on purpose, or this test fails.
 */
const doors: Readonly<Record<string, string>> = {
  'claim_timers(timestamp with time zone,interval,integer)': 'a worker takes due clocks of all companies',
  'next_timer(timestamp with time zone)': 'a worker learns when to wake',
  'claim_outbox(timestamp with time zone,interval,integer)': 'a worker takes due effects of all companies',

  'queues(timestamp with time zone)': 'the operator learns how long the queues are, never what is in them',
  'companies_at_work()': 'a worker learns in which companies something may be due',
  'claim_dirty(uuid,interval,integer)': 'the indexer takes records of all companies whose search row is out of date',
  'release_search(uuid)': 'the indexer gives its lease back',
  'write_search(jsonb,bigint[])': 'the indexer writes search rows',
  'search_records(text[],text,text[],text[],integer,integer)': 'search: operators that an index does not serve under a policy',
  'stale_files(timestamp with time zone,integer)': 'a worker finds bytes that must go',
  'claim_sheet(timestamp with time zone,interval)': 'a worker takes a sheet of any company that waits for its next step',
  'tell_planner(text[])': 'a sheet that fills tables has their statistics made anew; nothing is read or written',
  'stale_sheets(timestamp with time zone,integer)': 'a worker finds rows of sheets that must go',
  'sweep_refused(timestamp with time zone,integer)': 'refusals that are too old or too many are taken away, of every company',
  'states_in_use()': 'the server refuses a database with states that it does not know',
  'erase_personal(uuid,text[],timestamp with time zone)': 'personal data is taken out of events',
  'erase_contact(uuid)': 'the personal data of one contact is taken out of events',

  'account_by_login(text)': 'sign-in, before anybody is known',
  'account_by_id(uuid)': 'asking somebody who is signed in for the password again',
  'count_attempt(text,bytea,timestamp with time zone,integer,interval)': 'lock-out over all nodes',
  'attempt_over(text,bytea,boolean)': 'lock-out over all nodes',
  'locked_until(text,bytea,timestamp with time zone)': 'lock-out over all nodes',
  'companies_of(uuid)': 'which companies an account may enter',
  'open_session(bytea,uuid,uuid,integer,timestamp with time zone,timestamp with time zone,text,text,integer)':
    'sign-in',
  'session_of(bytea,timestamp with time zone,interval)': 'who holds a token, and in which company',
  'sessions_of(uuid,timestamp with time zone,interval)': 'where an account is signed in',
  'close_session(bytea)': 'sign-out',
  'close_session_by_id(uuid,uuid)': 'sign-out of another device of the same account',
  'close_sessions(uuid)': 'sign-out everywhere',
  'close_member_sessions(uuid)': 'somebody leaves the company',
  'set_password(uuid,text,boolean,timestamp with time zone)': 'a new password of one’s own',
  'offer_second_factor(uuid,text)': 'second factor',
  'confirm_second_factor(uuid,bigint)': 'second factor',
  'use_second_factor(uuid,bigint)': 'second factor: no code twice',
  'remove_second_factor(uuid)': 'second factor',
  'account_for_member(uuid,text,text,timestamp with time zone)': 'somebody joins',
  'accounts_of_members(uuid[])': 'may this company’s administrator look after the account?',
  'own_account_of(uuid)': 'asked by the two below; the server itself may not call it',
  'reset_member_password(uuid,text,timestamp with time zone)': 'an administrator gives a new password',
  'remove_member_second_factor(uuid)': 'an administrator helps after a lost telephone',
  'key_of(bytea,timestamp with time zone)': 'which program holds an API key',
  'link_of(bytea,timestamp with time zone,interval)': 'which record a private link opens',
  'paper_of(text)': 'whose printed page a scanned code is on: the company, and which record',
  'setup_of(bytea,timestamp with time zone)': 'the one-time link of the installation',
  'use_setup_link(bytea,text,timestamp with time zone)': 'the one-time link of the installation',
}
/** Only other doors call these. */
const inner = ['own_account_of(uuid)']

describe.each(testDatabases())('doors past row-level security on $name', (kind) => {
  let database: TestDatabase
  let found: { door: string; owner: string; config: string[] | null; public: boolean; app: boolean }[]
  beforeAll(async () => {
    database = await openTestDatabase(kind)
    found = await withClient(database.superuser, async (client) => (await client.query(`
      select p.oid::regprocedure::text as door, r.rolname as owner, p.proconfig as config,
        exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
          where a.grantee = 0) as public,
        has_function_privilege('gongdan_app', p.oid, 'execute') as app
      from pg_proc p join pg_roles r on r.oid = p.proowner join pg_namespace n on n.oid = p.pronamespace
      where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')`)).rows)
  })
  afterAll(() => database.close())

  test('are those that are written down here, each with its reason', () => {
    expect(found.map(({ door }) => door).sort()).toEqual(Object.keys(doors).sort())
  })

  test('search in a fixed path, belong to the owner of the tables, and open for the server alone', () => {
    for (const { door, config, ...rest } of found) {
      expect({ door, ...rest }).toEqual({ door, owner: 'gongdan_owner', public: false, app: !inner.includes(door) })
      expect(config).toContain('search_path=public, pg_temp')
    }
  })

  test('are the only way to accounts, sessions and secrets', async () => {
    const readable = await withClient(database.superuser, async (client) => (await client.query(`
      select c.relname || '.' || a.attname as column_name from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
        and (c.relname in ('account', 'session', 'attempt', 'setup_link')
          or a.attname in ('token_hash', 'password_hash'))
        and has_column_privilege('gongdan_app', c.oid, a.attnum, 'select')`)).rows)
    expect(readable).toEqual([])
  })
})
