import { QueryClient } from '@tanstack/react-query'
import { Outlet, createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect }
  from '@tanstack/react-router'
import { ApiError, door, queries } from './api.ts'
import { type CustomerSearch, shows } from './parts/customer/customer-data.ts'
import { Frame } from './parts/frame.tsx'
import type { SpanWeeks } from './parts/flow/flow-data.ts'
import { Lost } from './parts/lost.tsx'

/** Queries are asked again on focus and when the stream says so; a refusal is an answer and is not repeated. */
export const client = new QueryClient({ defaultOptions: { queries: {
  staleTime: 15_000, retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status >= 400
    && error.status < 500) } } })

/** What any page may carry in its address: the open drawer. */
/** `under`: the record that the new one belongs to. */
type Everywhere = { new?: string; under?: string; notices?: true; help?: true }
type ListSearch = { view?: 'board'; state?: string; kind?: 'open' | 'all'; mine?: true; due?: 'late' | 'today' | 'week'
  q?: string; sort?: string; sel?: string }
type RecordSearch = { do?: string; why?: string; show?: string; tab?: 'facts' | 'history' }

/** What somebody came for; whom, which machine, contact and order the counter deals with; what is being added. */
export type CounterSearch = { for?: 'carry_in' | 'enquiry' | 'pick_up' | 'manager' | 'wait'; order?: string; do?: string
  customer?: string; machine?: string; contact?: string; add?: 'customer' | 'machine'
  q?: string }
/** `sel`, `do`: the row of the day and the drawer over it; `part`: whose ledger lies open; `count`: what is counted. */
type StoreSearch = { tab?: 'day' | 'stock' | 'old' | 'count'; sel?: string; do?: 'issue' | 'check' | 'take_back'; q?: string
  place?: string; low?: true; part?: string; count?: string }
/** `at`: the shelf shown on a telephone; `card`: the order that lies open; `count`: the shelf that is counted. */
type ShelvesSearch = { by?: 'folder'; at?: string; card?: string; do?: string; count?: string }

/** What is picked on the map (`state`, `from>to`) and which list of cases lies open. */
type FlowSearch = { process?: string; span?: SpanWeeks; product?: string; person?: string; rare?: true; pick?: string; open?: string }
/** `words`: how the values that it is narrowed to are called; `open`: the cases behind which figure. */
type OutcomesSearch = Partial<Record<'model' | 'product' | 'brand' | 'fault' | 'cause' | 'because' | 'age', string>> & {
  by?: 'brand' | 'model' | 'product' | 'fault' | 'cause' | 'because' | 'age'; span?: SpanWeeks; words?: Record<string, string>
  open?: { key?: string; outcome?: string } }
