import { MultiSelect, Select } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { listPage, queries } from '../../api.ts'
import { useMe, useSay } from '../../site.tsx'
import { FieldLabel, type InputProps } from './field.tsx'
import css from './field.module.css'

const idOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** Somebody of the company, found by name or by the initials of its pinyin; oneself is one press away. */
export function PersonField({ field, value, onChange, error, names, onName, compact }: InputProps) {
  const say = useSay()
  const { member, roles } = useMe()
  const [text, setText] = useState('')
  const only = field.kind === 'person' ? field.only : undefined
  const mayBeMe = only?.some((role) => roles.includes(role)) ?? true
  const id = idOf(value)
  const chosen = id ? names[id] ?? (id === member.id ? member.name : id) : ''
  const asked = text === chosen ? '' : text
  const { data } = useQuery({ ...queries.people(asked, field.kind === 'person' ? field.first : undefined,
    only?.join()),
    placeholderData: keepPreviousData })
  const people = data?.people ?? []
  const known = id && !people.some((one) => one.id === id) ? [{ value: id, label: chosen }] : []
  const take = (next: string | null) => {
    const person = people.find((one) => one.id === next)
    if (person) onName(person.id, person.name)
    onChange(next ?? undefined)
  }
  return (
    <>
      <Select label={<FieldLabel field={field} />} description={field.hint} error={error()} searchable clearable
        placeholder={say('person.find')} nothingFoundMessage={say('search.nothing')}
        data={[...known, ...people.map((one) => ({ value: one.id, label: one.name }))]}
        filter={({ options }) => options} value={id} onChange={take} searchValue={text} onSearchChange={setText}
        renderOption={({ option }) => {
          const person = people.find((one) => one.id === option.value)
          return <span>{option.label} <span className="hush">{person?.positions.join(say('comma'))}</span></span>
        }} />
      {id !== member.id && !compact && mayBeMe && (
        <div className={css.quick}>
          <button type="button" onClick={() => { onName(member.id, member.name); onChange(member.id) }}>
            {say('person.myself')}</button>
        </div>)}
    </>
  )
}

/** Of these a form about a customer means the customer's own. */
const theirs = ['site', 'machine', 'contract']

/** Another record, by number or words. */
export function RecordField({ field, value, onChange, error, names, onName, customer }: InputProps) {
  const say = useSay()
  const [text, setText] = useState('')
  const process = field.kind === 'record' ? field.process : ''
  const id = idOf(value)
  const asked = id && text === names[id] ? '' : text.trim()
  const whose = theirs.includes(process) ? customer : undefined
  const { data } = useQuery({ queryKey: ['list', process, 'pick', asked, whose], placeholderData: keepPreviousData,
    queryFn: ({ signal }) => listPage(process, { q: asked || undefined, customer: whose }, 20, undefined, signal) })
  const rows = data?.rows ?? []
  const label = (row: { number: string; title: string }) => `${row.number} ${row.title}`
  const known = id && !rows.some((row) => row.id === id) ? [{ value: id, label: names[id] ?? id }] : []
  return <Select label={<FieldLabel field={field} />} description={field.hint} error={error()} searchable clearable
    nothingFoundMessage={say('search.nothing')} filter={({ options }) => options} searchValue={text}
    data={[...known, ...rows.map((row) => ({ value: row.id, label: label(row) }))]} value={id}
    onSearchChange={setText} onChange={(next) => {
      const row = rows.find((one) => one.id === next)
      if (row) onName(row.id, label(row))
      onChange(next ?? undefined)
    }} />
}

/** A group of people by what they do. */
export function TeamField({ field, value, onChange, error }: InputProps) {
  const say = useSay()
  const { data } = useQuery(queries.positions())
  const roles = (data?.positions ?? []).flatMap((one) => one.roles)
  const teams = [...new Map(roles.map((role) => [role.key, role])).values()]
  return <Select label={<FieldLabel field={field} />} description={field.hint} error={error()} searchable clearable
    nothingFoundMessage={say('search.nothing')} data={teams.map((one) => ({ value: one.key, label: one.label }))}
    value={idOf(value)} onChange={(next) => onChange(next ?? undefined)} />
}

/** Positions (职务) of the company. */
export function PositionsField({ field, value, onChange, error }: InputProps) {
  const { data } = useQuery(queries.positions())
  const say = useSay()
  return <MultiSelect label={<FieldLabel field={field} />} description={field.hint} error={error()} searchable
    nothingFoundMessage={say('search.nothing')} hidePickedOptions
    data={(data?.positions ?? []).map((one) => ({ value: one.key, label: one.name }))}
    value={Array.isArray(value) ? value as string[] : []} onChange={(next) => onChange(next)} />
}
