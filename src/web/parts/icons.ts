import { IconArchive, IconArrowsExchange, IconBuilding, IconBulb, IconCalendarEvent, IconCalendarHeart, IconChecklist,
  IconClipboardCheck, IconDoorEnter, IconFileText, IconMailX, IconMapPin, IconMessageReport, IconNews, IconPackage,
  IconPhoneCall, IconReceipt2, IconTool, IconTruckDelivery, IconUserHeart, IconUsers } from '@tabler/icons-react'
import { type ComponentType, type ReactNode, createElement } from 'react'

type Icon = ComponentType<{ size?: number; stroke?: number }>

/** Words in a process's name that tell which picture suits it; the first that fits. */
const pictures: readonly (readonly [RegExp, Icon])[] = [
  [/^task$/, IconChecklist], [/^member$/, IconUsers], [/^undelivered$/, IconMailX], [/^inspection$/, IconClipboardCheck],
  [/^service_plan$/, IconCalendarEvent], [/repair|service/, IconTool],
  [/^customer$/, IconBuilding], [/^care_visit$/, IconUserHeart], [/^visit_plan$/, IconCalendarHeart],
  [/^opinion$/, IconBulb], [/^publication$/, IconNews], [/^document$/, IconArchive], [/^site$/, IconMapPin],
  [/^visit$/, IconDoorEnter], [/loan/, IconArrowsExchange],
  [/visit|dispatch|field/, IconTruckDelivery], [/call|hotline|contact|survey/, IconPhoneCall],
  [/quot|invoice|payment|contract/, IconReceipt2], [/complaint|problem/, IconMessageReport],
  [/part|stock|return|machine/, IconPackage],
]

/** One picture for a process. */
export function pictureOf(process: string, size: number): ReactNode {
  const icon = pictures.find(([name]) => name.test(process))?.[1] ?? IconFileText
  return createElement(icon, { size, stroke: 1.6 })
}
