import { batch } from './batch.ts'
import { callBack } from './call-back.ts'
import { care_visit } from './care-visit.ts'
import { complaint } from './complaint.ts'
import { contract } from './contract.ts'
import { customer } from './customer.ts'
import { document } from './document.ts'
import { fault_watch } from './fault-watch.ts'
import { incident } from './incident.ts'
import { inspection } from './inspection.ts'
import { loan } from './loan.ts'
import { loaner } from './loaner.ts'
import { machine } from './machine.ts'
import { member } from './member.ts'
import type { Noun } from './noun.ts'
import { opinion } from './opinion.ts'
import { orderReview } from './order-review.ts'
import { part } from './part.ts'
import { part_request } from './part-request.ts'
import { product } from './product.ts'
import { purchase } from './purchase.ts'
import { quotation } from './quotation.ts'
import { repairOrder } from './repair-order.ts'
import { sealCase } from './seal-case.ts'
import { publication } from './publication.ts'
import { service_plan } from './service-plan.ts'
import { site } from './site.ts'
import { stock_count } from './stock-count.ts'
import { task } from './task.ts'
import { undelivered } from './undelivered.ts'
import { visit } from './visit.ts'
import { visit_plan } from './visit-plan.ts'

/** Every noun, under the name of its process, one line each. */
export const nouns: Readonly<Record<string, Noun>> = {
  task,
  member,
  undelivered,
  customer,
  machine,
  product,
  batch,
  contract,
  inspection,
  service_plan,
  seal_case: sealCase,
  site,
  visit_plan,
  care_visit,
  opinion,
  publication,
  document,
  part,
  part_request,
  purchase,
  stock_count,
  repair_order: repairOrder,
  quotation,
  order_review: orderReview,
  call_back: callBack,
  complaint,
  incident,
  loan,
  loaner,
  fault_watch,
  visit,
}