/** `open`: what is asked for behind a figure, and how it is called. */
type MovementsSearch = { span?: SpanWeeks; open?: { asked: Record<string, string | undefined>; title: string } }
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
  validateSearch: (search): Everywhere => ({ new: text(search.new), under: text(search.under), notices: flag(search.notices),
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

const customer = createRoute({ getParentRoute: () => staff, path: '/customer/$id',
  component: lazyRouteComponent(() => import('./pages/customer.tsx'), 'CustomerPage'),
  validateSearch: (search): CustomerSearch => ({ do: text(search.do), why: text(search.why), all: flag(search.all),
    show: shows.find((one) => one === search.show), add: text(search.add), contact: text(search.contact),
    how: oneOf(search.how, 'drop', 'erase'), site: text(search.site), erase: flag(search.erase) }) })

const archive = createRoute({ getParentRoute: () => staff, path: '/archive',
  component: lazyRouteComponent(() => import('./pages/archive.tsx'), 'ArchivePage'),
  validateSearch: (search): { industry?: string; customer?: string } => ({ industry: text(search.industry),
    customer: text(search.customer) }) })

const rules = createRoute({ getParentRoute: () => staff, path: '/rules',
  component: lazyRouteComponent(() => import('./pages/rules.tsx'), 'RulesPage') })

const account = createRoute({ getParentRoute: () => staff, path: '/account',
  component: lazyRouteComponent(() => import('./pages/account.tsx'), 'AccountPage') })

const counter = createRoute({ getParentRoute: () => staff, path: '/counter',
  component: lazyRouteComponent(() => import('./pages/counter.tsx'), 'CounterPage'),
  validateSearch: (search): CounterSearch => ({ for: oneOf(search.for, 'carry_in', 'enquiry', 'pick_up', 'manager', 'wait'),
    order: text(search.order), do: text(search.do), customer: text(search.customer), machine: text(search.machine),
    contact: text(search.contact), add: oneOf(search.add, 'customer', 'machine'), q: text(search.q) }) })

const store = createRoute({ getParentRoute: () => staff, path: '/store',
  component: lazyRouteComponent(() => import('./pages/store.tsx'), 'StorePage'),
  validateSearch: (search): StoreSearch => ({ tab: oneOf(search.tab, 'day', 'stock', 'old', 'count'), sel: text(search.sel),
    do: oneOf(search.do, 'issue', 'check', 'take_back'), q: text(search.q), place: text(search.place),
    low: flag(search.low), part: text(search.part), count: text(search.count) }) })
const settings = createRoute({ getParentRoute: () => staff, path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings.tsx'), 'SettingsPage'),
  validateSearch: (search): { part?: (typeof settingsParts)[number] } =>
    ({ part: oneOf(search.part, ...settingsParts) }) })

const shelves = createRoute({ getParentRoute: () => staff, path: '/shelves',
  component: lazyRouteComponent(() => import('./pages/shelves.tsx'), 'ShelvesPage'),
  validateSearch: (search): ShelvesSearch => ({ by: oneOf(search.by, 'folder'), at: text(search.at),
    card: text(search.card), do: text(search.do), count: text(search.count) }) })

const sheets = createRoute({ getParentRoute: () => staff, path: '/sheets',
  component: lazyRouteComponent(() => import('./pages/sheets.tsx'), 'SheetsPage'),
  validateSearch: (search): { job?: string; kind?: string } => ({ job: text(search.job), kind: text(search.kind) }) })

const spanOf = (value: unknown): SpanWeeks | undefined => oneOf(text(value), '1', '4', '13', '52', 'all')
const shape = <T extends object>(value: unknown): T | undefined =>
  (typeof value === 'object' && value !== null ? value as T : undefined)

const flow = createRoute({ getParentRoute: () => staff, path: '/flow',
  component: lazyRouteComponent(() => import('./pages/flow.tsx'), 'FlowPage'),
  validateSearch: (search): FlowSearch => ({ process: text(search.process), span: spanOf(search.span),
    product: text(search.product), person: text(search.person), rare: flag(search.rare), pick: text(search.pick),
    open: text(search.open) }) })

const outcomes = createRoute({ getParentRoute: () => staff, path: '/outcomes',
  component: lazyRouteComponent(() => import('./pages/outcomes.tsx'), 'OutcomesPage'),
  validateSearch: (search): OutcomesSearch => ({ span: spanOf(search.span), words: shape(search.words), open: shape(search.open),
    by: oneOf(search.by, 'brand', 'model', 'product', 'fault', 'cause', 'because', 'age'), model: text(search.model),
    product: text(search.product), brand: text(search.brand), fault: text(search.fault), cause: text(search.cause),
    because: text(search.because), age: text(search.age) }) })

const movements = createRoute({ getParentRoute: () => staff, path: '/movements',
  component: lazyRouteComponent(() => import('./pages/movements.tsx'), 'MovementsPage'),
  validateSearch: (search): MovementsSearch => ({ span: spanOf(search.span), open: shape(search.open) }) })

export const router = createRouter({
  routeTree: root.addChildren([signIn, staff.addChildren([sheets, home, rules, account, counter, shelves, store, flow, outcomes, movements,
    settings,
    list,
    archive, customer, record])]),
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
