import { labelOf } from './answer.ts'
import type { Ctx } from './context.ts'
import { Fragment, type Reader, type Row, sql } from './db.ts'
import { namedByText } from './customers/visible.ts'
import { sightCondition, sightOf } from './policy.ts'
import { stateView } from './record-view.ts'
import { effectiveSettings, readCompanyNow } from './settings.ts'
import { type PlaceKind, knownPlaces, namesOf, placeWord } from './shelf-names.ts'
import type { ShelfCardView, ShelvesView } from './views.ts'

const process = 'repair_order'
/** Places that a company has in use at most, its own beside ours. */
const placesMost = 30
/** Machines that are read of one place, and those that are shown while all places are. */
const standingMost = 1000
const shownMost = 60

type CardRow = Row & Omit<ShelfCardView, 'state' | 'customer' | 'machine' | 'handler' | 'next'> & { place: string
  standing: number; state: string; customer: string | null; customer_name: string | null; machine: string | null
  machine_name: string | null; handler: string | null; handler_name: string | null; next_action: string | null }

const columns: Readonly<Record<PlaceKind, Fragment>> = { shelf: new Fragment('o.shelf', []),
  folder: new Fragment('o.folder', []) }

/**
 * What stands on each shelf (or lies in each folder), those that stand there longest first.
 *
 * @param only one place, then in full (at most 1000); null: all of them, each shortened
 * @returns null when repair orders are not in use here, or not for this reader
 */
export async function readShelves(ctx: Ctx, reader: Reader, by: PlaceKind, only: string | null):
  Promise<ShelvesView | null> {
  const sight = sightOf(process, ctx.actor)
  if (sight === 'none') return null
  const rows = reader.query<CardRow>(standing(ctx, by, only))
  const company = await readCompanyNow(reader)
  const settings = await effectiveSettings(ctx.app, reader, ctx.company.id, company.profile, company.revision)
  const definition = settings.definitions[process]
  const found = await rows
  if (!definition) return null
  const own = [...new Set(found.map(({ place }) => place))].filter((key) => !knownPlaces[by].includes(key)).sort()
  const keys = only === null ? [...knownPlaces[by], ...own] : [only]
  return { by, shelves: keys.map((key) => {
    const here = found.filter(({ place }) => place === key)
    const count = here[0]?.standing ?? 0
    const ours = knownPlaces[by].includes(key)
    return { key, aliases: namesOf(settings.texts, by, key).slice(1),
      label: ours ? placeWord(ctx, settings.texts, by, key) : key,
      known: ours, count: { count: Math.min(count, standingMost), capped: count > standingMost },
      cards: here.map((row) => cardView(ctx, definition, row)) }
  }) }
}

/** One statement for all places: each is found and read by the index of its column, to a fixed depth. */
function standing(ctx: Ctx, by: PlaceKind, only: string | null) {
  const column = columns[by]
  const places = Object.fromEntries(Object.entries(ctx.app.house.nouns[process]?.places ?? {})
    .flatMap(([state, place]) => (by in place ? [[state, place[by] ?? null]] : [])))
  const seen = sightCondition(sightOf(process, ctx.actor))
  return namedByText(sql`
    with recursive place (key) as (
      (select ${column} from repair_order o where ${column} is not null
        and (${only}::text is null or ${column} = ${only}::text) order by ${column} limit 1)
      union all
      select (select ${column} from repair_order o where ${column} > p.key order by ${column} limit 1) from place p
      where p.key is not null and ${only}::text is null)
    select p.key as place, c.standing, r.id, r.number, r.title, r.seq, r.state, r.next_action, r.next_due_at, r.customer,
      rc.title as customer_name, r.machine, rm.title as machine_name, m.serial_number, r.handler,
      h.name as handler_name,
      coalesce(since.at, r.changed_at) as since
    from (select key from place where key is not null limit ${placesMost}) p
    cross join lateral (
      select x.*, count(*) over ()::int as standing from (
        select r.id, r.opened_at from repair_order o join record r on r.company_id = o.company_id and r.id = o.id
        where ${column} = p.key and ${seen} limit ${standingMost + 1}) x
      order by x.opened_at, x.id limit ${only === null ? shownMost : standingMost}) c
    join record r on r.id = c.id
    left join record rc on rc.company_id = r.company_id and rc.id = r.customer
    left join record rm on rm.company_id = r.company_id and rm.id = r.machine
    left join machine m on m.company_id = r.company_id and m.id = r.machine
    left join member h on h.company_id = r.company_id and h.id = r.handler
    cross join lateral (
      select min(n.at) filter (where n.seq > n.away) as at from (
        select e.at, e.seq, coalesce(max(e.seq) filter (where e.place is distinct from p.key) over (), 0) as away from (
          select e.at, e.seq, case when e.action = 'move' then e.input->>${by}::text
            else ${JSON.stringify(places)}::jsonb->>e.to_state end as place
          from event e where e.record_id = r.id
            and (case when e.action = 'move' then e.input ? ${by}::text
              else ${JSON.stringify(places)}::jsonb ? e.to_state and e.from_state is distinct from e.to_state end)) e) n
      ) since
    order by p.key, since.at, r.id`, `shelves_${by}`)
}

function cardView(ctx: Ctx, definition: Parameters<typeof labelOf>[1], row: CardRow): ShelfCardView {
  const { id, number, title, seq, state, next_action: next, next_due_at, serial_number, since } = row
  const named = (one: string | null, name: string | null) => (one === null ? null : { id: one, name: name ?? '—' })
  return { id, number, title, seq, state: stateView(ctx, definition, state), next_due_at, serial_number, since,
    customer: named(row.customer, row.customer_name), machine: named(row.machine, row.machine_name),
    handler: named(row.handler, row.handler_name),
    next: next === null ? null : labelOf(ctx.words, definition, `action.${next}`) }
}
