import { IconScan } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useSay } from '../../site.tsx'
import css from './shelves.module.css'

/** Where a scanner types; ready for the next one after each. A finger is not shown a keyboard unasked. */
export function ScanBox({ onScan, waits = true }: { onScan: (text: string) => void; waits?: boolean }) {
  const say = useSay()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  useEffect(() => { if (waits && !matchMedia('(pointer: coarse)').matches) input.current?.focus() }, [waits])
  return (
    <form className={css.scan} onSubmit={(event) => {
      event.preventDefault()
      if (text.trim() !== '') onScan(text.trim())
      setText('')
    }}>
      <IconScan size={18} stroke={1.6} aria-hidden="true" />
      <input ref={input} value={text} onChange={(event) => setText(event.target.value)} type="text" autoComplete="off"
        spellCheck={false} maxLength={200} placeholder={say('shelves.scan')} aria-label={say('shelves.scan')}
        enterKeyHint="go" />
    </form>
  )
}
