import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCopy, IconFileText, IconPhone } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { QuotingView } from '../../../server/views.ts'
import { ask } from '../../api.ts'
import { useKeys } from '../../keys.ts'
import { useSay } from '../../site.tsx'
import { ActionForm } from '../form/action-form.tsx'
import { narrowed } from '../counter/counter-data.ts'
import { Phone } from '../phone.tsx'
import type { OwnForm } from '../record/actions.tsx'
import { copy } from '../record/head.tsx'
import css from './quote.module.css'

const ways = ['phone', 'qq', 'email', 'fax', 'paper'] as const
type Way = typeof ways[number]

/** What each way asks for; the rest of the form belongs to other ways. */
const asks: Readonly<Record<Way, readonly string[]>> = {
  phone: ['told', 'phone_answer', 'answered_by', 'refusal', 'heard'], qq: ['message_left'], email: ['email'],
  fax: ['stamped', 'fax'], paper: ['stamped'],
}

/** What is said on the telephone stands beside the form of a call alone. */
const spoken = (definition: OwnForm['definition'], way: Way): OwnForm['definition'] => (way === 'phone' ? definition
  : { ...definition, actions: definition.actions.map((one) => (one.name === 'send' ? { ...one, cards: [] } : one)) })

type SendFormProps = OwnForm & { desk: QuotingView }

/** 报价给客户: the way, what is said or sent by it, and the ticks that it takes. */
export function SendForm({ desk, record, definition, ...form }: SendFormProps) {
  const say = useSay()
  const [way, setWay] = useState<Way>('phone')
  const [told, setTold] = useState<readonly string[]>([])
  const field = definition.fields.find(({ name }) => name === 'way')
  const words = field?.kind === 'choice' ? field.options : {}
  const shown = spoken(narrowed(definition, 'send', ['way', ...asks[way]]), way)
  const start = { email: desk.customer.email || undefined, fax: desk.customer.fax || undefined,
    answered_by: desk.contact.name || undefined }
  return (
    <div className={css.sendBox}>
      <div className={css.ways} role="radiogroup" aria-label={field?.label}>
        {ways.map((one) => (
          <label key={one} className={css.way}><input type="radio" name="way" checked={way === one}
            onChange={() => setWay(one)} />{words[one] ?? one}</label>))}
      </div>
      {way === 'phone' && <Dial desk={desk} />}
      {way === 'phone' && <Told items={itemsOf(definition)} told={told} onTold={setTold} />}
      {way === 'qq' && <Message id={record.id} text={desk.message ?? ''} />}
      {way === 'email' && <p className={css.hint}>{say('quote.mail_hint')}</p>}
      {(way === 'fax' || way === 'paper') && <p className={css.hint}>
        {say(record.values.seal_wanted === 'yes' ? 'quote.seal_first' : way === 'fax' ? 'quote.fax_hint' : 'quote.paper_hint')}
        {' '}<PaperLink id={record.id} /></p>}
      <ActionForm key={way} {...form} definition={shown} action="send" record={record} start={start}
        fixed={{ way, ...(way === 'phone' && { told: told.length > 0 ? ticked(told) : undefined }) }} />
    </div>
  )
}

type Item = { id: string; zh: string }

function itemsOf(definition: OwnForm['definition']): readonly Item[] {
  const field = definition.fields.find(({ name }) => name === 'told')
  return field?.kind === 'checklist' ? field.items : []
}

const ticked = (ids: readonly string[]) => Object.fromEntries(ids.map((id) => [id, { answer: 'pass' }]))

/** What has been said: one tick each, one key for all. */
function Told({ items, told, onTold }: { items: readonly Item[]; told: readonly string[]
  onTold: (ids: readonly string[]) => void }) {
  const say = useSay()
  const all = () => onTold(items.map(({ id }) => id))
  useKeys({ a: all })
  return (
    <div className={css.told} role="group" aria-label={say('quote.told')}>
      <span className="hush">{say('quote.told')}</span>
      {items.map(({ id, zh }) => (
        <label key={id}><input type="checkbox" checked={told.includes(id)} onChange={() => onTold(told.includes(id)
          ? told.filter((one) => one !== id) : [...told, id])} />{zh}</label>))}
      {told.length < items.length && <button type="button" onClick={all}><kbd>A</kbd> {say('quote.told_all')}</button>}
    </div>
  )
}

/** The paper as it will be printed, in a tab of its own. */
export function PaperLink({ id }: { id: string }) {
  const say = useSay()
  return <a data-link href={`/api/quotation/${id}/preview`} target="_blank" rel="noreferrer" className={css.paperLink}>
    <IconFileText size={15} stroke={1.6} />{say('quote.open_paper')} <kbd>P</kbd></a>
}

/** Who is called, and the number to be dialled; what is said stands on the script card below. */
function Dial({ desk }: { desk: QuotingView }) {
  const say = useSay()
  const phone = desk.contact.phone || desk.customer.phone
  return (
    <p className={css.dial}><IconPhone size={16} stroke={1.6} />
      {phone ? <Phone number={phone} /> : say('quote.no_phone')}
      <span>{desk.customer.name} · {desk.contact.name || desk.customer.name}</span></p>
  )
}

/** The message for WeChat or a text message: the private link is made when it is copied. */
export function Message({ id, text }: { id: string; text: string }) {
  const say = useSay()
  const [link, setLink] = useState<string | null>(null)
  const shown = text.replace('{link}', link ?? say('quote.link_here'))
  const make = useMutation({
    mutationFn: async () => link ?? (await ask<{ url: string }>(`/api/quotation/${id}/link`, { method: 'POST' })).url,
    onSuccess: async (url) => {
      setLink(url)
      const done = await copy(text.replace('{link}', url))
      notifications.show({ message: say(done ? 'quote.copied' : 'quote.copy_by_hand') })
    },
  })
  return (
    <section className={css.message} aria-label={say('quote.message')}>
      <pre>{shown}</pre>
      <Button size="xs" variant="default" leftSection={<IconCopy size={15} stroke={1.6} />} loading={make.isPending}
        onClick={() => make.mutate()}>{say('quote.copy_message')}</Button>
      {make.error && <p className={css.error} role="alert">{make.error.message}</p>}
    </section>
  )
}
