/**
 * Why a table cannot be read or brought in at all. torn: not such a file, or broken; too_much: more rows, columns or
 * bytes than are taken; empty: no heading; encrypted: locked by a password.
 */
export type SheetProblemCode = 'torn' | 'too_much' | 'empty' | 'encrypted' | 'not_a_sheet'

export class SheetProblem extends Error {
  readonly code: SheetProblemCode
  constructor(code: SheetProblemCode) {
    super(`the sheet cannot be read: ${code}`)
    this.code = code
  }
}
