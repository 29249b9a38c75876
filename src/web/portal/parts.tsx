import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { ShopView } from '../../server/views.ts'
import { phoneLink, phoneText } from '../../words/phone.ts'
import type { Problem } from './api.ts'
import { useSay } from './words.ts'

const slowMs = 6000

/** A heading that is read out when it appears: after an answer, the thing to know is at the top. */
export function Spoken({ children, className }: { children: ReactNode; className?: string }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return <h2 ref={heading} tabIndex={-1} className={className}>{children}</h2>
}

const Receiver = () => (
  <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="2"
    strokeLinecap="round" strokeLinejoin="round"><path d="M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2
      A16 16 0 0 1 3 6a2 2 0 0 1 2-2" /></svg>
)

/** Whose page it is, and how to reach them with one touch. */
export function ShopBar({ shop }: { shop: Pick<ShopView, 'name' | 'phone'> }) {
  const say = useSay()
  return (
    <header className="shop-bar">
      <p className="shop-name">{shop.name}</p>
      {shop.phone !== '' && <a className="call" href={phoneLink(shop.phone)}
        aria-label={say('call_what', { name: shop.name, phone: shop.phone })}><Receiver />
        <span>{say('call')}</span></a>}
    </header>
  )
}

/** Where the shop is and when it is open; what it has not written down is left out. */
export function ShopFoot({ shop }: { shop: ShopView }) {
  const say = useSay()
  const lines = ([['phone', shop.phone], ['hours', shop.hours], ['address', shop.address],
    ['online', shop.online]] as const).filter(([, text]) => text !== '')
  if (lines.length === 0) return null
  return (
    <footer className="shop-foot">
      <p className="shop-name">{shop.name}</p>
      <dl>{lines.map(([key, text]) => <div key={key}><dt>{say(key)}</dt>
        <dd>{key === 'phone' ? <a href={phoneLink(text)}>{phoneText(text)}</a> : text}</dd></div>)}</dl>
    </footer>
  )
}

export function Loading() {
  const say = useSay()
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), slowMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <main className="page" aria-busy="true">
      <div className="ghost ghost-state" /><div className="ghost ghost-card" /><div className="ghost ghost-card" />
      <p className="hush middle" role="status">{say(slow ? 'slow' : 'loading')}</p>
    </main>
  )
}

/** A page that says one thing: what has happened, and what can be done about it. */
export function Notice({ title, text, shop, children }: { title: string; text: string; shop?: ShopView | null
  children?: ReactNode }) {
  useEffect(() => { document.title = title }, [title])
  return (
    <>
      {shop && <ShopBar shop={shop} />}
      <main className="page">
        <section className="notice">
          <h1>{title}</h1>
          <p>{text}</p>
          {shop && shop.phone !== '' && <a className="button first" href={phoneLink(shop.phone)}>
            <Receiver /><span>{phoneText(shop.phone)}</span></a>}
          {children}
        </section>
        {shop && <ShopFoot shop={shop} />}
      </main>
    </>
  )
}

/** Why a page did not open. Offline: tries again by itself as soon as there is a network. */
export function Unopened({ problem, onAgain }: { problem: Problem; onAgain: () => void }) {
  const say = useSay()
  useEffect(() => {
    if (problem.code !== 'offline') return undefined
    window.addEventListener('online', onAgain)
    return () => window.removeEventListener('online', onAgain)
  }, [problem, onAgain])
  const again = <button type="button" className="button" onClick={onAgain}>{say('again')}</button>
  switch (problem.code) {
    case 'gone': return <Notice title={say('ended.title')} text={say('ended.text')} shop={problem.shop} />
    case 'not_found': return <Notice title={say('unknown.title')} text={say('unknown.text')} />
    case 'not_signed_in': return <Notice title={say('closed.title')} text={say('closed.text')} />
    case 'locked_out': case 'too_many':
      return <Notice title={say('locked.title')} text={problem.message}>{again}</Notice>
    case 'offline': return <Notice title={say('offline.title')} text={say('offline.text')}>{again}</Notice>
    default: return <Notice title={say('fault.title')} text={say('fault.text')}>{again}</Notice>
  }
}
