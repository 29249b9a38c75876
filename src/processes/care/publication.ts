import { defineProcess } from '../../engine/define.ts'
import { staff } from '../../engine/roles.ts'

/** 客户文章 — what a customer publishes, who of us has read it, and what to say about it. Source: S0-046. */
const required = true as const

export const publication = defineProcess({
  name: 'publication',
  zh: '客户文章',

  states: {
    unread: { zh: '待拜读', kind: 'active', next: 'read', owed_by: 'handler', edits: ['title', 'writer', 'published_on',
      'where_published', 'link', 'summary', 'handler'] },
    read: { zh: '已拜读', kind: 'done' },
    dropped: { zh: '已删', kind: 'void' },
  },

  guards: {},

  actions: {
    register: { zh: '登记文章', from: null, to: 'unread', by: staff, writes: 'register', rule: ['S0-046'], needs: {
      customer: { kind: 'record', process: 'customer', zh: '客户', required },
      title: { kind: 'text', zh: '题目', required, max: 200 },
      writer: { kind: 'text', zh: '作者', max: 120, personal: true },
      published_on: { kind: 'date', zh: '发表日期' },
      where_published: { kind: 'text', zh: '发表在哪里', max: 120 },
      link: { kind: 'text', zh: '网址', max: 500 },
      summary: { kind: 'long_text', zh: '摘要', max: 2000 },
      handler: { kind: 'person', zh: '由谁拜读', hint: '不填就是自己' } } },
    read: { zh: '拜读', from: 'unread', to: 'read', by: staff, writes: 'read', rule: ['S0-046'], needs: {
      read_note: { kind: 'long_text', zh: '读后可谈的话', max: 1000, hint: '下次拜访时提起' } } },
    drop: { zh: '删除', from: 'unread', to: 'dropped', by: staff,
      needs: { reason: { kind: 'text', zh: '原因', required } } },
  },

  clocks: {
    reading: { zh: '拜读', runs_in: ['unread'], due: { working_days: 'publication.read_days' }, calendar: 'office',
      kind: 'limit', rule: ['S0-046'] },
  },
  documents: {},
})
