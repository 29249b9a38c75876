/**
 * A statement about what is typed into a form, as data: a screen can hold it against the answers so far without knowing
 * any rule. `given`: something was answered, or nothing. Source: docs/decisions/0020-conditions-of-a-form.md
 */
export type Ask =
  | { input: string; is: readonly (string | number | boolean)[] }
  | { input: string; given: boolean }
  | { all: readonly Ask[] }

/** Does it hold for these answers? An answer that is not there is none of the values. */
export function holds(ask: Ask, input: Readonly<Record<string, unknown>>): boolean {
  if ('all' in ask) return ask.all.every((one) => holds(one, input))
  const value = input[ask.input]
  if ('given' in ask) return (value !== undefined && value !== '' && value !== false) === ask.given
  return (ask.is as readonly unknown[]).includes(value)
}

/** The names of the fields that a statement is about. */
export const inputsOf = (ask: Ask): string[] => ('all' in ask ? ask.all.flatMap(inputsOf) : [ask.input])

/** The two halves of a guard about the form: what is decided by, and what a screen is told. Both are made from one. */
export const typed = (asks: Ask): { test: (facts: { input: Readonly<Record<string, unknown>> }) => boolean; asks: Ask } =>
  ({ test: (facts) => holds(asks, facts.input), asks })
