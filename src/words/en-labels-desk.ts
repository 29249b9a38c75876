import { labelsOf } from './label-tree.ts'

const purpose = { enquiry: 'Enquiry', carry_in: 'Brings a machine', pick_up: 'Collects a machine', manager: 'To see the manager' }

/** English for 来访. */
const visit = labelsOf('visit', {
  '': 'Visit',
  state: { waiting: 'Waiting', asking: 'Manager is asked', for_manager: 'Waiting for the manager',
    with_manager: 'With the manager', done: 'Seen off', left: 'Left before their turn' },
  action: { arrive: 'Receive a visitor', ask_manager: 'Ask the manager', manager_says: 'The manager answers',
    lead_in: 'Lead to the manager', see_off: 'Answer and see off', gone: 'They left', note: 'Note' },
  guard: { is_enquiry: 'They came with a question', wants_manager: 'They came to see the manager',
    was_answered: 'It was answered at once', has_promise: 'Something was promised',
    asked_something: 'Their question is not answered yet', waited_long: 'They had to wait long' },
  clock: { wait: 'Time a visitor waits' },
  field: { purpose: 'Purpose', matter: 'What they ask', answer: 'What was answered', promise: 'What was promised',
    promise_at: 'Promised for', confirmed_by: 'Checked with', customer: 'Customer', visitor_name: 'Name',
    visitor_phone: 'Phone', contact_told: 'Our phone and fax were told', card_given: 'Gave a card',
    question: 'What we are unsure about', told: 'What the manager says', water: 'Seated, water offered',
    apologised: 'Apologised for the wait first', reason: 'Reason', note: 'Note' },
  option: { purpose },
  hint: { promise: 'Leave empty if nothing; what is promised is kept',
    confirmed_by: 'If unsure, ask the manager before promising' },
})

/** English for 同型号故障排查. */
const faultWatch = labelsOf('fault_watch', {
  '': 'Watch for batches',
  state: { looking: 'Looking', clear: 'Nothing found', found: 'A batch was found', working: 'Being handled',
    solved: 'Solved' },
  action: { scan: 'Begin to look', look: 'Look', take: 'Take it on', solve: 'Explained and solved', note: 'Note' },
  guard: { found_batch: 'Many machines of one model with one fault' },
  field: { found: 'Found', cause: 'The common cause', measure: 'What is done', note: 'Note' },
  column: { found: { model: 'Model', fault: 'Fault', machines: 'Machines', orders: 'Orders' } },
  hint: { measure: 'How to repair, which parts to stock, whether to ask the maker' },
})

/** English for the counter. */
export const deskLabels: Readonly<Record<string, string>> = {
  ...visit,
  ...faultWatch,
  'repair_order.action.visited_unsolved': 'Visited, not solved',
  'repair_order.guard.visited_often': 'Visited several times without success',
  'repair_order.field.visit_what': 'What was done on site',
  'repair_order.field.intake_checks': 'Checks at intake',
  'repair_order.field.diagnosis_checks': 'Questions of the diagnosis',
  'repair_order.item.complete': 'All parts are there',
  'repair_order.item.manual': 'Were the steps of the manual gone through?',
}
