import { useState } from 'react'
import type { Card } from '../../../engine/script-cards.ts'
import { type GapValues, cardGaps } from '../../../words/card-gaps.ts'
import { useMe, useSay } from '../../site.tsx'
import { spoken } from '../cards/gaps.ts'
import type { SettingsDoor } from './draft.ts'
import css from './settings.module.css'

/** Texts that paper and letters carry, each with what the regulation says. */
export function Texts({ door }: { door: SettingsDoor }) {
  const say = useSay()
  const names = Object.keys(door.view.effective.texts)
  const groups = [...new Set(names.map((name) => name.split('.')[0]!))]
  return groups.map((group) => (
    <section key={group} className={css.group}>
      <h2>{door.view.words[`texts.${group}`] ?? group}</h2>
      {names.filter((name) => name.startsWith(`${group}.`)).map((name) => {
        const value = String(door.valueOf('texts', name) ?? '')
        const error = door.errorAt(`texts.${name}`)
        return (
          <div key={name} className={css.row} data-changed={door.isChanged('texts', name) || undefined}
            style={{ gridTemplateColumns: 'minmax(0, 180px) minmax(0, 1fr)' }}>
            <label htmlFor={`text-${name}`}>{door.view.words[`texts.${name}`] ?? name}
              {door.isOwn('texts', name) && door.view.defaults.texts[name] !== '' && (
                <> <button type="button" className={css.quiet} onClick={() => door.set('texts', name, null)}>
                  {say('settings.restore')}</button></>)}</label>
            <textarea id={`text-${name}`} value={value} rows={Math.min(6, Math.max(1, value.split('\n').length))}
              maxLength={2000} aria-invalid={error !== undefined}
              onChange={(event) => door.set('texts', name, event.target.value)} />
            {error && <p className={css.error} role="alert">{error}</p>}
          </div>)
      })}
    </section>))
}

const sample: GapValues = { 客户: '远景律师事务所', 联系人: '张女士', 机器: 'LaserJet M1136', 单号: 'WX202611-0042', 送机日: '11月23日',
  取机日: '11月26日', 故障: '定影膜破损', 原因: '自然损耗', 部件: '定影组件', 金额: '480 元', 工期: '3 个工作日', 到货: '下周三', 电话: '020-87581480', 传真: '020-87581481',
  地址: '体育东路 28 号', 答复时限: '4 小时', 维修周期: '3 个工作日', 备用机: 'LaserJet P2055' }

/** 话术: what is said at each moment, in the company's own words, with how it reads. */
export function Cards({ door }: { door: SettingsDoor }) {
  const say = useSay()
  const me = useMe()
  const [text, setText] = useState('')
  const word = text.trim()
  const all = Object.entries(door.view.defaults.cards)
  const shown = all.filter(([name, card]) => word === '' || `${card.zh}${card.text}${name}`.includes(word))
  return (
    <>
      <p className={css.hint}>{say('cards.hint')}</p>
      <p className={css.gaps}>{say('cards.gaps')}{cardGaps.map((gap) => <code key={gap}>{`{${gap}}`}</code>)}</p>
      <input type="text" className={css.find} value={text} placeholder={say('settings.find')}
        aria-label={say('settings.find')} onChange={(event) => setText(event.target.value)} />
      {shown.length === 0 && <p className="hush">{say('settings.none')}</p>}
      {shown.map(([name, base]) => <OneCard key={name} name={name} base={base} door={door}
        gaps={{ ...sample, 我: me.member.name, 公司: me.company.name }} />)}
    </>
  )
}

function OneCard({ name, base, door, gaps }: { name: string; base: Card; door: SettingsDoor; gaps: GapValues }) {
  const say = useSay()
  const card = door.valueOf('cards', name) as Card
  const set = (next: { zh?: string; text?: string }) => {
    const { zh, text } = { zh: card.zh, text: card.text, ...next }
    door.set('cards', name, zh === base.zh && text === base.text ? null : { zh, text })
  }
  const error = door.errorAt(`cards.${name}`)
  const moments = door.view.words[`cards.${name}`]
  return (
    <section className={css.card} data-changed={door.isChanged('cards', name) || undefined} aria-label={card.zh}>
      <h3>{card.zh}<small>{moments}</small>
        {base.rule?.map((rule) => <small key={rule}>{rule}</small>)}
        {door.isOwn('cards', name) && <button type="button" className={css.quiet}
          onClick={() => door.set('cards', name, null)}>{say('settings.restore')}</button>}</h3>
      <textarea value={card.text} rows={3} maxLength={600} aria-label={say('cards.text')}
        aria-invalid={error !== undefined} onChange={(event) => set({ text: event.target.value })} />
      <p className={css.spoken}>{card.text.trim() === '' ? <span className="hush">{say('cards.rests')}</span>
        : spoken(card.text, gaps)}</p>
      {error && <p className={css.error} role="alert">{error}</p>}
    </section>
  )
}
