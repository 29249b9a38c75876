/** Rows of the pages without an account, as the API sends them. */

/** The company towards its customers. What it has not written in its settings is ''. */
export type ShopView = { name: string; phone: string; fax: string; address: string; online: string; hours: string }

/** A price as the customer sees it. Money in fen; `line` counts from 1, as «accept_part» names it. */
export type QuotedView = { lines: readonly { line: number; what: string; name: string; pieces: number; unit_fen: number
  amount_fen: number; note: string }[]
  whole_fen: number; discount_fen: number; tax_fen: number; total_fen: number; accepted_fen: number | null
  cause: string | null
  period: string | null; valid_until: string | null; estimate: boolean }

/** Whose paper a scanned code is on. `record` only for somebody of the company who may see it. */
export type PaperView = { shop: ShopView; record: { process: string; id: string } | null
  /** Of the code on a machine: which one it is, and whether a fault can be reported here. */
  machine?: { name: string; serial: string; place: string; open: boolean } | null }
/** How far it is, for somebody who knows the number that the customer left. */
export type PaperStatusView = { label: string; state_words: string; changed_at: string }
