import { Button } from '@mantine/core'
import { type PointerEvent, useEffect, useRef, useState } from 'react'
import { ApiError, upload } from '../../api.ts'
import { useSay } from '../../site.tsx'
import { Group, type InputProps } from './field.tsx'
import css from './field.module.css'

/** After the pen has rested so long the signature is sent. */
const restMs = 800

const fileOf = (value: unknown): string | null =>
  (typeof value === 'object' && value !== null ? (value as { file?: string }).file ?? null : null)

/** A signature on the glass. What was signed is hashed when the form is sent. */
export function SignatureField({ field, value, onChange, error, onBusy }: InputProps) {
  const say = useSay()
  const canvas = useRef<HTMLCanvasElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const [begun, setBegun] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const kept = fileOf(value)
  const [shown] = useState(kept)
  const pen = usePen(canvas)
  useEffect(() => () => { if (timer.current) clearTimeout(timer.current) }, [])
  const clear = () => {
    if (timer.current) clearTimeout(timer.current)
    canvas.current?.getContext('2d')?.clearRect(0, 0, canvas.current.width, canvas.current.height)
    setBegun(false)
    onBusy(false)
    onChange(undefined)
  }
  const send = () => canvas.current?.toBlob((blob) => {
    if (!blob) return
    upload(blob, 'signature.png').then((file) => {
      setWrong(null)
      onChange({ file: file.id, signed_hash: '' })
    }).catch((problem: unknown) => setWrong(problem instanceof ApiError ? problem.message : say('lost.fault')))
      .finally(() => onBusy(false))
  }, 'image/png')
  const picture = kept !== null && kept === shown && !begun
  return (
    <Group field={field} error={error() ?? wrong ?? undefined}>
      <div className={css.pad}>
        {picture ? <img src={`/api/files/${kept}?view=1`} alt={say('signature.kept')} />
          : <canvas ref={canvas} width={1200} height={320} aria-label={say('signature.here')} role="img"
            onPointerDown={(event) => { pen.down(event); setBegun(true); onBusy(true)
              if (timer.current) clearTimeout(timer.current) }}
            onPointerMove={pen.move} onPointerUp={() => { pen.up(); timer.current = setTimeout(send, restMs) }} />}
        {!begun && !picture && <p>{say('signature.here')}</p>}
      </div>
      {(begun || picture) && <Button mt={6} size="xs" variant="default"
        onClick={clear}>{say('signature.clear')}</Button>}
    </Group>
  )
}

function usePen(canvas: React.RefObject<HTMLCanvasElement | null>) {
  const drawing = useRef(false)
  const place = (event: PointerEvent) => {
    const box = canvas.current!.getBoundingClientRect()
    return [(event.clientX - box.left) * canvas.current!.width / box.width,
      (event.clientY - box.top) * canvas.current!.height / box.height] as const
  }
  return {
    down: (event: PointerEvent) => {
      const pen = canvas.current!.getContext('2d')!
      canvas.current!.setPointerCapture(event.pointerId)
      drawing.current = true
      pen.lineWidth = 4
      pen.lineCap = 'round'
      pen.lineJoin = 'round'
      pen.strokeStyle = '#14201f'
      pen.beginPath()
      pen.moveTo(...place(event))
    },
    move: (event: PointerEvent) => {
      if (!drawing.current) return
      const pen = canvas.current!.getContext('2d')!
      pen.lineTo(...place(event))
      pen.stroke()
    },
    up: () => { drawing.current = false },
  }
}
