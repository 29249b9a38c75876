import { useMemo } from 'react'
import type { FlowStepView, FlowView } from '../../../server/views.ts'
import { useSay, useSpeech } from '../../site.tsx'
import { spanWords } from '../../time.ts'
import css from './flow.module.css'
import { type Routed, layOut, nodeHeight, nodeWidth } from './layout.ts'

/** What is picked on the picture: a state, or the way from one to another. */
export type Pick = { state: string } | { from: string; to: string }

type Edge = { from: string; to: string; n: number; steps: readonly FlowStepView[] }

/** Between two states all actions are one line; the beginnings are a line from nowhere. */
function edgesOf(view: FlowView): Edge[] {
  const edges = new Map<string, Edge>()
  for (const step of view.steps) {
    if (step.from === step.to || step.from === '') continue
    const key = `${step.from}>${step.to}`
    const before = edges.get(key)
    edges.set(key, { from: step.from, to: step.to, n: (before?.n ?? 0) + step.n, steps: [...before?.steps ?? [], step] })
  }
  return [...edges.values()]
}

/** The thickest line is six wide, whatever the numbers. */
const thickness = (n: number, most: number): number => 1.2 + 4.8 * Math.sqrt(n / Math.max(1, most))

/** Rarely taken ways are left away until asked for: less than one in a hundred of the most frequent. */
const rareShare = 0.01

export const hasRare = (view: FlowView): boolean => {
  const edges = edgesOf(view)
  const most = Math.max(0, ...edges.map(({ n }) => n))
  return edges.some(({ n }) => n < most * rareShare)
}

type MapProps = { view: FlowView; rare: boolean; pick: Pick | null; onPick: (pick: Pick | null) => void }

/** 流程图: what really happened, drawn. Thick is frequent; the time on a line is how long half of the cases took at most. */
export function FlowMap({ view, rare, pick, onPick }: MapProps) {
  const say = useSay()
  const { picture, most } = useMemo(() => {
    const all = edgesOf(view)
    const max = Math.max(0, ...all.map(({ n }) => n))
    const edges = rare ? all : all.filter(({ n }) => n >= max * rareShare)
    const linked = new Set(edges.flatMap(({ from, to }) => [from, to]))
    const states = view.states.filter((state) => state.entered > 0 && (linked.has(state.name) || all.length === 0))
    return { picture: layOut(states.map(({ name, entered }) => ({ name, n: entered })), edges), most: max }
  }, [view, rare])
  const picked = (edge: Edge) => pick !== null && 'from' in pick && pick.from === edge.from && pick.to === edge.to
  const touches = (edge: Edge) => pick === null || picked(edge)
    || ('state' in pick && (pick.state === edge.from || pick.state === edge.to))
  return (
    <svg className={css.map} width={picture.width} height={picture.height} role="group"
      viewBox={`0 0 ${picture.width} ${picture.height}`} aria-label={say('flow.picture', { label: view.label })}>
      <defs>
        {(['plain', 'back', 'picked'] as const).map((kind) => (
          <marker key={kind} id={`tip-${kind}`} viewBox="0 0 8 8" refX="6.5" refY="4" markerWidth="8" markerHeight="8"
            markerUnits="userSpaceOnUse" orient="auto-start-reverse" className={css[`tip_${kind}`]}>
            <path d="M0.5,0.5 L7.5,4 L0.5,7.5 Z" /></marker>))}
      </defs>
      {picture.edges.map(({ edge, path, back }) => (
        <path key={`${edge.from}>${edge.to}`} d={path} className={css.edge} data-back={back || undefined}
          data-picked={picked(edge) || undefined} data-faint={!touches(edge) || undefined} fill="none"
          strokeWidth={thickness(edge.n, most)}
          markerEnd={`url(#tip-${picked(edge) ? 'picked' : back ? 'back' : 'plain'})`} />))}
      {picture.edges.map((routed) => <EdgeLabel key={`${routed.edge.from}>${routed.edge.to}`} routed={routed} view={view}
        picked={picked(routed.edge)} faint={!touches(routed.edge)} onPick={onPick} />)}
      {picture.nodes.map((node) => <StateBox key={node.name} x={node.x} y={node.y} main={node.main} view={view} name={node.name}
        picked={pick !== null && 'state' in pick && pick.state === node.name} onPick={onPick} />)}
    </svg>
  )
}

