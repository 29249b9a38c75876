import { type ReactNode, useRef, useState } from 'react'
import type { LinkedRecordView, QuotedView } from '../../server/views.ts'
import { type Link, type Problem, newKey, problemOf } from './api.ts'
import type { Answer, Came } from './link-page.tsx'
import { AcceptForm, AskForm, PartForm, RefuseForm } from './forms.tsx'
import { useSay } from './words.ts'

type Props = { view: LinkedRecordView; link: Link; onView: (view: LinkedRecordView, came: Came) => void
  /** The page itself is no longer open: the link has ended, or the cookie has. */
  onClosed: (problem: Problem) => void }

/** What an open form may do: send itself, or close. `problem`: why it was not taken. */
export type FormProps = { quotation: QuotedView; link: Link; view: LinkedRecordView; sending: boolean
  problem: string | null; send: (body: object) => void; onBack: () => void }

const forms: Readonly<Record<Exclude<Answer, 'confirm_receipt'>, (props: FormProps) => ReactNode>> =
  { accept: AcceptForm, accept_part: PartForm, refuse: RefuseForm, ask: AskForm }
const order: readonly Answer[] = ['accept', 'accept_part', 'refuse', 'ask', 'confirm_receipt']

/** The customer's answer: a choice of large buttons, then a short form, then one press that counts. */
export function Answering(props: Props) {
  const say = useSay()
  const { view } = props
  const [open, setOpen] = useState<Exclude<Answer, 'confirm_receipt'> | null>(null)
  const { sending, problem, send, clear } = useAnswer(props)
  if (!view.quotation) return null
  const offers = order.filter((action) => view.offers.some((offer) => offer.action === action && offer.live)
    && (action !== 'accept_part' || view.quotation!.lines.length > 1))
  const hindered = view.state.kind === 'waiting'
    && view.offers.filter(({ action, live, refusal }) => action === 'accept' && !live && refusal?.code === 'guard')[0]
  if (offers.length === 0 && !hindered) return null
  const Form = open && forms[open]
  if (Form) {
    return (
      <section className="card answer" aria-label={say('answer')}>
        <Form quotation={view.quotation} view={view} link={props.link} sending={sending} problem={problem}
          send={(body) => send(open, body)} onBack={() => { setOpen(null); clear() }} />
      </section>
    )
  }
  return (
    <section className="card answer" aria-label={say('answer')}>
      <h2>{say('answer')}</h2>
      {hindered && hindered.refusal && <p className="estimate">{hindered.refusal.message}</p>}
      {problem !== null && <p className="problem" role="alert">{problem}</p>}
      <div className="choices">{offers.map((action) => (
        <button key={action} type="button" disabled={sending} className={`button ${action === 'accept' ? 'first' : ''}`}
          onClick={() => (action === 'confirm_receipt' ? send(action, {}) : setOpen(action))}>{say(action)}</button>))}
      </div>
    </section>
  )
}

/** Sends an answer once, however often it is pressed; sorts what may come back. */
function useAnswer({ view, link, onView, onClosed }: Props) {
  const say = useSay()
  const key = useRef<{ of: string; key: string } | null>(null)
  const [sending, setSending] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const before = view.quotation ? view.quotation.total_fen : null
  const send = (action: Answer, body: object) => {
    const of = `${action} ${JSON.stringify(body)}`
    if (key.current === null || key.current.of !== of) key.current = { of, key: newKey() }
    setSending(true)
    setProblem(null)
    link.act(view, action, body, key.current.key).then((next) => onView(next, { done: action }), (error: unknown) => {
      const refused = problemOf(error)
      setSending(false)
      if (refused.record) return onView(refused.record, { before })
      if (refused.code === 'gone' || refused.code === 'not_found' || refused.code === 'not_signed_in') {
        return onClosed(refused)
      }
      // Somebody has answered meanwhile, in another window or for the customer on the telephone.
      if (refused.code === 'wrong_state' || refused.code === 'stale') {
        return void link.read().then((next) => onView(next, { before }), (again: unknown) => onClosed(problemOf(again)))
      }
      const said = refused.fields?.map(({ message }) => message).join(' ')
      setProblem(refused.code === 'offline' ? say('lost') : said || refused.message || say('fault.text'))
    })
  }
  return { sending, problem, send, clear: () => setProblem(null) }
}
