import type { CalendarDoc, CalendarException } from '../engine/calendar.ts'
import { publishedYears, statutoryExceptions } from '../engine/statutory.ts'
import type { Settings } from './profile.ts'

const firstYear = 2024
const lastYear = 2035

const lunchDay = [['08:30', '12:00'], ['13:30', '18:00']] as const

/** Office hours with a lunch break, statutory holidays and make-up days of every year that has been published. */
export function officeCalendar(name: string, hours: readonly (readonly [string, string])[] = lunchDay,
  days: readonly number[] = [1, 2, 3, 4, 5]): CalendarDoc {
  const years = publishedYears(firstYear, lastYear)
  const exceptions: Record<string, CalendarException> = {}
  for (const year of years) Object.assign(exceptions, statutoryExceptions(year, hours))
  return { name, week: Object.fromEntries(days.map((day) => [String(day), hours])), exceptions, known_years: years }
}

/** Open without a break: for promises that count every hour. */
const alwaysCalendar: CalendarDoc = {
  name: '全天', exceptions: {}, known_years: null,
  week: Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [String(day), [['00:00', '24:00']] as const])),
}

/** What every company starts from; its regulation's profile lies over it. */
export const base: Settings = {
  limits: { 'task.default_days': 2, 'task.warn_minutes': 60,
    // Terms of warranty by kind of product, in months.
    'warranty.months.pc': 12, 'warranty.months.notebook': 12, 'warranty.months.server': 12,
    'warranty.months.laser_printer': 12, 'warranty.months.inkjet_printer': 12, 'warranty.months.plotter': 12,
    'warranty.months.scanner': 12, 'warranty.months.storage': 12, 'warranty.months.network': 12,
    'warranty.months.instrument': 12, 'warranty.months.seal': 36, 'warranty.months.software': 12,
    'warranty.months.other': 12,
    // Does the company's own warranty pay the way to the customer? 1: yes.
    'warranty.travel_free': 0,
    // Contracts: how long before its end the next term is talked about, how soon a copy is there, how far ahead of its day
    // an inspection is handed out. Batches: how long before its date a batch is said to go out of date.
    'contract.renew_days': 60, 'contract.copy_days': 3, 'contract.inspection_lead_days': 7,
    'batch.warn_minutes': 86_400,
    // Inspections: how soon an order is handed out, agreed with the customer, reported; the call-back is due on the second
    // day after the return and reminded of on the first; what the environment may be.
    'inspection.assign_days': 2, 'inspection.contact_days': 2, 'inspection.hand_in_days': 2,
    'inspection.call_back_minutes': 2_880, 'inspection.call_back_warn_minutes': 1_440,
    'inspection.temperature_least': 10, 'inspection.temperature_most': 30, 'inspection.humidity_least': 30,
    'inspection.humidity_most': 70, 'inspection.voltage_least': 209, 'inspection.voltage_most': 235,
    // Visits: days and months from a date; how long before one is reminded, in minutes of all hours.
    'visit.follow_up_days': 7, 'visit.follow_up_months': 1, 'visit.follow_up_last_months': 3, 'visit.return_days': 7,
    'visit.yearly_months': 12, 'visit.day_warn_minutes': 600, 'visit.month_warn_minutes': 10_080,
    'visit.year_first_warn_minutes': 86_400, 'visit.year_warn_minutes': 43_200, 'visit.report_days': 5,
    'opinion.screen_days': 2, 'opinion.answer_days': 5, 'publication.read_days': 10,
    'document.hand_in_days': 2, 'document.file_days': 3 },
  texts: { 'shop.phone': '', 'shop.fax': '', 'shop.address': '', 'shop.online': '' },
  calendars: { office: officeCalendar('办公时间'), always: alwaysCalendar },
  // Processes of a repair shop's counter: its own regulation switches them on.
  processes: { visit: { on: false }, fault_watch: { on: false }, service_plan: { on: false } },
  schedules: {},
  cards: {},
  checklists: {},
}
