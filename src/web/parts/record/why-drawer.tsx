import { Drawer } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { RecordView, WhyView } from '../../../server/views.ts'
import { queries } from '../../api.ts'
import { useSay, useSpeech } from '../../site.tsx'
import { spanWords } from '../../time.ts'
import { GhostRows } from '../rows-ghost.tsx'
import css from './why-drawer.module.css'

/** «为什么是这个期限»: every stretch that counts and every one that does not, with the running sum. */
export function WhyDrawer({ record, clock, onClose }: { record: RecordView; clock: string; onClose: () => void }) {
  const say = useSay()
  const label = record.clocks.find((one) => one.clock === clock)?.label ?? ''
  const { data, error } = useQuery(queries.why(record.process, record.id, clock))
  return (
    <Drawer opened onClose={onClose} title={say('clock.why_title', { label })} size={560}
      closeButtonProps={{ 'aria-label': say('close') }}>
      {error && <p role="alert">{error.message}</p>}
      {!data && !error && <GhostRows count={6} />}
      {data?.basis && <p>{data.basis}</p>}
      {data && <ol className={css.lines}>{data.lines.map((line, index) => <Line key={index} line={line} />)}</ol>}
    </Drawer>
  )
}

function Line({ line }: { line: WhyView['lines'][number] }) {
  const speech = useSpeech()
  const counts = 'sum_ms' in line
  const strong = line.code === 'due' || line.code === 'stopped' || line.code === 'started'
  return (
    <li className={css.line} data-code={line.code} data-strong={strong || undefined}>
      <span>{line.text}</span>
      {counts && <span className={css.sum}>
        <b>+{spanWords(line.ms, speech)}</b>
        <small>{speech.say('clock.sum', { span: spanWords(line.sum_ms, speech) })}</small></span>}
    </li>
  )
}
