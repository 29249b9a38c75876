import { labelsOf } from './label-tree.ts'

const inside = { cpu: 'Processor', memory: 'Memory', disk: 'Disk', cpu_now: 'Processor now', memory_now: 'Memory now',
  disk_now: 'Disk now' }
const ifUnread = 'What cannot be read is written as unknown'
const proposals = { wait: 'Wait, we call when there is news', lend: 'Borrow a machine', later: 'Another pick-up time',
  elsewhere: 'Send it to a peer', give_back: 'Take the machine back for now' }

/** English for what the bench adds to the repair order, for losses and for lent machines. */
export const benchLabels: Readonly<Record<string, string>> = {
  ...labelsOf('repair_order', {
    action: { tell_about_delay: 'Tell the customer that it is hard', answer_from_peer: 'Customer told the peer’s result',
      call_to_test: 'Call an engineer to test at pick-up', left_here: 'Nobody comes for it' },
    guard: { prints_pages: 'A laser or inkjet printer', is_peer_case: 'Sent to a peer',
      customer_came_first: 'The customer asked first', prints_record: 'Print the service record',
      prints_note: 'Print the machine label', prints_labels: 'Print the accessory labels',
      prints_repair_label: 'Print the repair label', prints_care_note: 'Print the care card',
      prints_receipt: 'Print the receipt' },
    clock: { peer_follow: 'Ask the peer', tell_part: 'Tell the customer about the part', uncollected: 'Nobody comes for it' },
    document: { receipt: 'Receipt', identity_note: 'Identity check' },
    field: { ...inside, configuration_change: 'Why the configuration differs', diagnostic_tool: 'Diagnostic software',
      test_files: 'Test logs', pages_printed: 'Pages printed in a row', replaces: 'To be replaced', said: 'What was said',
      proposal: 'Proposal to the customer', peer_price_fen: 'Price of the peer', loan_accessories: 'Accessories lent',
      loan_until: 'Agreed return', paper: 'Which paper' },
    option: { replaces: { part: 'A part', consumable: 'A consumable', none: 'Nothing' }, proposal: proposals,
      paper: { service_record: 'Service record', machine_note: 'Machine label', attachment_labels: 'Accessory labels',
        repair_label: 'Repair label', care_note: 'Care card', receipt: 'Receipt' } },
    hint: { ...Object.fromEntries(Object.keys(inside).map((name) => [name, ifUnread])),
      configuration_change: 'A replaced part, an upgrade that was ordered and so on',
      promised_at: 'Left empty: as many days as the company has set', paper: 'Left empty: the service record' },
  }),
  ...labelsOf('incident', {
    state: { refused: 'Not accepted' },
    guard: { is_refused: 'The customer does not accept' },
    document: { incident_report: 'Report of loss or damage' },
    field: { incident_kind: 'What it is', happened_on: 'Date', responsible: 'In whose hands', photos: 'Photos',
      solution_kind: 'How it is made good', compensation_fen: 'Compensation', tell_way: 'Way',
      customer_answer: 'Does the customer accept' },
    option: { incident_kind: { lost: 'Lost', damaged: 'Damaged', incomplete: 'Accessory or part missing' },
      solution_kind: { repair: 'Repaired free of charge', replace: 'Replaced', money: 'Paid', other: 'Otherwise' },
      tell_way: { phone: 'Phone', face: 'In person', letter: 'In writing' },
      customer_answer: { accepted: 'Accepts', refused: 'Does not accept, decide again' } },
    hint: { compensation_fen: 'Above what the supervisor may grant, the manager decides' },
  }),
  ...labelsOf('loan', {
    action: { extend: 'Extend', not_back: 'Not back in time', reprint: 'Print the slip again' },
    guard: { is_damaged: 'Damaged or incomplete' },
    clock: { give_back: 'Give back the lent machine' },
    field: { accessories: 'Accessories', condition_out: 'Condition when lent', reason: 'Reason' },
    option: { condition: { damaged: 'Damaged or incomplete' } },
  }),
}
