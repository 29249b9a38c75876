import type { DefinitionView, FieldView } from '../../server/views.ts'

/** Master data has no deadlines and no next step: there a few of its own fields are shown. */
export const isTimed = (definition: DefinitionView): boolean =>
  definition.clocks.length > 0 || definition.states.some(({ next }) => next !== null)

const short = new Set(['text', 'phone', 'email', 'choice', 'date', 'fen', 'integer', 'quantity'])

/** At most three short fields that the record keeps: those that may be edited somewhere. */
export const ownFields = (definition: DefinitionView): FieldView[] => (isTimed(definition) ? [] : definition.fields
  .filter((field) => field.kind === 'positions' || (short.has(field.kind) && !field.retired
    && !/^(name|title)$/.test(field.name)
      && definition.states.some(({ edits }) => edits.includes(field.name)))).slice(0, 3))
