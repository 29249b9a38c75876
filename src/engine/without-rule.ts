import { isObject, kindAt, rulesOf } from './elements.ts'
import { staff } from './roles.ts'

/**
 * The registry as it would be if one rule were not kept: every element that carries the rule is stripped, and nothing
 * else is touched. For checking that the rule's tests notice (npm run rules:mutate).
 *
 * A guard always holds; a required field or item may be left out, any other is gone; a clock has no limit; a document
 * is neither there nor printed; an action loses what the rule's `means` names (its messages, its prints, its to-dos,
 * its roles, its guards, its form), and is retired when it has nothing of the kind; anything else is gone.
 *
 * @param means the rule's kind, e.g. 'notice'; '' when unknown
 */
export function withoutRule<T>(registry: T, id: string, means = ''): T {
  return strip(registry, [], { id, means }) as T
}

type Wish = { id: string; means: string }

const gone = Symbol('gone')

function strip(value: unknown, path: readonly string[], wish: Wish): unknown {
  if (!isObject(value)) return value
  if (Array.isArray(value)) {
    const kept = value.map((item, index) => strip(item, [...path, String(index)], wish)).filter((item) => item !== gone)
    return kept
  }
  const carried = rulesOf(value).includes(wish.id) ? stripElement(value, kindAt(path), wish) : value
  if (carried === gone) return gone
  const entries = Object.entries(carried).map(([key, item]) => [key, strip(item, [...path, key], wish)] as const)
  return withoutStrayPrints(Object.fromEntries(entries.filter(([, item]) => item !== gone)))
}

type Thing = Readonly<Record<string, unknown>>

function stripElement(thing: Thing, kind: string, wish: Wish): Thing | typeof gone {
  const rule = rulesOf(thing).filter((one) => one !== wish.id)
  switch (kind) {
    case 'guard': return { ...thing, rule, test: () => true }
    case 'field':
    case 'item': {
      const asks = thing.required !== undefined || thing.photo !== undefined
      return asks ? { ...thing, rule, required: undefined, photo: undefined } : gone
    }
    case 'clock': return { ...thing, rule, due: { minutes: '' } }
    case 'action': return { ...stripAction(thing, wish.means), rule }
    default: return gone
  }
}

const effectsFor: Readonly<Record<string, readonly string[]>> = {
  notice: ['send'], report: ['send'], document: ['print'], task: ['open', 'tell'], schedule: ['open'],
  link: ['open', 'tell'],
}

function stripAction(action: Thing, means: string): Thing {
  const retired = { ...action, retired: true }
  const effects = (action.then ?? []) as readonly Thing[]
  const meant = effectsFor[means]
  if (meant) {
    const kept = effects.filter((effect) => !meant.some((key) => key in effect))
    return kept.length < effects.length ? { ...action, then: kept } : retired
  }
  if (means === 'guard') return action.when ? { ...action, when: [] } : retired
  if (means === 'role') return { ...action, by: [...staff, 'system', 'customer'] }
  if ((means === 'field' || means === 'checklist') && action.needs) {
    const needs = Object.entries(action.needs as Record<string, Thing>)
      .map(([name, field]) => [name, { ...field, required: undefined }] as const)
    return { ...action, needs: Object.fromEntries(needs) }
  }
  return retired
}

/** A document that is gone is printed no more. */
function withoutStrayPrints(thing: Thing): Thing {
  if (!isObject(thing.documents) || !isObject(thing.actions)) return thing
  const documents = thing.documents
  const actions = Object.entries(thing.actions as Record<string, Thing>).map(([name, action]) => {
    if (!Array.isArray(action.then)) return [name, action] as const
    const then = (action.then as Thing[]).filter((effect) => !('print' in effect)
      || Object.hasOwn(documents, String(effect.print)))
    return [name, { ...action, then }] as const
  })
  return { ...thing, actions: Object.fromEntries(actions) }
}
