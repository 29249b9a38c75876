import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { Outlet, useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { Suspense, lazy, useEffect, useRef, useState } from 'react'
import { door, queries } from '../api.ts'
import { useKeys, useScan } from '../keys.ts'
import { type Line, startLive } from '../live.ts'
import { MeProvider, Speaking, keep, rememberedLanguage, setServerNow, useMe, useSay, useSpeech } from '../site.tsx'
import { Bar } from './bar.tsx'
import { usesCounter } from './desk.ts'
import css from './frame.module.css'
import { useOpenNumber } from './open-number.ts'
import { BottomBar, Rail } from './rail.tsx'

const NewDrawer = lazy(() => import('./new-drawer.tsx').then((part) => ({ default: part.NewDrawer })))
const NoticesDrawer = lazy(() => import('./notices-drawer.tsx').then((part) => ({ default: part.NoticesDrawer })))
const HelpSheet = lazy(() => import('./help-sheet.tsx').then((part) => ({ default: part.HelpSheet })))
const Viewer = lazy(() => import('./viewer.tsx').then((part) => ({ default: part.Viewer })))
const PasswordPage = lazy(() => import('../pages/account.tsx').then((part) => ({ default: part.FirstPassword })))

/** Everything round a page: rail, bar, drawers, the live stream, the keys that hold everywhere. */
export function Frame() {
  const { data: me } = useSuspenseQuery(queries.me())
  const language = me.language ?? rememberedLanguage()
  useEffect(() => setServerNow(me.now), [me.now])
  useEffect(() => {
    keep('gongdan-language', language)
    document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN'
    door.language = language === 'en' ? 'en' : 'zh-CN'
  }, [language])
  return (
    <MeProvider value={me}>
      <Speaking language={language} zone={me.company.time_zone}>
        {me.must_change_password ? <Suspense><PasswordPage /></Suspense> : <Standing />}
      </Speaking>
    </MeProvider>
  )
}

/** Opens or closes what any page may carry in its address. */
export function useEverywhere() {
  const router = useRouter()
  const search = useSearch({ strict: false }) as { new?: string; under?: string; notices?: true; help?: true }
  const set = (patch: typeof search) => void router.navigate({ to: '.',
    search: ((old: object) => ({ ...old, new: undefined, under: undefined, notices: undefined, help: undefined,
      ...patch })) as never })
  return { search, set }
}

function Standing() {
  const say = useSay()
  const line = useLine()
  const { search, set } = useEverywhere()
  const me = useMe()
  const navigate = useNavigate()
  const openNumber = useOpenNumber()
  const here = useSearch({ strict: false }) as { process?: string }
  const creatable = me.processes.filter((one) => one.create !== null && one.process !== 'member')
  const current = processHere()
  const startNew = () => {
    const mine = creatable.find((one) => one.process === (here.process ?? current)) ?? creatable[0]
    if (mine) set({ new: mine.process })
  }
  useKeys({ n: startNew, '?': () => set({ help: true }), g: () => void navigate({ to: '/' }),
    ...(usesCounter(me) && { r: () => void navigate({ to: '/counter' }) }),
    Escape: () => (document.activeElement as HTMLElement | null)?.blur() })
  useScan(openNumber)
  return (
    <div className={css.frame}>
      <a href="#main" className={css.skip}>{say('frame.skip')}</a>
      <Rail />
      <Bar onNew={(process) => set({ new: process })} onNotices={() => set({ notices: true })}
        onHelp={() => set({ help: true })} />
      <main id="main" className={css.main} tabIndex={-1}>
        {line === 'broken' && <p className={css.offline} role="status">{say('frame.offline')}</p>}
        <Suspense><Outlet /></Suspense>
        <Suspense><Viewer /></Suspense>
      </main>
      <BottomBar onNew={startNew} />
      <Suspense>
        {search.new && <NewDrawer key={search.new} process={search.new} under={search.under} onClose={() => set({})} />}
        {search.notices && <NoticesDrawer onClose={() => set({})} />}
        {search.help && <HelpSheet onClose={() => set({})} />}
      </Suspense>
      <LanguageOfOffline />
    </div>
  )
}

const processHere = (): string | undefined => /^\/([a-z_]+)/.exec(location.pathname)?.[1]

function LanguageOfOffline() {
  const { say } = useSpeech()
  useEffect(() => { door.offline = say('offline.message') }, [say])
  return null
}

/** Is the server there? The stream tells; a short break is not worth a word. */
function useLine(): Line {
  const client = useQueryClient()
  const [line, setLine] = useState<Line>('open')
  useQuery({ ...queries.me(), refetchInterval: line === 'broken' ? 15_000 : 300_000 })
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null
    const hear = (next: Line) => {
      if (timer) clearTimeout(timer)
      timer = null
      if (next === 'broken') timer = setTimeout(() => setLine('broken'), patienceMs)
      else setLine('open')
    }
    // A stream may look alive for minutes after the cable was pulled: every request tells as well.
    door.reached = (there) => (there ? hear('open') : setLine('broken'))
    const stop = startLive(client, hear)
    const gone = () => setLine('broken')
    const back = () => void client.invalidateQueries()
    window.addEventListener('offline', gone)
    window.addEventListener('online', back)
    return () => {
      if (timer) clearTimeout(timer)
      door.reached = () => {}
      window.removeEventListener('offline', gone)
      window.removeEventListener('online', back)
      stop()
    }
  }, [client])
  const before = useRef(line)
  useEffect(() => {
    if (before.current === 'broken' && line === 'open') void client.invalidateQueries()
    before.current = line
  }, [client, line])
  return line
}

const patienceMs = 4000
