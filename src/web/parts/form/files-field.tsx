import { Button, FileButton } from '@mantine/core'
import { IconFile } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { FileView } from '../../../server/views.ts'
import { ApiError, upload } from '../../api.ts'
import { useSay } from '../../site.tsx'
import { openPicture } from '../pictures.ts'
import { Group, type InputProps } from './field.tsx'
import css from './field.module.css'

/** A finger: nothing can be dragged here, but there is a camera. */
const coarse = matchMedia('(pointer: coarse)').matches

const ids = (value: unknown): string[] => (Array.isArray(value) ? value as string[] : [])

/** A picture or another file, small; opens on a click. */
export function FileMark({ file, onRemove }: { file: FileView; onRemove?: () => void }) {
  const say = useSay()
  const picture = /^image\/(png|jpe?g|webp|gif)$/.test(file.type)
  return (
    <span className={css.file}>
      {!picture && <IconFile stroke={1.6} />}
      <a href={`/api/files/${file.id}?view=1`} target="_blank" rel="noreferrer" title={file.name}
        data-picture={picture || undefined}
        onClick={(event) => { if (picture && openPicture(event.currentTarget)) event.preventDefault() }}>
        {picture && <img src={`/api/files/${file.id}?view=small`} alt="" loading="lazy" width="36" height="36" />}
        <span>{file.name}</span></a>
      {onRemove && <button type="button" className={css.remove} onClick={onRemove}
        aria-label={say('files.remove', { name: file.name })}>×</button>}
    </span>
  )
}

type Upload = { take: (files: readonly File[]) => Promise<void>; wrong: string | null; busy: number }

/** Sends files one after the other, so that a phone on a weak line gets each of them through. */
function useUpload({ value, onChange, onFile, onBusy }: InputProps, most: number): Upload {
  const say = useSay()
  const [wrong, setWrong] = useState<string | null>(null)
  const [busy, setBusy] = useState(0)
  const current = useRef(value)
  useEffect(() => { current.current = value }, [value])
  const take = async (files: readonly File[]) => {
    setWrong(null)
    onBusy(true)
    for (const [index, file] of files.entries()) {
      if (ids(current.current).length >= most) {
        setWrong(say('files.most', { max: most }))
        break
      }
      setBusy(files.length - index)
      try {
        const view = await upload(file, file.name || say('files.pasted'))
        onFile(view)
        current.current = [...ids(current.current), view.id]
        onChange(current.current)
      } catch (error) {
        setWrong(say('files.failed', { name: file.name, why: error instanceof ApiError ? error.message : '' }))
      }
    }
    setBusy(0)
    onBusy(false)
  }
  return { take, wrong, busy }
}

/** Files by choosing, dragging, pasting, or the camera of a phone. */
export function FilesField(props: InputProps) {
  const { field, value, onChange, error, files } = props
  const say = useSay()
  const most = field.kind === 'files' ? field.max ?? 20 : 20
  const { take, wrong, busy } = useUpload(props, most)
  const [over, setOver] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const taking = useRef(take)
  useEffect(() => { taking.current = take })
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const pasted = [...event.clipboardData?.files ?? []]
      const form = box.current?.closest('form')
      const first = form?.querySelector('[data-takes-files]') === box.current
      if (pasted.length === 0 || !first) return
      event.preventDefault()
      void taking.current(pasted)
    }
    document.addEventListener('paste', onPaste)
    return () => document.removeEventListener('paste', onPaste)
  }, [])
  return (
    <Group field={field} error={error() ?? wrong ?? undefined}>
      {ids(value).length > 0 && (
        <div className={css.files}>{ids(value).map((id) => files[id] && (
          <FileMark key={id} file={files[id]}
            onRemove={() => onChange(ids(value).filter((one) => one !== id))} />))}</div>)}
      <div ref={box} className={css.drop} data-takes-files data-over={over || undefined}
        onDragOver={(event) => { event.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)}
        onDrop={(event) => { event.preventDefault(); setOver(false); void take([...event.dataTransfer.files]) }}>
        <FileButton multiple onChange={(chosen) => void take(chosen)}>
          {(more) => <Button {...more} size="xs" variant="default">{say('files.choose')}</Button>}
        </FileButton>
        {coarse && (
          <FileButton accept="image/*" capture="environment" onChange={(photo) => { if (photo) void take([photo]) }}>
            {(more) => <Button {...more} size="xs" variant="default">{say('files.camera')}</Button>}
          </FileButton>)}
        <span role="status">{busy > 0 ? say('files.sending', { n: busy }) : coarse ? '' : say('files.hint')}</span>
      </div>
    </Group>
  )
}
