import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AnyField, type FieldKind, cleanField, cleanForm, schemaOf } from './fields.ts'
import { fieldProblemCodes } from './refusal.ts'

const file = '01900000-0000-7000-8000-000000000001'
const hash = 'a'.repeat(64)

/** Every kind of field, with values that it takes and what becomes of them. */
const kinds: Record<FieldKind, { field: AnyField; takes: [unknown, unknown][]; refuses: [unknown, string][] }> = {
  text: { field: { kind: 'text', zh: '题', min: 2, max: 5 },
    takes: [[' 二字 ', '二字'], ['e\u0301e', 'ée']],
    refuses: [['一', 'too_short'], ['一二三四五六', 'too_long'], ['两\n行', 'control_characters'], [1, 'wrong_type'],
      ['a\u0000b', 'control_characters'], ['a\u202eb', 'control_characters'], ['\ud800x', 'control_characters']] },
  long_text: { field: { kind: 'long_text', zh: '文', max: 9 }, takes: [['a\r\nb\rc', 'a\nb\nc'], ['<b>"', '<b>"']],
    refuses: [['0123456789', 'too_long'], [[], 'wrong_type']] },
  phone: { field: { kind: 'phone', zh: '电话' }, takes: [['+86 139-0000 0000', '+86 139-0000 0000'], ['010-8888转12',
    '010-8888转12']], refuses: [['电话', 'not_a_phone'], ['1', 'not_a_phone'], [139, 'wrong_type']] },
  email: { field: { kind: 'email', zh: '邮箱' }, takes: [['a@b.cn', 'a@b.cn']],
    refuses: [['a@b', 'not_an_email'], ['a b@c.cn', 'not_an_email'], ['a@b.cn,c@d.cn', 'not_an_email']] },
  secret: { field: { kind: 'secret', zh: '密码' }, takes: [['p 1', 'p 1']], refuses: [['x'.repeat(201), 'too_long']] },
  date: { field: { kind: 'date', zh: '日' }, takes: [['2028-02-29', '2028-02-29']],
    refuses: [['2027-02-29', 'not_a_date'], ['2027-13-01', 'not_a_date'], ['1899-12-31', 'not_a_date'],
      [20270101, 'wrong_type'], ['2027-01-01T00:00', 'not_a_date']] },
  instant: { field: { kind: 'instant', zh: '时' }, takes: [['2026-11-23T10:00+08:00', '2026-11-23T02:00:00.000Z']],
    refuses: [['2026-11-23T10:00', 'not_an_instant'], ['2027-02-29T10:00Z', 'not_an_instant'],
      ['2200-01-01T00:00Z', 'not_an_instant'], [0, 'wrong_type']] },
  person: { field: { kind: 'person', zh: '人' }, takes: [[file, file]], refuses: [['王', 'unknown_person']] },
  record: { field: { kind: 'record', zh: '单', process: 'task' }, takes: [[file, file]],
    refuses: [[file.toUpperCase().replace('9', 'G'), 'unknown_record']] },
  team: { field: { kind: 'team', zh: '组' }, takes: [['hotline', 'hotline']], refuses: [['Hot line', 'not_an_option']] },
  flag: { field: { kind: 'flag', zh: '旗' }, takes: [[false, false]],
    refuses: [['true', 'wrong_type'], [1, 'wrong_type']] },
  confirm: { field: { kind: 'confirm', zh: '已办' }, takes: [[true, true]],
    refuses: [[false, 'required'], ['true', 'wrong_type'], [1, 'wrong_type']] },
  choice: { field: { kind: 'choice', zh: '选', options: { a: '甲', b: '乙' } }, takes: [['a', 'a']],
    refuses: [['c', 'not_an_option'], ['toString', 'not_an_option'], ['__proto__', 'not_an_option']] },
  choices: { field: { kind: 'choices', zh: '选', options: { a: '甲', b: '乙' } }, takes: [[['b', 'b', 'a'], ['b', 'a']]],
    refuses: [['a', 'wrong_type'], [['a', 'constructor'], 'not_an_option']] },
  positions: { field: { kind: 'positions', zh: '职务' }, takes: [[['lead'], ['lead']]],
    refuses: [[['A'], 'not_an_option']] },
  integer: { field: { kind: 'integer', zh: '数', min: -1, max: 3 }, takes: [[-1, -1], [3, 3]],
    refuses: [[-2, 'too_small'], [4, 'too_large'], [1.5, 'wrong_type'], ['1', 'wrong_type'], [Number.NaN, 'wrong_type'],
      [Infinity, 'wrong_type'], [2 ** 53, 'wrong_type']] },
  minutes: { field: { kind: 'minutes', zh: '分' }, takes: [[0, 0]], refuses: [[-1, 'too_small']] },
  fen: { field: { kind: 'fen', zh: '分' }, takes: [[1, 1]], refuses: [[1_000_000_000_001, 'too_large']] },
  quantity: { field: { kind: 'quantity', zh: '量' }, takes: [[1500, 1500]], refuses: [[true, 'wrong_type']] },
  files: { field: { kind: 'files', zh: '件', max: 1 }, takes: [[[file, file], [file]]],
    refuses: [[['../../etc/passwd'], 'unknown_file'], [[file, file.replace('1', '2')], 'too_many_items']] },
  checklist: { field: { kind: 'checklist', zh: '查', items: [{ id: 'a', zh: '甲', required: true },
    { id: 'b', zh: '乙', photo: true }] },
  takes: [[{ a: { answer: 'pass' } }, { a: { answer: 'pass' } }],
    [{ a: { answer: 'fail', note: ' 坏 ' }, b: { answer: 'not_applicable' } },
      { a: { answer: 'fail', note: '坏' }, b: { answer: 'not_applicable' } }]],
  refuses: [[{}, 'not_answered'], [{ a: { answer: 'yes' } }, 'not_an_option'], [{ a: 'pass' }, 'wrong_type'],
    [{ a: { answer: 'pass' }, b: { answer: 'pass' } }, 'photo_missing'],
    [{ a: { answer: 'pass' }, c: { answer: 'pass' } }, 'unknown_field'],
    [{ a: { answer: 'pass', by: 'me' } }, 'unknown_field']] },
  signature: { field: { kind: 'signature', zh: '签' },
    takes: [[{ file, signed_hash: hash }, { file, signed_hash: hash }]],
    refuses: [[{ file }, 'bad_format'], [{ file: 'x', signed_hash: hash }, 'unknown_file'],
      [{ file, signed_hash: hash, by: 1 }, 'wrong_type']] },
  lines: { field: { kind: 'lines', zh: '行', max: 2, columns: { name: { kind: 'text', zh: '名', required: true } } },
    takes: [[[{ name: ' 线 ' }], [{ name: '线' }]]],
    refuses: [[[{}], 'required'], [[{ name: '线', x: 1 }], 'unknown_field'], [['线'], 'wrong_type'],
      [[{ name: 'a' }, { name: 'b' }, { name: 'c' }], 'too_many_items']] },
}

