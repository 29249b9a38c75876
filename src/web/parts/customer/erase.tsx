import { Button, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, ask, randomId } from '../../api.ts'
import { useSay } from '../../site.tsx'
import type { SetSearch } from './customer-data.ts'
import css from './customer.module.css'

/** Taking the personal data of a whole customer out for good: asked for by an administrator, with a reason. */
export function EraseCustomer({ customer, open, set }: { customer: string; open: boolean; set: SetSearch }) {
  const say = useSay()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [key] = useState(randomId)
  const erase = useMutation({
    mutationFn: () => ask(`/api/customer/${customer}/erase`, { method: 'POST', body: { reason }, key }),
    onSuccess: () => {
      notifications.show({ message: say('customer.erased') })
      set({ erase: undefined })
      void client.invalidateQueries()
    },
  })
  if (!open) return <button type="button" className={css.more} onClick={() => set({ erase: true })}>{say('customer.erase')}</button>
  const problem = erase.error instanceof ApiError ? erase.error : null
  return (
    <form className={css.erase} noValidate onSubmit={(event) => { event.preventDefault(); erase.mutate() }}>
      <p>{say('customer.erase_why')}</p>
      <TextInput label={say('customer.erase_reason')} value={reason} autoFocus
        error={problem?.problem.fields?.[0]?.message ?? problem?.message}
        onChange={(event) => setReason(event.currentTarget.value)} />
      <p className={css.buttons}>
        <Button type="submit" color="red" loading={erase.isPending}>{say('customer.erase_go')}</Button>
        <Button variant="default" onClick={() => set({ erase: undefined })}>{say('form.cancel')}</Button>
      </p>
    </form>
  )
}
