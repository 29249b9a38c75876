import type { DefinitionView, FieldView, OfferView } from '../../../server/views.ts'

type Ask = NonNullable<DefinitionView['guards'][string]['asks']>
type Values = Readonly<Record<string, unknown>>

/** Does what is typed so far say so? The statement comes with the definition. */
function says(ask: Ask, values: Values): boolean {
  if ('all' in ask) return ask.all.every((one) => says(one, values))
  const value = values[ask.input]
  if ('given' in ask) return (value !== undefined && value !== '' && value !== false) === ask.given
  return (ask.is as readonly unknown[]).includes(value)
}

const inputsOf = (ask: Ask): string[] => ('all' in ask ? ask.all.flatMap(inputsOf) : [ask.input])

/**
 * A field as it is asked now. `why`: in which case it must be given, where only the server can tell. `hangs_on`: answering one
 * of these takes the need away.
 */
export type AskedField = FieldView & { why?: string; hangs_on?: readonly string[] }

/**
 * The fields that apply to what is typed so far, with `required` settled. A field stays on the form when its need hangs
 * on an answer further down: a later answer only lifts the need, nothing above the cursor goes away.
 *
 * @param offer what the server knows of the record; null where none is there yet
 */
export function askedFields(definition: DefinitionView, action: string, offer: OfferView | null, values: Values):
  AskedField[] {
  const needs = (definition.actions.find(({ name }) => name === action)?.needs ?? []).filter(({ retired }) => !retired)
  const place = new Map(needs.map(({ name }, index) => [name, index]))
  const answer = (guard: string): boolean | null => {
    const asks = definition.guards[guard]?.asks
    return asks ? says(asks, values) : offer?.holds[guard] ?? null
  }
  const isLater = (guard: string, index: number): boolean => {
    const asks = definition.guards[guard]?.asks
    return asks !== undefined && inputsOf(asks).some((input) => (place.get(input) ?? -1) > index)
  }
  return needs.flatMap((field, index): AskedField[] => {
    const { required, asked_if, asked } = field
    if (asked_if !== undefined && answer(asked_if) === false) return []
    if (typeof required !== 'string') return [field]
    const must = answer(required)
    if (must === null) return [{ ...field, why: definition.guards[required]?.label }]
    if (!must && asked !== 'always' && !isLater(required, index)) return []
    const asks = definition.guards[required]?.asks
    return [{ ...field, required: must ? true : undefined, ...(asks && { hangs_on: inputsOf(asks) }) }]
  })
}

/**
 * Where answering begins: at the first thing that must be given and is not, or at what stands above it and would take the
 * need away (a machine on the list, instead of one that is written down); else at the first open field.
 */
export function beginsAt(fields: readonly AskedField[], values: Values): string | undefined {
  const open = fields.filter(({ name }) => values[name] === undefined || values[name] === '')
  const must = open.find(({ required }) => required === true)
  if (must === undefined) return open[0]?.name
  return (open.slice(0, open.indexOf(must)).find(({ name }) => must.hangs_on?.includes(name)) ?? must).name
}
