import type { Refusal } from '../src/engine/refusal.ts'
import { type Ctx, type House } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import { type Reader, type Tx, sql } from '../src/server/db.ts'
import type { Act, Noun } from '../src/server/records/noun.ts'
import type { TestDatabase } from './databases.ts'
import { house } from './company.ts'
import { specimenProcesses, specimenProfiles } from './specimen.ts'

/** The specimen's tables, as a migration would make them. Run as the owner. */
const specimenSql = `
  create table specimen (
    company_id int not null, id uuid not null, note text, phone text, email text, made_on date, promised_at timestamptz,
    is_gift boolean, related uuid, channel text, parts_seen text[], informed text[], enclosed jsonb, pieces bigint,
    photos uuid[], finding text, price_fen bigint, cost_fen bigint, outside jsonb, parts_outstanding int,
    signature jsonb,
    primary key (company_id, id),
    foreign key (company_id, id) references record (company_id, id));
  create table specimen_stock (company_id int primary key references company, pieces int not null check (pieces >= 0));
  alter table specimen enable row level security;
  alter table specimen_stock enable row level security;
  create policy own_company on specimen using (company_id = (select current_company()))
    with check (company_id = (select current_company()));
  create policy own_company on specimen_stock using (company_id = (select current_company()))
    with check (company_id = (select current_company()));
  grant select, insert, update on specimen, specimen_stock to gongdan_app;`

export async function addSpecimenTables(database: TestDatabase): Promise<void> {
  await withClient(database.owner, (client) => client.query(specimenSql))
}

const whole = (value: unknown): number => (typeof value === 'number' ? value : 0)

const columns = ['note', 'phone', 'email', 'made_on', 'promised_at', 'is_gift', 'related', 'channel', 'parts_seen',
  'informed', 'enclosed', 'pieces', 'photos', 'finding', 'price_fen', 'cost_fen', 'outside', 'parts_outstanding',
  'signature'] as const

/** Each ordered piece costs so much: two of them stay below the limit of the guard. */
const pieceFen = 20_000

const specimenNoun: Noun = {
  table: 'specimen',
  columns,
  json: ['enclosed', 'outside', 'signature'],
  number: { prefix: 'YJ', period: 'day', digits: 4 },
  derive: (_head, values) => ({
    parts_outstanding: whole(values.parts_outstanding), cost_fen: whole(values.cost_fen),
    is_gift: values.is_gift === true, has_promise: typeof values.promised_at === 'string' }),
  async facts(_ctx: Ctx, reader: Reader, ids: readonly string[]) {
    const [row] = await reader.query<{ pieces: number }>(sql`select pieces from specimen_stock`.named('specimen_stock'))
    return new Map(ids.map((id) => [id, { stock: row?.pieces ?? 0 }]))
  },
  writes: {
    async receive(_ctx, _tx, act) {
      act.set('parts_outstanding', 0)
      act.set('cost_fen', 0)
      return null
    },
    async take(ctx, _tx, act) {
      act.setHead('handler', ctx.actor.id)
      return null
    },
    order_part: orderPart,
    async part_arrives(_ctx, _tx, act) {
      const open = whole(act.values.parts_outstanding)
      if (open === 0) return { code: 'taken' }
      act.set('parts_outstanding', open - 1)
      return null
    },
    async restock(_ctx, tx) {
      await tx.query(sql`insert into specimen_stock as s (company_id, pieces) values (current_company(), 2)
        on conflict (company_id) do update set pieces = s.pieces + 2`.named('specimen_restock'))
      return null
    },
  },
}

/** Takes one piece from stock; more than two at once are refused after the row was touched: it must be undone. */
async function orderPart(_ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  await tx.query(sql`update specimen_stock set pieces = pieces - 1 where pieces > 0`.named('specimen_order'))
  if (whole(act.input.amount) > 2000) return { code: 'taken' }
  act.set('parts_outstanding', whole(act.values.parts_outstanding) + 1)
  act.set('cost_fen', whole(act.values.cost_fen) + pieceFen)
  return null
}

/** The house with the specimen in it. */
export const specimenHouse: House = {
  processes: { ...house.processes, ...specimenProcesses },
  nouns: { ...house.nouns, specimen: specimenNoun },
  profiles: { ...house.profiles, ...specimenProfiles },
}
