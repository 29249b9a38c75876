import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'

/** 人员 — somebody who works for the company: joins, changes positions, is locked out, leaves, comes back. */
type Facts = BaseFacts & { is_self: boolean; is_last_administrator: boolean
  /** There is an account, and no other company uses it. */
  has_own_account: boolean }

const name: Field = { kind: 'text', zh: '姓名', required: true, max: 60 }
const positions: Field = { kind: 'positions', zh: '职务', required: true }
const phone: Field = { kind: 'phone', zh: '电话', personal: true }
const email: Field = { kind: 'email', zh: '邮箱', personal: true }
const password: Field = { kind: 'secret', zh: '初始密码', required: true, hint: '至少 10 位；本人首次登录时须修改' }
const login: Field = { kind: 'text', zh: '登录名', required: true, min: 2, max: 40,
  hint: '字母、数字或汉字，也可以含 . _ @ + -；不分大小写' }
const reason: Field = { kind: 'text', zh: '原因', required: true }

export const member = defineProcess({
  name: 'member',
  zh: '人员',

  states: {
    active: { zh: '在职', kind: 'active', edits: ['name', 'phone', 'email'] },
    left: { zh: '离职', kind: 'done' },
  },

  guards: {
    not_self: { zh: '不能对自己做这一步，请另一位管理员操作', test: (f: Facts) => !f.is_self },
    account_is_ours: { zh: '此人没有登录账号，或者账号也用于别的公司，只能由本人管理',
      test: (f: Facts) => f.has_own_account },
    not_last_administrator: { zh: '公司至少要留一位系统管理员', test: (f: Facts) => !f.is_last_administrator },
  },

  actions: {
    join: { zh: '新增人员', from: null, to: 'active', by: ['administrator', 'system'], writes: 'join',
      needs: { name, login, password, positions, phone, email } },
    // Whether the last administrator would be lost depends on the new positions: the write looks.
    change_positions: { zh: '调整职务', from: 'active', by: ['administrator'], writes: 'change_positions',
      needs: { positions, reason: { ...reason, required: undefined } } },
    reset_password: { zh: '重设密码', from: 'active', by: ['administrator'], when: ['account_is_ours'],
      writes: 'reset_password', needs: { password } },
    reset_second_factor: { zh: '解除动态验证码', from: 'active', by: ['administrator'],
      when: ['not_self', 'account_is_ours'], writes: 'reset_second_factor', needs: { reason } },
    leave: { zh: '办理离职', from: 'active', to: 'left', by: ['administrator'], writes: 'leave',
      when: ['not_self', 'not_last_administrator'], needs: { reason } },
    come_back: { zh: '重新入职', from: 'left', to: 'active', by: ['administrator'], writes: 'come_back',
      needs: { positions, password: { ...password, required: 'account_is_ours' } } },
  },

  clocks: {},
  documents: {},
})
