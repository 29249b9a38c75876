import { phoneLink, phoneText } from '../../words/phone.ts'
import { useSay } from '../site.tsx'

/** 138 0013 8000: a number in the groups in which it is read aloud, on one line; one press dials it. */
export function Phone({ number }: { number: string }) {
  const say = useSay()
  return <a data-link className="phone" href={phoneLink(number)}>{phoneText(number, say('phone.extension'))}</a>
}

/** The same where it is not to be dialled, or where another link lies around it. */
export function PhoneWords({ number }: { number: string }) {
  const say = useSay()
  return <span className="phone">{phoneText(number, say('phone.extension'))}</span>
}
