import type { CaseView, CustomerFileView, LookupRowView } from '../../../server/views.ts'
import { useNow, useSay, useSpeech } from '../../site.tsx'
import { dayWords } from '../../time.ts'
import { CaseLines } from './case-lines.tsx'
import css from './counter.module.css'

const pastShown = 8

/** Those of the machine on the counter first. */
const machineFirst = (cases: readonly CaseView[], machine: string | undefined) => (machine === undefined ? cases
  : [...cases].sort((a, b) => Number(b.machine === machine) - Number(a.machine === machine)))

/** 以前: what is open with this customer, and what was done before. */
export function Before({ file, machine }: { file: CustomerFileView; machine: string | undefined }) {
  const speech = useSpeech()
  const now = useNow()
  const { say } = speech
  const past = file.cases.filter((one) => one.closed_at !== null)
  const { open_cases, cases } = file.counts
  const last = file.cases[0]
  return (
    <>
      <p className={css.sum}>{last ? say('before.sum', { open: open_cases.count,
        all: cases.capped ? '1000+' : cases.count,
        last: dayWords(Date.parse(last.opened_at), now, speech) }) : say('before.first')}</p>
      {file.merged.length > 0 && <p className={css.hushed}>{say('before.merged', {
        names: file.merged.map(({ name }) => name).join(say('comma')) })}</p>}
      {file.open_cases.length > 0 && <h3>{say('before.open')}</h3>}
      <CaseLines cases={machineFirst(file.open_cases, machine)} marked={machine} />
      {past.length > 0 && <h3>{say('before.past')}</h3>}
      <CaseLines cases={machineFirst(past, machine).slice(0, pastShown)} marked={machine} />
    </>
  )
}

/** The same of the line that is pointed at while somebody types. */
export function BeforePreview({ row }: { row: LookupRowView | undefined }) {
  const say = useSay()
  if (!row) return <p className={css.hushed}>{say('before.none_yet')}</p>
  const last = row.last_case && row.last_case.closed_at !== null ? [row.last_case] : []
  return (
    <>
      {row.open_cases.length + last.length === 0 && <p className={css.hushed}>{say('before.first')}</p>}
      {row.open_cases.length > 0 && <h3>{say('before.open')}</h3>}
      <CaseLines cases={row.open_cases} />
      {last.length > 0 && <h3>{say('before.past')}</h3>}
      <CaseLines cases={last} />
    </>
  )
}
