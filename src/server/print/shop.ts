import type { CalendarDoc } from '../../engine/calendar.ts'
import type { Case } from '../case.ts'
import type { Company, Ctx } from '../context.ts'
import type { Reader } from '../db.ts'
import { type Effective, effectiveSettings, readCompanyNow } from '../settings.ts'
import type { ShopView } from '../views.ts'

export type Shop = ShopView

const days = ['一', '二', '三', '四', '五', '六', '日']

/** «周一至周五 08:30–12:00、13:30–18:00；周六 09:00–12:00». Exceptions are not said. */
export function hoursOf(calendar: CalendarDoc | undefined): string {
  const said = days.map((_day, index) => (calendar?.week[String(index + 1)] ?? [])
    .map(([from, to]) => `${from}–${to}`).join('、'))
  const spans: string[] = []
  for (let from = 0; from < days.length; from += 1) {
    let to = from
    while (to + 1 < days.length && said[to + 1] === said[from]) to += 1
    const when = to - from === 6 ? '每天' : to === from ? `周${days[from]}` : `周${days[from]}至周${days[to]}`
    if (said[from] !== '') spans.push(`${when} ${said[from]}`)
    from = to
  }
  return spans.join('；')
}

const shop = (company: Pick<Company, 'name'>, { texts, calendars }: Pick<Effective, 'texts' | 'calendars'>): Shop => {
  const said = (name: string) => texts[`shop.${name}`] ?? ''
  return { name: company.name, phone: said('phone'), fax: said('fax'), address: said('address'),
    online: said('online'), hours: hoursOf(calendars.office) }
}

export const shopOf = (ctx: Ctx, { settings }: Case): Shop => shop(ctx.company, settings)

/** Where no record is at hand: inside the company's own transaction. */
export async function readShop(app: Ctx['app'], reader: Reader, company: Pick<Company, 'id' | 'name'>): Promise<Shop> {
  const now = await readCompanyNow(reader)
  return shop(company, await effectiveSettings(app, reader, company.id, now.profile, now.revision))
}
