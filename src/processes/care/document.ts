import { typed } from '../../engine/ask.ts'
import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'

/**
 * 档案文件 — one paper of the customer's file: made, signed, handed in, filed; its original passed on once a copy is kept;
 * lent and brought back. Filed by industry, customer and contract. Source: S1-C.
 */
type Facts = BaseFacts & { document_kind: string; has_copy: boolean }

const keepers = ['supervisor', 'manager', 'coordinator'] as const
const makers = ['field_engineer', 'lead_engineer', 'salesperson', 'purchaser', 'hotline'] as const
const required = true as const
const reason: Field = { kind: 'text', zh: '原因', required }

/** What the archive knows of a paper; the register of documents is made from these. */
const papers = { contract_copy: '合同副本', solution_design: '方案设计书', bid_technical: '投标文件技术部分',
  delivery_note: '设备签收或送货单', installation_report: '安装报告', acceptance_report: '项目验收报告',
  service_report: '客户服务报告', test_record: '测试记录', training_feedback: '培训反馈表', license: '许可资料',
  medium_copy: '光盘副本', project_summary: '项目总结', other: '其他' }
/** Only of these the original goes to another department. */
const passedOn: readonly string[] = ['acceptance_report', 'delivery_note', 'contract_copy']

export const document = defineProcess({
  name: 'document',
  zh: '档案文件',

  states: {
    drafted: { zh: '已产生', kind: 'active', next: 'hand_in', owed_by: 'handler', edits: ['title', 'document_number',
      'version', 'contract_number', 'made_on', 'license_text', 'medium', 'remark'] },
    signed: { zh: '已签字', kind: 'active', next: 'hand_in', owed_by: 'handler' },
    handed_in: { zh: '已上交待归档', kind: 'active', next: 'file', owed_by: 'supervisor', edits: ['contract_number'] },
    filed: { zh: '已归档', kind: 'waiting', edits: ['custodian', 'filed_place', 'copy_place', 'keep_until', 'remark'] },
    lent: { zh: '借出', kind: 'waiting', next: 'bring_back', owed_by: 'supervisor' },
    transferred: { zh: '原件已转交', kind: 'done' },
    superseded: { zh: '已有新版', kind: 'done' },
    dropped: { zh: '已作废', kind: 'void' },
  },

  guards: {
    copy_is_kept: { zh: '还没有留下复印件，原件不能转交', test: (f: Facts) => f.has_copy, rule: ['S1-051'] },
    may_be_passed_on: { zh: '这一类文件的原件不转交别的部门',
      test: (f: Facts) => passedOn.includes(f.document_kind), rule: ['S1-051'] },
    is_license: { zh: '许可资料', ...typed({ input: 'document_kind', is: ['license', 'medium_copy'] }) },
  },

  actions: {
    draw_up: { zh: '登记文件', from: null, to: 'drafted', by: ['system', ...makers, ...keepers], writes: 'draw_up',
      rule: ['S1-053'], needs: {
        customer: { kind: 'record', process: 'customer', zh: '客户', required, rule: ['S1-049'] },
        document_kind: { kind: 'choice', zh: '文件类别', required, options: papers },
        title: { kind: 'text', zh: '文件名称', required, max: 160 },
        document_number: { kind: 'text', zh: '文件编号', max: 60, rule: ['S1-053'] },
        version: { kind: 'text', zh: '版本', max: 20, rule: ['S1-053'] },
        contract: { kind: 'record', process: 'contract', zh: '归入合同', rule: ['S1-049'] },
        contract_number: { kind: 'text', zh: '合同号', max: 60, hint: '合同还没有登记的，写纸面编号', rule: ['S1-049'] },
        preceding: { kind: 'record', process: 'document', zh: '由哪份文件而来', rule: ['S1-052'] },
        made_on: { kind: 'date', zh: '形成日期' },
        license_text: { kind: 'long_text', zh: '许可内容', asked_if: 'is_license', max: 4000, rule: ['S1-055'],
          seen_by: ['supervisor', 'manager', 'coordinator', 'field_engineer', 'lead_engineer', 'administrator'] },
        medium: { kind: 'text', zh: '光盘副本放在哪里', asked_if: 'is_license', max: 120, rule: ['S1-055'] },
        pages: { kind: 'files', zh: '扫描件', max: 20 },
        handler: { kind: 'person', zh: '由谁上交', hint: '不填就是自己' },
        remark: { kind: 'long_text', zh: '备注', max: 1000 } } },

    sign: { zh: '已签字', from: 'drafted', to: 'signed', by: [...makers, ...keepers],
      needs: { signed_by: { kind: 'text', zh: '谁签的', required, max: 60, personal: true },
        pages: { kind: 'files', zh: '扫描件', max: 20 } } },
    hand_in: { zh: '上交', from: ['drafted', 'signed'], to: 'handed_in', by: [...makers, ...keepers], writes: 'hand_in',
      rule: ['S1-054'], needs: { pages: { kind: 'files', zh: '扫描件', max: 20 } },
      then: [{ send: 'document_handed_in', to: 'supervisor' }] },
    file: { zh: '归档', from: 'handed_in', to: 'filed', by: keepers, writes: 'file', rule: ['S1-046', 'S1-049'], needs: {
      filed_place: { kind: 'text', zh: '放在哪里', required, max: 120, hint: '柜号、夹号或目录' },
      contract: { kind: 'record', process: 'contract', zh: '归入合同', rule: ['S1-049'] },
      contract_number: { kind: 'text', zh: '合同号', max: 60, hint: '合同还没有登记的，写纸面编号', rule: ['S1-049'] },
      custodian: { kind: 'text', zh: '保管人', required, max: 60, rule: ['S1-053'] },
      copy_place: { kind: 'text', zh: '复印件放在哪里', max: 120, rule: ['S1-051'] },
      keep_until: { kind: 'date', zh: '保管到哪天', hint: '不填就长期保管', rule: ['S1-053'] } } },
    send_back: { zh: '退回补正', from: 'handed_in', to: 'drafted', by: keepers, needs: { reason } },

    transfer: { zh: '转交原件', from: 'filed', to: 'transferred', by: keepers, when: ['may_be_passed_on', 'copy_is_kept'],
      rule: ['S1-051'], needs: { original_holder: { kind: 'text', zh: '交给谁保管', required, max: 60 },
        transferred_on: { kind: 'date', zh: '转交日期', required } },
      then: [{ print: 'transfer_slip' }] },
    lend: { zh: '借出', from: 'filed', to: 'lent', by: keepers, rule: ['S1-053'], needs: {
      borrower: { kind: 'text', zh: '借给谁', required, max: 60 },
      borrowed_until_at: { kind: 'instant', zh: '何时归还', required },
      note: { kind: 'text', zh: '用途' } } },
    bring_back: { zh: '归还', from: 'lent', to: 'filed', by: keepers,
      needs: { note: { kind: 'text', zh: '用途' } } },
    supersede: { zh: '换新版', from: 'filed', to: 'superseded', by: keepers, rule: ['S1-053'], needs: { reason } },
    look_at: { zh: '查阅', from: ['filed', 'transferred', 'superseded'], by: [...makers, ...keepers], rule: ['S1-053'],
      needs: { note: { kind: 'text', zh: '用途' } } },
    drop: { zh: '作废', from: ['drafted', 'signed'], to: 'dropped', by: keepers, needs: { reason } },
  },

  clocks: {
    handing_in: { zh: '上交', runs_in: ['drafted', 'signed'], due: { working_days: 'document.hand_in_days' },
      calendar: 'office', warn: [{ key: 'soon', share: 0.5 }], kind: 'limit', rule: ['S1-054'] },
    filing: { zh: '归档', runs_in: ['handed_in'], due: { working_days: 'document.file_days' }, calendar: 'office',
      kind: 'limit', rule: ['S1-046'] },
    loan: { zh: '借期', runs_in: ['lent'], due: { at: 'borrowed_until_at' }, calendar: 'office', kind: 'limit',
      rule: ['S1-053'] },
  },

  documents: {
    transfer_slip: { zh: '原件转交单', template: 'general', rule: ['S1-051'] },
  },
})
