import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { ArchiveView } from '../../server/views.ts'
import { ask, queryText } from '../api.ts'
import { Lost } from '../parts/lost.tsx'
import { GhostRows } from '../parts/rows-ghost.tsx'
import { StateDot } from '../parts/state.tsx'
import { useSay } from '../site.tsx'
import css from './archive.module.css'

const route = getRouteApi('/staff/archive')

const archiveQuery = (industry: string | undefined, customer: string | undefined) => queryOptions({
  queryKey: ['list', 'document', 'archive', industry, customer], placeholderData: keepPreviousData,
  queryFn: ({ signal }) => ask<ArchiveView>(`/api/archive?${queryText({ industry, customer })}`, { signal }) })

/** 档案: by industry, customer and contract, as the folders in the cabinet stand. */
export function ArchivePage() {
  const say = useSay()
  const { industry, customer } = route.useSearch()
  const { data, error, refetch } = useQuery(archiveQuery(industry, customer))
  useEffect(() => { document.title = say('archive.title') }, [say])
  if (error && !data) return <Lost error={error} again={() => void refetch()} />
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1>{say('archive.title')}</h1>
        <Link to="/$process" params={{ process: 'document' }} search={{ state: 'handed_in' }} data-link>
          {say('archive.queue')}</Link>
        <Link to="/$process" params={{ process: 'document' }} search={{ state: 'lent' }} data-link>{say('archive.lent')}</Link>
      </header>
      {!data ? <GhostRows count={8} /> : (
        <div className={css.columns}>
          <nav className={css.column} aria-label={say('archive.industries')}>
            <h2>{say('archive.industries')}</h2>
            {data.industries.length === 0 && <p className={css.none}>{say('archive.no_industry')}</p>}
            {data.industries.map((one) => (
              <Link key={one.industry} to="/archive" search={{ industry: one.industry }} className={css.pick}
                data-on={one.industry === industry || undefined}>
                <span className="cut">{one.industry}</span><small>{one.customers}</small></Link>))}
          </nav>
          <nav className={css.column} aria-label={say('archive.customers')}>
            <h2>{say('archive.customers')}</h2>
            {!industry && <p className={css.none}>{say('archive.pick_industry')}</p>}
            {industry && data.customers.map((one) => (
              <Link key={one.id} to="/archive" search={{ industry, customer: one.id }} className={css.pick}
                data-on={one.id === customer || undefined}>
                <span className="cut">{one.name}</span><small>{one.documents}</small></Link>))}
          </nav>
          <section className={css.column} aria-label={say('archive.contracts')}>
            <h2>{say('archive.contracts')}
              {customer && <Link to="/$process/$id" params={{ process: 'customer', id: customer }} data-link>
                {say('archive.open_customer')}</Link>}</h2>
            {!customer && <p className={css.none}>{say(industry ? 'archive.pick_customer' : 'archive.pick_industry')}</p>}
            {customer && data.contracts.length === 0 && <p className={css.none}>{say('archive.empty')}</p>}
            {customer && data.contracts.map((one) => <Contract key={one.number ?? ''} contract={one} />)}
          </section>
        </div>)}
    </div>
  )
}

function Contract({ contract }: { contract: ArchiveView['contracts'][number] }) {
  const say = useSay()
  return (
    <div className={css.contract}>
      <h3>{contract.id ? <Link to="/$process/$id" params={{ process: 'contract', id: contract.id }} data-link>{contract.number}</Link>
        : contract.number ?? say('archive.no_contract')}</h3>
      <ul>
        {contract.documents.map((one) => (
          <li key={one.id}>
            <Link to="/$process/$id" params={{ process: 'document', id: one.id }} className={css.document}>
              <span className={css.kind}>{one.kind}</span>
              <span className={css.title}>{one.title}</span>
              <StateDot state={one.state} />
              <small>{[one.document_number, one.version, one.filed_place,
                one.custodian && say('archive.custodian', { name: one.custodian }),
                one.original_holder && say('archive.original', { name: one.original_holder })].filter(Boolean).join(' · ')}</small>
            </Link>
          </li>))}
      </ul>
      {contract.number !== null && <p className={css.none}>{contract.missing.length === 0 ? say('archive.complete')
        : say('archive.missing', { names: contract.missing.join(say('comma')) })}</p>}
    </div>
  )
}
