import type { ActionCard } from '../../engine/define.ts'

/** 话术 of the repair order, by action: which card at which moment. The words are the company's (settings, `cards`). */
export const repairCards = {
  open: { greet: {}, put_on_table: {}, help_fill: { at: 'contact_name' }, ask_fault: { at: 'symptom' },
    ask_bought: { at: 'purchase_date' } },
  call_engineer: { wait_engineer: {} },
  inspect: { inspect_ask: {}, inspect_same: { at: 'reproduced' }, inspect_more: { at: 'other_faults' } },
  receive: { take_home: { at: 'attachments_kept' }, sign_here: { at: 'signed_way' }, estimate: { at: 'promised_at' },
    goodbye_intake: { at: 'intake_steps' } },
  change_promise: { promise_late: {} },
  part: { part_ordered: {}, offer_loan: { at: 'proposal' } },
  delay: { hard_fault: {}, offer_loan: { at: 'proposal' } },
  lend: { offer_loan: {} },
  notify: { notify_ready: {}, ask_pass_on: { at: 'message_taker' } },
  test_at_pick_up: { pick_up_test: {}, pick_up_cause: {} },
  hand_over: { pick_up_copy: {}, ask_satisfied: { at: 'satisfied' }, pick_up_sign: { at: 'signed_way' },
    pick_up_goodbye: { at: 'card_given' } },
} as const satisfies Readonly<Record<string, Readonly<Record<string, ActionCard>>>>
