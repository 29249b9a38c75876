import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { queries } from '../api.ts'

/** Names of people and records, and besides them the words of positions and roles, which values hold as keys. */
export function useKeyNames(names: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { data } = useQuery(queries.positions())
  return useMemo(() => {
    const known: Record<string, string> = {}
    for (const position of data?.positions ?? []) {
      for (const role of position.roles) known[`role.${role.key}`] = role.label
      known[`position.${position.key}`] = position.name
    }
    return { ...known, ...names }
  }, [data, names])
}