/** What is in several steps: the most frequent one says the time. */
const leading = (steps: readonly FlowStepView[]): FlowStepView =>
  steps.reduce((most, one) => (one.n > most.n ? one : most))

type LabelProps = { routed: Routed<Edge>; view: FlowView; picked: boolean; faint: boolean
  onPick: (pick: Pick | null) => void }

function EdgeLabel({ routed: { edge, label, back }, view, picked, faint, onPick }: LabelProps) {
  const speech = useSpeech()
  const name = (state: string) => view.states.find((one) => one.name === state)?.label ?? state
  const time = shortSpan(leading(edge.steps).median_ms, speech)
  const n = edge.n.toLocaleString()
  const width = Math.max(n.length * 7.4, time.length * (speech.language === 'en' ? 6.2 : 9.4)) + 12
  const words = `${name(edge.from)} → ${name(edge.to)}: ${edge.steps.map((one) => one.label).join('、')}, ${n} ${time}`
  const press = () => onPick(picked ? null : { from: edge.from, to: edge.to })
  return (
    <g className={css.label} data-back={back || undefined} data-picked={picked || undefined} data-faint={faint || undefined}
      role="button" tabIndex={0} aria-label={words} aria-pressed={picked} onClick={press}
      onKeyDown={(event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); press() } }}>
      <title>{words}</title>
      <rect x={label.x - width / 2} y={label.y - 16} width={width} height={32} rx={6} />
      <text><tspan x={label.x} y={label.y - 3} className={css.count}>{n}</tspan>{' '}
        <tspan x={label.x} y={label.y + 11} className={css.time}>{time}</tspan></text>
    </g>
  )
}

/** One unit, rounded: 5 分, 3.2 小时, 12 天. */
export function shortSpan(ms: number, speech: ReturnType<typeof useSpeech>): string {
  const minutes = ms / 60_000
  const number = (value: number) => (value < 9.95 ? String(Math.round(value * 10) / 10) : String(Math.round(value)))
  if (minutes < 1) return spanWords(ms, speech)
  if (minutes < 60) return speech.say('time.minutes', { n: Math.round(minutes) })
  if (minutes < 1440) return speech.say('time.hours', { n: number(minutes / 60) })
  return speech.say('time.days', { n: number(minutes / 1440) })
}

type BoxProps = { x: number; y: number; main: boolean; view: FlowView; name: string; picked: boolean; onPick: (pick: Pick | null) => void }

function StateBox({ x, y, main, view, name, picked, onPick }: BoxProps) {
  const say = useSay()
  const state = view.states.find((one) => one.name === name)!
  const press = () => onPick(picked ? null : { state: name })
  const here = state.here === 0 ? '' : say(state.here_late > 0 ? 'flow.here_late' : 'flow.here',
    { n: state.here.toLocaleString(), late: state.here_late.toLocaleString() })
  const entered = state.entered.toLocaleString()
  const again = state.again > 0 ? `↺ ${state.again.toLocaleString()}` : ''
  const short = [...state.label].length > 16 ? `${[...state.label].slice(0, 15).join('')}…` : state.label
  return (
    <g className={css.box} data-kind={state.kind} data-main={main || undefined} data-picked={picked || undefined} role="button" tabIndex={0}
      aria-pressed={picked} aria-label={[short, entered, here, again].filter(Boolean).join(' ')} onClick={press}
      transform={`translate(${x - nodeWidth / 2} ${y - nodeHeight / 2})`}
      onKeyDown={(event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); press() } }}>
      <rect width={nodeWidth} height={nodeHeight} rx={8} />
      <text><tspan x={12} y={19} className={css.state}>{short}</tspan>{' '}
        <tspan x={12} y={36} className={css.sub}>{entered}</tspan>{' '}
        {here && <tspan x={nodeWidth - 12} y={36} className={css.hereText} data-late={state.here_late > 0 || undefined}>
          {here}</tspan>}{' '}
        {again && <tspan x={nodeWidth - 12} y={19} className={css.again}>{again}</tspan>}</text>
    </g>
  )
}
