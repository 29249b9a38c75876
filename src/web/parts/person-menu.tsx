import { Menu, useMantineColorScheme } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { MeView } from '../../server/views.ts'
import { ask, queries } from '../api.ts'
import { keep, useMe, useSay } from '../site.tsx'
import css from './person-menu.module.css'

/** Me: language, colours, password, the way out. */
export function PersonMenu({ onHelp }: { onHelp: () => void }) {
  const say = useSay()
  const { member, positions, company } = useMe()
  const navigate = useNavigate()
  const leave = useLeave()
  return (
    <Menu position="bottom-end" width={232} closeOnItemClick={false}>
      <Menu.Target>
        <button type="button" className={css.me} aria-label={say('person.menu', { name: member.name })}>
          {[...member.name][0]}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label className={css.who}><b>{member.name}</b><span>{positions.join(say('comma'))}</span>
          <span>{company.name}</span></Menu.Label>
        <Menu.Divider />
        <Menu.Label>{say('person.language')}</Menu.Label>
        <Languages />
        <Menu.Label>{say('person.colours')}</Menu.Label>
        <Colours />
        <Menu.Divider />
        <Menu.Item closeMenuOnClick onClick={onHelp} rightSection={<kbd className={css.key}>?</kbd>}>
          {say('help.title')}</Menu.Item>
        <Menu.Item closeMenuOnClick
          onClick={() => void navigate({ to: '/account' })}>{say('password.change')}</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void leave('/api/sign-out')}>{say('person.sign_out')}</Menu.Item>
        <Menu.Item
          onClick={() => void leave('/api/sign-out-everywhere')}>{say('person.sign_out_everywhere')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function useLeave(): (path: string) => Promise<void> {
  const client = useQueryClient()
  return async (path) => {
    await ask(path, { method: 'POST' }).catch(() => null)
    client.clear()
    location.assign('/sign-in')
  }
}

const tick = (on: boolean) => (on ? <IconCheck size={16} /> : null)

function Languages() {
  const client = useQueryClient()
  const { language } = useMe()
  const choose = async (wanted: 'zh' | 'en') => {
    keep('gongdan-language', wanted)
    client.setQueryData<MeView>(queries.me().queryKey, (me) => me && { ...me, language: wanted })
    await ask('/api/me', { method: 'PATCH', body: { language: wanted } })
    await client.invalidateQueries()
  }
  return (
    <>
      <Menu.Item lang="zh-CN" rightSection={tick(language === 'zh')} onClick={() => void choose('zh')}>简体中文</Menu.Item>
      <Menu.Item lang="en" rightSection={tick(language === 'en')} onClick={() => void choose('en')}>English</Menu.Item>
    </>
  )
}

function Colours() {
  const say = useSay()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (['auto', 'light', 'dark'] as const).map((one) => (
    <Menu.Item key={one} rightSection={tick(colorScheme === one)} onClick={() => setColorScheme(one)}>
      {say(`colours.${one}`)}</Menu.Item>))
}
