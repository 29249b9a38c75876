import { QueryClient } from '@tanstack/react-query'
import { Outlet, createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect }
  from '@tanstack/react-router'
import { ApiError, door, queries } from './api.ts'
import { Frame } from './parts/frame.tsx'
import { Lost } from './parts/lost.tsx'

/** Queries are asked again on focus and when the stream says so; a refusal is an answer and is not repeated. */
export const client = new QueryClient({ defaultOptions: { queries: {
  staleTime: 15_000, retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status >= 400
    && error.status < 500) } } })

/** What any page may carry in its address: the open drawer. */
type Everywhere = { new?: string; notices?: true; help?: true }
type ListSearch = { view?: 'board'; state?: string; kind?: 'open' | 'all'; mine?: true; due?: 'late' | 'today' | 'week'
  q?: string; sort?: string; sel?: string }
type RecordSearch = { do?: string; why?: string; show?: string; tab?: 'facts' | 'history' }

/** What somebody came for; whom, which machine, contact and order the counter deals with; what is being added. */
export type CounterSearch = { for?: 'carry_in' | 'enquiry' | 'pick_up' | 'manager' | 'wait'; order?: string; do?: string
  customer?: string; machine?: string; contact?: string; add?: 'customer' | 'machine'
  q?: string }
/** `at`: the shelf shown on a telephone; `card`: the order that lies open; `count`: the shelf that is counted. */
type ShelvesSearch = { by?: 'folder'; at?: string; card?: string; do?: string; count?: string }

const settingsParts = ['figures', 'calendars', 'positions', 'texts', 'cards', 'checks', 'schedules', 'history'] as const

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value
  : typeof value === 'number' ? String(value) : undefined)
const oneOf = <T extends string>(value: unknown, ...options: T[]): T | undefined =>
  options.find((option) => option === value)
const flag = (value: unknown): true | undefined => (value === true || value === 'true' || value === 1 ? true
  : undefined)

const root = createRootRoute({ component: Outlet, errorComponent: Lost, notFoundComponent: () => <Lost /> })

const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in',
  validateSearch: (search): { to?: string } => ({ to: text(search.to) }),
  component: lazyRouteComponent(() => import('./pages/sign-in.tsx'), 'SignInPage') })

const staff = createRoute({ getParentRoute: () => root, id: 'staff', component: Frame, errorComponent: Lost,
  validateSearch: (search): Everywhere => ({ new: text(search.new), notices: flag(search.notices),
    help: flag(search.help) }),
  beforeLoad: async ({ location }) => {
    try {
      await client.ensureQueryData(queries.me())
    } catch (error) {
      if (error instanceof ApiError && error.problem.code === 'not_signed_in') {
        throw redirect({ to: '/sign-in', search: { to: location.href === '/' ? undefined : location.href } })
      }
      throw error
    }
  } })

const home = createRoute({ getParentRoute: () => staff, path: '/',
  component: lazyRouteComponent(() => import('./pages/work.tsx'), 'WorkPage'),
  validateSearch: (search): { column?: 'now' | 'waiting' | 'later'; sel?: string } =>
    ({ column: oneOf(search.column, 'now', 'waiting', 'later'), sel: text(search.sel) }) })

const list = createRoute({ getParentRoute: () => staff, path: '/$process',
  component: lazyRouteComponent(() => import('./pages/list.tsx'), 'ListPage'),
  validateSearch: (search): ListSearch => ({ view: oneOf(search.view, 'board'), state: text(search.state),
    kind: oneOf(search.kind, 'open', 'all'), mine: flag(search.mine), due: oneOf(search.due, 'late', 'today', 'week'),
    q: text(search.q), sort: text(search.sort), sel: text(search.sel) }) })

const record = createRoute({ getParentRoute: () => staff, path: '/$process/$id',
  component: lazyRouteComponent(() => import('./pages/record.tsx'), 'RecordPage'),
  validateSearch: (search): RecordSearch => ({ do: text(search.do), why: text(search.why), show: text(search.show),
    tab: oneOf(search.tab, 'facts', 'history') }) })

const rules = createRoute({ getParentRoute: () => staff, path: '/rules',
  component: lazyRouteComponent(() => import('./pages/rules.tsx'), 'RulesPage') })

const account = createRoute({ getParentRoute: () => staff, path: '/account',
  component: lazyRouteComponent(() => import('./pages/account.tsx'), 'AccountPage') })

const counter = createRoute({ getParentRoute: () => staff, path: '/counter',
  component: lazyRouteComponent(() => import('./pages/counter.tsx'), 'CounterPage'),
  validateSearch: (search): CounterSearch => ({ for: oneOf(search.for, 'carry_in', 'enquiry', 'pick_up', 'manager', 'wait'),
    order: text(search.order), do: text(search.do), customer: text(search.customer), machine: text(search.machine),
    contact: text(search.contact), add: oneOf(search.add, 'customer', 'machine'), q: text(search.q) }) })

const settings = createRoute({ getParentRoute: () => staff, path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings.tsx'), 'SettingsPage'),
  validateSearch: (search): { part?: (typeof settingsParts)[number] } =>
    ({ part: oneOf(search.part, ...settingsParts) }) })

const shelves = createRoute({ getParentRoute: () => staff, path: '/shelves',
  component: lazyRouteComponent(() => import('./pages/shelves.tsx'), 'ShelvesPage'),
  validateSearch: (search): ShelvesSearch => ({ by: oneOf(search.by, 'folder'), at: text(search.at),
    card: text(search.card), do: text(search.do), count: text(search.count) }) })

export const router = createRouter({
  routeTree: root.addChildren([signIn, staff.addChildren([home, rules, account, counter, shelves, settings, list, record])]),
  defaultPreload: 'intent', defaultPendingMs: 400, scrollRestoration: true, defaultErrorComponent: Lost,
})

door.signedOut = () => {
  const { pathname, href } = router.state.location
  if (pathname === '/sign-in') return
  client.removeQueries({ queryKey: ['me'] })
  void router.navigate({ to: '/sign-in', search: { to: href } })
}

declare module '@tanstack/react-router' {
  interface Register { router: typeof router }
}
