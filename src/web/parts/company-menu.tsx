import { Menu } from '@mantine/core'
import { IconCheck, IconSelector } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ask } from '../api.ts'
import { useMe, useSay } from '../site.tsx'
import css from './company-menu.module.css'

const Mark = () => (
  <svg className={css.mark} viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
    <rect width="32" height="32" rx="7" fill="var(--brand)" />
    <path d="M8 9.5h16M16 9.5v13M8 22.5h16" fill="none" stroke="var(--on-brand)" strokeWidth="3"
      strokeLinecap="round" />
  </svg>
)

/** The company at hand, and the way to the others that this person works for. */
export function CompanyMenu() {
  const say = useSay()
  const { company, companies } = useMe()
  const client = useQueryClient()
  const navigate = useNavigate()
  const change = async (slug: string) => {
    await ask('/api/company', { method: 'POST', body: { slug } })
    client.clear()
    await navigate({ to: '/' })
    location.reload()
  }
  const name = <><Mark /><span className={css.name} title={company.name}>{company.name}</span></>
  if (companies.length < 2) return <div className={css.company}>{name}</div>
  return (
    <Menu position="bottom-start" width={260}>
      <Menu.Target>
        <button type="button" className={css.company} aria-label={say('frame.company', { name: company.name })}>
          {name}<IconSelector size={16} stroke={1.6} className={css.more} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {companies.map((one) => (
          <Menu.Item key={one.slug} onClick={() => { if (one.slug !== company.slug) void change(one.slug) }}
            rightSection={one.slug === company.slug ? <IconCheck size={16} /> : null}>{one.name}</Menu.Item>))}
      </Menu.Dropdown>
    </Menu>
  )
}
