import { Button } from '@mantine/core'
import { IconArrowBackUp, IconArrowsMaximize, IconCheck } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { ApiError, upload } from '../../api.ts'
import { useKeys } from '../../keys.ts'
import { useSay } from '../../site.tsx'
import { Group, type InputProps } from './field.tsx'
import css from './field.module.css'
import { useInk } from './ink.ts'

/** After the pen has rested so long the signature is sent. */
const restMs = 800

const fileOf = (value: unknown): string | null =>
  (typeof value === 'object' && value !== null ? (value as { file?: string }).file ?? null : null)

/** A signature on the glass, small in the form or over the whole screen. What was signed is hashed when the form is sent. */
export function SignatureField({ field, value, onChange, error, onBusy: tellBusy }: InputProps) {
  const say = useSay()
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const sent = useRef(0)
  const busy = useRef(false)
  /** However many strokes there are, the form waits once. */
  const onBusy = (now: boolean) => {
    if (busy.current !== now) tellBusy(now)
    busy.current = now
  }
  const [wrong, setWrong] = useState<string | null>(null)
  const [large, setLarge] = useState(false)
  const kept = fileOf(value)
  const [shown] = useState(kept)
  const stop = () => { if (timer.current) clearTimeout(timer.current) }
  useEffect(() => () => { if (timer.current) clearTimeout(timer.current) }, [])
  useKeys(large ? { Escape: () => setLarge(false) } : {})
  const send = async () => {
    const turn = ++sent.current
    const blob = await ink.picture()
    if (!blob) return onBusy(false)
    try {
      const file = await upload(blob, 'signature.png')
      // A stroke that came meanwhile is sent by itself: only the newest picture counts.
      if (turn === sent.current) { setWrong(null); onChange({ file: file.id, signed_hash: '' }) }
    } catch (problem) {
      setWrong(problem instanceof ApiError ? problem.message : say('lost.fault'))
    } finally {
      if (turn === sent.current) onBusy(false)
    }
  }
  const ink = useInk({
    onBegin: () => { stop(); sent.current += 1; onBusy(true) },
    onEnd: () => { stop(); timer.current = setTimeout(() => void send(), restMs) },
  })
  const [begun, setBegun] = useState(false)
  const picture = kept !== null && kept === shown && !begun && ink.strokes === 0
  const undo = () => {
    stop()
    sent.current += 1
    if (ink.strokes > 1) { ink.undo(); onBusy(true); timer.current = setTimeout(() => void send(), restMs) } else forget()
  }
  const forget = () => { ink.clear(); setBegun(true); onBusy(false); onChange(undefined) }
  const clear = () => { stop(); sent.current += 1; forget() }
  return (
    <Group field={field} error={error() ?? wrong ?? undefined}>
      <div className={css.glass} data-large={large || undefined} role={large ? 'dialog' : undefined}
        aria-label={large ? field.label : undefined}>
        {large && <p className={css.glassTitle}>{field.label}</p>}
        <div className={css.pad}>
          {picture ? <img src={`/api/files/${kept}?view=1`} alt={say('signature.kept')} />
            : <canvas {...ink.canvas} aria-label={say('signature.here')} role="img" />}
          {ink.strokes === 0 && !picture && <p>{say('signature.here')}</p>}
        </div>
        <div className={css.glassKeys}>
          {ink.strokes > 0 && <Button size="xs" variant="default" leftSection={<IconArrowBackUp size={15} stroke={1.6} />}
            onClick={undo}>{say('signature.undo')}</Button>}
          {(ink.strokes > 0 || picture) && <Button size="xs" variant="default" onClick={clear}>
            {say('signature.clear')}</Button>}
          <span />
          {large ? <Button size="xs" leftSection={<IconCheck size={15} stroke={1.6} />} onClick={() => setLarge(false)}>
            {say('signature.done')}</Button>
            : !picture && <Button size="xs" variant="subtle" leftSection={<IconArrowsMaximize size={15} stroke={1.6} />}
              onClick={() => setLarge(true)}>{say('signature.large')}</Button>}
        </div>
      </div>
    </Group>
  )
}
