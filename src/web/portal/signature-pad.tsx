import { type PointerEvent, type RefObject, useEffect, useImperativeHandle, useRef, useState } from 'react'
import { useSay } from './words.ts'

/** What the form asks of the pad when it is sent. */
export type Pad = { picture: () => Promise<Blob | null>; strokes: () => number }

const [width, height] = [1000, 360]

/** Drawing with a finger. Ink on white in both themes: it will be printed. Nobody must sign. */
export function SignaturePad({ pad }: { pad: RefObject<Pad | null> }) {
  const say = useSay()
  const canvas = useRef<HTMLCanvasElement>(null)
  const strokes = useRef(0)
  const [signed, setSigned] = useState(false)
  const pen = usePen(canvas, () => { strokes.current += 1; setSigned(true) })
  useImperativeHandle(pad, () => ({
    strokes: () => strokes.current,
    picture: () => new Promise((resolve) => {
      if (!signed) return resolve(null)
      return canvas.current!.toBlob(resolve, 'image/png')
    }),
  }), [signed])
  const clear = () => {
    canvas.current!.getContext('2d')!.clearRect(0, 0, width, height)
    strokes.current += 1
    setSigned(false)
  }
  return (
    <div className="field">
      <span id="sign-label">{say('sign')}</span>
      <div className="pad">
        <canvas ref={canvas} width={width} height={height} role="img" aria-labelledby="sign-label" {...pen} />
        {!signed && <p aria-hidden="true">{say('sign.here')}</p>}
      </div>
      {signed && <button type="button" className="text-button" onClick={clear}>{say('sign.clear')}</button>}
    </div>
  )
}

function usePen(canvas: RefObject<HTMLCanvasElement | null>, onStroke: () => void) {
  const drawing = useRef(false)
  // A finger that draws does not scroll; phones without touch-action need to be told so by each touch.
  useEffect(() => {
    const still = (event: TouchEvent) => event.preventDefault()
    const glass = canvas.current!
    glass.addEventListener('touchmove', still, { passive: false })
    return () => glass.removeEventListener('touchmove', still)
  }, [canvas])
  const place = (event: PointerEvent): [number, number] => {
    const box = canvas.current!.getBoundingClientRect()
    return [(event.clientX - box.left) * width / box.width, (event.clientY - box.top) * height / box.height]
  }
  const up = () => { drawing.current = false }
  return {
    onPointerDown(event: PointerEvent) {
      const pen = canvas.current!.getContext('2d')!
      drawing.current = true
      Object.assign(pen, { lineWidth: 6, lineCap: 'round', lineJoin: 'round', strokeStyle: '#14201f' })
      pen.beginPath()
      const [x, y] = place(event)
      pen.moveTo(x, y)
      pen.lineTo(x + 0.1, y)
      pen.stroke()
      onStroke()
    },
    onPointerMove(event: PointerEvent) {
      if (!drawing.current) return
      const pen = canvas.current!.getContext('2d')!
      pen.lineTo(...place(event))
      pen.stroke()
    },
    onPointerUp: up, onPointerLeave: up, onPointerCancel: up,
  }
}
