import type { AnyProcess } from '../engine/define.ts'
import { careVisit } from './care/care-visit.ts'
import { document } from './care/document.ts'
import { opinion } from './care/opinion.ts'
import { publication } from './care/publication.ts'
import { visitPlan } from './care/visit-plan.ts'
import { complaint } from './complaints/complaint.ts'
import { batch } from './contracts/batch.ts'
import { contract } from './contracts/contract.ts'
import { inspection } from './contracts/inspection.ts'
import { product } from './contracts/product.ts'
import { sealCase } from './contracts/seal-case.ts'
import { servicePlan } from './contracts/service-plan.ts'
import { customer } from './customers/customer.ts'
import { machine } from './customers/machine.ts'
import { site } from './customers/site.ts'
import { member } from './governance/member.ts'
import { task } from './governance/task.ts'
import { undelivered } from './governance/undelivered.ts'
import { visit } from './intake/visit.ts'
import { part } from './parts/part.ts'
import { part_request } from './parts/part-request.ts'
import { purchase } from './parts/purchase.ts'
import { stock_count } from './parts/stock-count.ts'
import { callBack } from './repair/call-back.ts'
import { faultWatch } from './repair/fault-watch.ts'
import { incident } from './repair/incident.ts'
import { loan } from './repair/loan.ts'
import { loaner } from './repair/loaner.ts'
import { orderReview } from './repair/order-review.ts'
import { quotation } from './repair/quotation.ts'
import { repairOrder } from './repair/repair-order.ts'
import { strippedForTest } from './stripped.ts'

/** Every business process of the house, one line each. */
export const processes: Readonly<Record<string, AnyProcess>> = strippedForTest({
  task,
  member,
  undelivered,
  customer,
  machine,
  product,
  batch,
  contract,
  inspection,
  service_plan: servicePlan,
  seal_case: sealCase,
  site,
  visit_plan: visitPlan,
  care_visit: careVisit,
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
  fault_watch: faultWatch,
  visit,
})