describe.each(Object.entries(kinds))('a field of kind %s', (_kind, { field, takes, refuses }) => {
  test.each(takes)('takes %j as %j', (value, kept) => {
    expect(cleanField('f', field, value)).toEqual({ value: kept })
  })
  test.each(refuses)('refuses %j: %s', (value, code) => {
    expect(cleanField('f', field, value)).toMatchObject({ problem: { code } })
  })
  test('answers whatever comes, and what it keeps it would keep again', () => {
    fc.assert(fc.property(hostile, (value) => {
      const outcome = cleanField('f', field, value)
      if ('problem' in outcome) {
        expect(fieldProblemCodes).toContain(outcome.problem.code)
        expect(outcome.problem.field.split('.')[0]).toBe('f')
      } else {
        expect(JSON.parse(JSON.stringify(outcome.value))).toEqual(outcome.value)
        expect(cleanField('f', field, outcome.value)).toEqual(outcome)
        expect(JSON.stringify(outcome.value)).not.toMatch(junk)
      }
    }), { numRuns: 300, seed: 11 })
  })
  test('has a schema', () => expect(JSON.stringify(schemaOf(field))).toMatch(/"(type|enum)"/))
})

/** What may never be stored, as it stands in JSON: control characters, turned reading direction, half characters. */
const junk = /\\u00[01]|\\u007f|\\ud[89a-f]|[\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/

const nasty = fc.constantFrom<unknown>('__proto__', 'constructor', 'toString', '', ' ', '\u0000', '\u202e', '\ud800',
  'null', '-0', '1e9', 'NaN', '２０２６', "'; drop table record; --", '<script>', 'a'.repeat(5000), file, [file], [[]],
  {}, [null], null, undefined, true, -0, 1e300, Number.NaN, Object.create(null), JSON.parse('{"__proto__": {"a": 1}}'),
  { a: { answer: 'pass' } }, { file, signed_hash: hash }, [{ name: 'x' }], [{ name: null }], '2026-02-30',
  '2026-11-23T25:00Z', '9999-12-31T23:59Z')
const hostile = fc.oneof(nasty, fc.anything({ withNullPrototype: true }), fc.string({ unit: 'binary' }),
  fc.array(nasty, { maxLength: 4 }), fc.dictionary(fc.constantFrom('a', 'b', 'file', 'answer', '__proto__'), nasty))

describe('a form', () => {
  const needs = Object.fromEntries(Object.entries(kinds).map(([kind, { field }]) => [kind, field]))

  test('answers whatever comes, and keeps only fields that it has', () => {
    const keys = fc.oneof(fc.constantFrom(...Object.keys(kinds), '__proto__', 'constructor'), fc.string())
    fc.assert(fc.property(fc.oneof(hostile, fc.dictionary(keys, hostile)), (input) => {
      const outcome = cleanForm(needs, input, () => false)
      if (!outcome.ok) expect(outcome.problems.length).toBeGreaterThan(0)
      else for (const name of Object.keys(outcome.input)) expect(Object.keys(kinds)).toContain(name)
    }), { numRuns: 1000, seed: 12 })
  })
  test('tells every problem at once and leaves out what is empty', () => {
    expect(cleanForm({ a: { kind: 'text', zh: '甲', required: true }, b: { kind: 'integer', zh: '乙' } },
      { a: '  ', b: 'x', c: 1 }, () => false)).toMatchObject({ ok: false, problems: [
      { field: 'b', code: 'wrong_type' }, { field: 'c', code: 'unknown_field' }, { field: 'a', code: 'required' }] })
  })
  test('required-if asks its guard about what was parsed', () => {
    const form: Record<string, AnyField> = { a: { kind: 'flag', zh: '甲' },
      b: { kind: 'text', zh: '乙', required: 'asked' } }
    const asked = (guard: string, parsed: Record<string, unknown>) => guard === 'asked' && parsed.a === true
    expect(cleanForm(form, { a: false }, asked).ok).toBe(true)
    expect(cleanForm(form, { a: true }, asked)).toMatchObject({ problems: [{ field: 'b', code: 'required' }] })
  })
  test('a retired field is no field any more', () => {
    expect(cleanForm({ a: { kind: 'text', zh: '甲', retired: true, required: true } }, { a: 'x' }, () => true))
      .toMatchObject({ problems: [{ field: 'a', code: 'unknown_field' }] })
  })
})
