import { type PointerEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react'

/** Places of a stroke as parts of the width of the pad, so that it is the same at any size. */
type Stroke = (readonly [x: number, y: number])[]

/** Dots of the picture for one of the screen: it will be printed. */
const sharpness = 2
/** Of the width of the pad; a pen of 3 px on a telephone, no brush on a large screen. */
const penWidth = (width: number) => Math.max(2.2, Math.min(5, width / 130))

/** Dark on nothing, in both themes: the paper below is white. */
function draw(canvas: HTMLCanvasElement, strokes: readonly Stroke[]): void {
  const { clientWidth: width, clientHeight: height } = canvas
  canvas.width = width * sharpness
  canvas.height = height * sharpness
  const pen = canvas.getContext('2d')!
  pen.scale(sharpness, sharpness)
  Object.assign(pen, { lineWidth: penWidth(width), lineCap: 'round', lineJoin: 'round', strokeStyle: '#14201f' })
  for (const stroke of strokes) {
    pen.beginPath()
    const [first] = stroke
    pen.moveTo(first![0] * width, first![1] * width)
    // A dot is a stroke too.
    pen.lineTo(first![0] * width + 0.1, first![1] * width)
    for (let index = 1; index < stroke.length; index += 1) {
      const [x, y] = stroke[index]!
      const [px, py] = stroke[index - 1]!
      pen.quadraticCurveTo(px * width, py * width, (px + x) / 2 * width, (py + y) / 2 * width)
    }
    pen.stroke()
  }
}

/** A finger that draws does not scroll; phones without touch-action need to be told so by each touch. */
function useStill(canvas: RefObject<HTMLCanvasElement | null>): void {
  useEffect(() => {
    const glass = canvas.current
    const still = (event: TouchEvent) => event.preventDefault()
    glass?.addEventListener('touchmove', still, { passive: false })
    return () => glass?.removeEventListener('touchmove', still)
  })
}

/** Drawing with a finger, a pen or a mouse. The strokes are kept, so that the last one can be taken back. */
export function useInk({ onBegin, onEnd }: { onBegin: () => void; onEnd: () => void }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const strokes = useRef<Stroke[]>([])
  const current = useRef<Stroke | null>(null)
  const [count, setCount] = useState(0)
  const redraw = useCallback(() => { if (canvas.current) draw(canvas.current, strokes.current) }, [])
  useStill(canvas)
  useEffect(() => {
    const glass = canvas.current
    if (!glass) return undefined
    const watch = new ResizeObserver(redraw)
    watch.observe(glass)
    return () => watch.disconnect()
  })
  const place = (event: PointerEvent): readonly [number, number] => {
    const box = canvas.current!.getBoundingClientRect()
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.width]
  }
  const up = () => {
    if (!current.current) return
    current.current = null
    onEnd()
  }
  const change = (next: Stroke[]) => { strokes.current = next; setCount(next.length); redraw() }
  return {
    strokes: count,
    undo: () => change(strokes.current.slice(0, -1)),
    clear: () => change([]),
    /** The picture as it stands; null when nothing was drawn. */
    picture: () => new Promise<Blob | null>((resolve) => {
      if (strokes.current.length === 0 || !canvas.current) return resolve(null)
      return canvas.current.toBlob(resolve, 'image/png')
    }),
    canvas: {
      ref: canvas,
      onPointerDown(event: PointerEvent<HTMLCanvasElement>) {
        // A second finger, or the ball of the hand, is no stroke.
        if (current.current || !event.isPrimary) return
        canvas.current!.setPointerCapture(event.pointerId)
        current.current = [place(event)]
        change([...strokes.current, current.current])
        onBegin()
      },
      onPointerMove(event: PointerEvent<HTMLCanvasElement>) {
        if (!current.current || !event.isPrimary) return
        current.current.push(place(event))
        redraw()
      },
      onPointerUp: up, onPointerCancel: up,
    },
  }
}
