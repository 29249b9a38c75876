import { fieldsOf } from '../../engine/define.ts'
import type { Ctx } from '../context.ts'
import { type Reader, type Row, sql } from '../db.ts'
import { sightOf } from '../policy.ts'
import { settingsNow } from '../settings.ts'
import type { ArchiveView } from '../views.ts'
import { type CaseRow, caseColumns, caseView, namedByText, visible } from './visible.ts'

/** The archive by industry, customer and contract: a contract is the smallest unit. Source: S1-049, S1-050. */

const industriesMost = 100
const customersMost = 200
const documentsMost = 500
const countMost = 1000

/** What the file of one contract should hold. Source: S1-050. */
const expected = ['contract_copy', 'solution_design', 'bid_technical', 'installation_report', 'acceptance_report',
  'service_report'] as const

type Asked = { industry: string | null; customer: string | null }

/** @returns null when this reader has no archive */
export async function readArchive(ctx: Ctx, reader: Reader, { industry, customer }: Asked): Promise<ArchiveView | null> {
  const settings = await settingsNow(ctx, reader)
  const process = settings.definitions.document
  if (!process || sightOf('customer', ctx.actor) !== 'all' || sightOf('document', ctx.actor) === 'none') return null
  const [industries, customers, documents] = await Promise.all([readIndustries(reader),
    industry === null ? [] : readCustomers(reader, industry),
    customer === null ? [] : reader.query<DocumentRow>(namedByText(sql`
      select ${caseColumns}, d.document_kind, d.document_number, d.version, d.contract, d.contract_number, d.filed_place, d.custodian,
        d.original_holder
      from record r join document d on d.company_id = r.company_id and d.id = r.id
      where r.customer = ${customer}::uuid and r.process = 'document' and ${visible(ctx, settings, [])}
        and r.process in ('care_visit', 'visit_plan', 'call_back', 'complaint', 'opinion', 'publication', 'document',
          'contract', 'site')
      order by r.opened_at desc, r.id desc limit ${documentsMost}`, 'archive_documents'))])
  const kinds = fieldsOf(process).document_kind
  const words = kinds?.kind === 'choice' ? kinds.options : {}
  const label = (kind: string) => ctx.words.label(`document.option.document_kind.${kind}`, words[kind] ?? kind)
  return { industries, customers, contracts: contractsOf(documents).map(([number, rows]) => ({ number,
    id: rows.find((row) => row.contract !== null)?.contract ?? null,
    documents: rows.map((row) => ({ ...caseView(ctx, settings.definitions, row), kind: label(row.document_kind),
      document_number: row.document_number, version: row.version, filed_place: row.filed_place,
      custodian: row.custodian, original_holder: row.original_holder })),
    missing: number === null ? [] : expected.filter((kind) =>
      !rows.some((row) => row.document_kind === kind && row.state !== 'dropped')).map(label) })) }
}

type DocumentRow = CaseRow & { document_kind: string; document_number: string | null; version: string | null
  contract: string | null; contract_number: string | null; filed_place: string | null; custodian: string | null
  original_holder: string | null }

/** By contract, that of the newest paper first; those of no contract last. */
function contractsOf(rows: readonly DocumentRow[]): [string | null, DocumentRow[]][] {
  const by = new Map<string | null, DocumentRow[]>()
  for (const row of rows) by.set(row.contract_number, [...by.get(row.contract_number) ?? [], row])
  return [...by].sort(([a], [b]) => Number(a === null) - Number(b === null))
}

/** Industries in use, each found by one probe of an index, and counted no further than a thousand. */
function readIndustries(reader: Reader) {
  return reader.query<{ industry: string; customers: number }>(sql`
    with recursive probe as (
      (select c.industry, 1 as n from customer c where c.industry is not null order by c.company_id, c.industry limit 1)
      union all
      select (select c.industry from customer c where c.industry > p.industry order by c.company_id, c.industry limit 1),
        p.n + 1
      from probe p where p.industry is not null and p.n < ${industriesMost}::int)
    select p.industry, (select count(*)::int from (select 1 from customer c where c.industry = p.industry
      limit ${countMost}::int) x) as customers
    from probe p where p.industry is not null`.named('archive_industries'))
}

const readCustomers = (reader: Reader, industry: string) => reader.query<Row & { id: string; number: string; name: string
  documents: number }>(sql`
  select r.id, r.number, r.title as name, (select count(*)::int from (select 1 from record d where d.customer = r.id
      and d.process = 'document' and d.process in ('care_visit', 'visit_plan', 'call_back', 'complaint', 'opinion',
        'publication', 'document', 'contract', 'site') limit ${countMost}::int) x) as documents
  from (select c.id, c.company_id from customer c where c.industry = ${industry}::text order by c.id desc
    limit ${customersMost}::int) c
  join record r on r.company_id = c.company_id and r.id = c.id
  where r.kind <> 'void' order by documents desc, r.title`.named('archive_customers'))
