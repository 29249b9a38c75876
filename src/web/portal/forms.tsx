import { type ReactNode, useRef, useState } from 'react'
import { sha256 } from '../parts/form/sha256.ts'
import type { FormProps } from './answering.tsx'
import { problemOf } from './api.ts'
import { Spoken } from './parts.tsx'
import { sumOf } from './price.tsx'
import { type Pad, SignaturePad } from './signature-pad.tsx'
import { useSay, yuan } from './words.ts'

const noteMost = 1000
const reasonMost = 200
const questionMost = 500

type FrameProps = { title: string; label: string; busy: boolean; problem: string | null; onSend: () => void
  onBack: () => void; children: ReactNode }

function Frame({ title, label, busy, problem, onSend, onBack, children }: FrameProps) {
  const say = useSay()
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); if (!busy) onSend() }}>
      <Spoken>{title}</Spoken>
      {children}
      {problem !== null && <p className="problem" role="alert">{problem}</p>}
      <div className="choices">
        <button type="submit" className="button first" aria-disabled={busy}>{busy ? say('sending') : label}</button>
        <button type="button" className="button quiet" disabled={busy} onClick={onBack}>{say('back')}</button>
      </div>
    </form>
  )
}

/** 同意: the sum once more, a signature for those who wish to give one. */
export function AcceptForm({ quotation, link, view, sending, problem, send, onBack }: FormProps) {
  const say = useSay()
  const pad = useRef<Pad | null>(null)
  const [drawing, setDrawing] = useState(false)
  const [lost, setLost] = useState<string | null>(null)
  // What was brought already is not brought again when the answer itself was lost on the way.
  const kept = useRef<{ strokes: number; file: string } | null>(null)
  const sum = yuan(quotation.total_fen)
  const sendSigned = async () => {
    setLost(null)
    const picture = await pad.current!.picture()
    if (!picture) return send({})
    setDrawing(true)
    try {
      const strokes = pad.current!.strokes()
      if (kept.current === null || kept.current.strokes !== strokes) {
        kept.current = { strokes, file: await link.upload(picture) }
      }
      const signed_hash = sha256(JSON.stringify({ number: view.number, seq: view.seq, quotation }))
      send({ signature: { file: kept.current.file, signed_hash } })
    } catch (error) {
      setLost(problemOf(error).message || say('lost'))
    } finally {
      setDrawing(false)
    }
  }
  return (
    <Frame title={say('accept.title')} label={say('accept.send', { sum })} busy={sending || drawing}
      problem={lost ?? problem} onSend={() => void sendSigned()} onBack={onBack}>
      <p>{say('accept.text', { sum })}</p>
      <SignaturePad pad={pad} />
    </Frame>
  )
}

/** 部分同意: lines with their sums; the total follows the ticks. */
export function PartForm({ quotation, sending, problem, send, onBack }: FormProps) {
  const say = useSay()
  const [chosen, setChosen] = useState<readonly number[]>([])
  const [note, setNote] = useState('')
  const [missing, setMissing] = useState(false)
  const all = chosen.length === quotation.lines.length
  const sum = sumOf(quotation, chosen)
  const turn = (line: number) => {
    setMissing(false)
    setChosen(chosen.indexOf(line) >= 0 ? chosen.filter((one) => one !== line) : [...chosen, line])
  }
  const onSend = () => {
    if (chosen.length === 0 || all) return setMissing(true)
    const lines = [...chosen].sort((a, b) => a - b).map((line) => ({ line }))
    return send({ accepted_lines: lines, ...(note.trim() !== '' && { customer_note: note.trim() }) })
  }
  return (
    <Frame title={say('accept_part.title')} label={say('accept_part.send', { sum: yuan(sum) })} busy={sending}
      problem={missing ? say(all ? 'accept_part.all' : 'accept_part.none') : problem} onSend={onSend} onBack={onBack}>
      <ul className="ticks">{quotation.lines.map(({ line, name, amount_fen, note: about }) => (
        <li key={line}><label><input type="checkbox" checked={chosen.indexOf(line) >= 0} onChange={() => turn(line)} />
          <span className="line-name">{name}{about !== '' && <span className="line-note">{about}</span>}</span>
          <span className="line-sum">{yuan(amount_fen)}</span></label></li>))}</ul>
      <dl className="sums"><div className="total"><dt>{say('accepted_total')}</dt>
        <dd aria-live="polite">{yuan(sum)}</dd></div></dl>
      {quotation.discount_fen > 0 && <p className="hush">{say('accept_part.shared')}</p>}
      <Area label={say('accept_part.note')} value={note} most={noteMost} onChange={setNote} />
    </Frame>
  )
}

const reasons = ['refuse.dear', 'refuse.long', 'refuse.new'] as const

/** 不同意: a reason helps the shop, but nobody owes one. */
export function RefuseForm({ sending, problem, send, onBack }: FormProps) {
  const say = useSay()
  const [reason, setReason] = useState('')
  const onSend = () => send(reason.trim() === '' ? {} : { refusal: reason.trim() })
  const add = (text: string) => setReason((reason === '' ? text : `${reason}；${text}`).slice(0, reasonMost))
  return (
    <Frame title={say('refuse.title')} label={say('refuse.send')} busy={sending} problem={problem} onSend={onSend}
      onBack={onBack}>
      <Area label={say('refuse.reason')} value={reason} most={reasonMost} onChange={setReason} />
      <p className="chips">{reasons.map((key) => <button key={key} type="button" className="chip"
        disabled={reason.indexOf(say(key)) >= 0} onClick={() => add(say(key))}>{say(key)}</button>)}</p>
    </Frame>
  )
}

/** 有疑问: goes to the shop's desk; the price stays as it is. */
export function AskForm({ sending, problem, send, onBack }: FormProps) {
  const say = useSay()
  const [question, setQuestion] = useState('')
  const [missing, setMissing] = useState(false)
  const onSend = () => (question.trim() === '' ? setMissing(true) : send({ question: question.trim() }))
  return (
    <Frame title={say('ask.title')} label={say('ask.send')} busy={sending}
      problem={missing ? say('ask.none') : problem} onSend={onSend} onBack={onBack}>
      <Area label={say('ask.label')} value={question} most={questionMost}
        onChange={(text) => { setMissing(false); setQuestion(text) }} />
    </Frame>
  )
}

function Area({ label, value, most, onChange }: { label: string; value: string; most: number
  onChange: (text: string) => void }) {
  return <label className="field"><span>{label}</span><textarea rows={3} maxLength={most} value={value}
    onChange={(event) => onChange(event.target.value)} /></label>
}
