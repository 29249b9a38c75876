import { FocusTrap, Portal } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconDownload, IconX } from '@tabler/icons-react'
import { type Dispatch, type SetStateAction, useEffect, useState } from 'react'
import { useSay } from '../site.tsx'
import { type Pictures, watchPictures } from './pictures.ts'
import css from './viewer.module.css'

/** To the next picture, round and round. */
const go = (set: Dispatch<SetStateAction<Pictures | null>>, by: number) =>
  set((old) => old && { ...old, at: (old.at + by + old.all.length) % old.all.length })

/** Pictures of a page, one after the other: arrows or a swipe go on, Esc goes back. */
export function Viewer() {
  const say = useSay()
  const [open, setOpen] = useState<Pictures | null>(null)
  useEffect(() => watchPictures(setOpen), [])
  const [from, setFrom] = useState<number | null>(null)
  const count = open?.all.length ?? 0
  useEffect(() => {
    if (!open) return undefined
    const onKey = (event: KeyboardEvent) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
      if (step) go(setOpen, step)
      else if (event.key === 'Escape') setOpen(null)
      else return
      event.preventDefault()
      event.stopPropagation()
    }
    // Before the keys of the page behind it.
    window.addEventListener('keydown', onKey, true)
    return () => window.removeEventListener('keydown', onKey, true)
  }, [open])
  const now = open?.all[open.at]
  if (!open || !now) return null
  return (
    <Portal>
      <FocusTrap active>
        <div className={css.viewer} role="dialog" aria-modal="true" aria-label={now.name}
          onTouchStart={(event) => setFrom(event.touches[0]?.clientX ?? null)}
          onTouchEnd={(event) => {
            const moved = from === null ? 0 : (event.changedTouches[0]?.clientX ?? from) - from
            if (Math.abs(moved) > 50) go(setOpen, moved < 0 ? 1 : -1)
          }}>
          <header className={css.head}>
            <span className="cut">{now.name}</span>
            <span>{count > 1 && say('viewer.of', { n: open.at + 1, all: count })}</span>
            <a href={now.href.replace('?view=1', '')} download aria-label={say('viewer.save')} title={say('viewer.save')}>
              <IconDownload size={20} stroke={1.7} /></a>
            <button type="button" data-autofocus aria-label={say('close')} title={say('close')} onClick={() => setOpen(null)}>
              <IconX size={22} stroke={1.7} /></button>
          </header>
          <div className={css.stage} onClick={(event) => { if (event.target === event.currentTarget) setOpen(null) }}>
            <img src={now.href} alt={now.name} />
          </div>
          {count > 1 && (
            <>
              <button type="button" className={css.arrow} data-side="left" aria-label={say('viewer.before')}
                onClick={() => go(setOpen, -1)}><IconChevronLeft size={28} stroke={1.6} /></button>
              <button type="button" className={css.arrow} data-side="right" aria-label={say('viewer.after')}
                onClick={() => go(setOpen, 1)}><IconChevronRight size={28} stroke={1.6} /></button>
            </>)}
        </div>
      </FocusTrap>
    </Portal>
  )
}
