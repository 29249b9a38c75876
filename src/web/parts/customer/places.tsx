import { IconChevronDown, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { SiteView } from '../../../server/views.ts'
import { queries } from '../../api.ts'
import { useMe, useSay } from '../../site.tsx'
import { optionWord } from '../counter/counter-data.ts'
import { ActionForm } from '../form/action-form.tsx'
import { PhoneWords } from '../phone.tsx'
import { Facts } from '../record/facts.tsx'
import { StateDot } from '../state.tsx'
import type { CustomerSearch, SetSearch } from './customer-data.ts'
import css from './customer.module.css'

type PlacesProps = { customer: string; sites: readonly SiteView[]; search: CustomerSearch; set: SetSearch
  onDone: () => void }

/** 地点: each in two lines; opened, its facts are changed where they stand. */
export function Places({ customer, sites, search, set, onDone }: PlacesProps) {
  const say = useSay()
  const { processes } = useMe()
  const { data: definition } = useQuery(queries.definition('site'))
  const may = processes.some(({ process, create }) => process === 'site' && create !== null)
  const close = () => set({ site: undefined })
  return (
    <section className={css.part} aria-label={say('customer.sites')}>
      <h2>{say('customer.sites')}
        {may && (
          <button type="button" className={css.plus} aria-label={say('customer.site_add')} title={say('customer.site_add')}
            onClick={() => set({ site: 'new' })}><IconPlus size={16} stroke={1.8} /></button>)}</h2>
      {search.site === 'new' && definition && (
        <div className={css.inline}>
          <ActionForm definition={definition} action="register" record={null} offer={null} draft={customer} focus
            fixed={{ customer }} onDone={() => { close(); onDone() }} onCancel={close} />
        </div>)}
      {sites.length === 0 && search.site !== 'new' && <p className={css.none}>{say('customer.sites_none')}</p>}
      <ul>
        {sites.map((one) => (
          <li key={one.id} className={css.site}>
            <button type="button" className={css.siteHead} aria-expanded={one.id === search.site}
              onClick={() => set({ site: one.id === search.site ? undefined : one.id })}>
              <span className={css.contactText}>
                <span><b>{one.name}</b>
                  {one.zone && <span className="hush">{optionWord(definition, 'zone', one.zone)}</span>}
                  {one.state.kind !== 'active' && <StateDot state={one.state} />}</span>
                {one.address && <span className={css.quietLine}>{one.address}</span>}
                {(one.person || one.phone) && (
                  <span className={css.quietLine}>{one.person} {one.phone && <PhoneWords number={one.phone} />}</span>)}
              </span>
              <IconChevronDown size={16} stroke={1.6} aria-hidden="true" />
            </button>
            {one.id === search.site && <Open id={one.id} />}
          </li>))}
      </ul>
    </section>
  )
}

function Open({ id }: { id: string }) {
  const say = useSay()
  const record = useQuery(queries.record('site', id))
  const definition = useQuery(queries.definition('site'))
  if (!record.data || !definition.data) return null
  return (
    <div className={css.opened}>
      <Facts record={record.data} definition={definition.data} />
      <Link to="/$process/$id" params={{ process: 'site', id }} data-link className={css.quietLine}>
        {say('customer.site_open')}</Link>
    </div>
  )
}
