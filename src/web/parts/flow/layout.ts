/**
 * Where the states and steps of a process stand on paper. The way that most cases go runs straight down the middle; what
 * skips ahead bends out to the right, what turns back to the left; states beside the way stand outside of the bends.
 * Pure: the same figures give the same picture. Lengths in px.
 */
export type FlowNode = { name: string; n: number }
export type FlowEdge = { from: string; to: string; n: number }
export type Placed = { name: string; x: number; y: number; row: number; main: boolean }
export type Routed<E> = { edge: E; path: string; label: { x: number; y: number }; back: boolean }
export type Picture<E> = { nodes: Placed[]; edges: Routed<E>[]; width: number; height: number }

export const nodeWidth = 152
export const nodeHeight = 46
const rowHeight = 96
const laneWidth = 46
const firstLane = 40
const sideGap = 44
const margin = 26
/** The words of a straight line stand to the right of it. */
const besideLine = 36

/** Rows: each state below whatever leads to it forwards. Forwards is the order of the definition. */
function rowsOf(names: readonly string[], edges: readonly FlowEdge[]): Map<string, number> {
  const order = new Map(names.map((name, index) => [name, index]))
  const rows = new Map(names.map((name) => [name, 0]))
  for (const name of names) {
    for (const { from, to } of edges) {
      if (to !== name || order.get(from)! >= order.get(to)!) continue
      rows.set(to, Math.max(rows.get(to)!, rows.get(from)! + 1))
    }
  }
  return rows
}

/** The way that most cases go: from the first state always along the most frequent step forwards. */
function spineOf(names: readonly string[], edges: readonly FlowEdge[], rows: ReadonlyMap<string, number>): string[] {
  const first = names.find((name) => rows.get(name) === 0)
  const spine = first === undefined ? [] : [first]
  for (let at = first; at !== undefined;) {
    const [next] = edges.filter(({ from, to }) => from === at && rows.get(to)! > rows.get(from)!)
      .sort((a, b) => b.n - a.n || rows.get(a.to)! - rows.get(b.to)!)
    at = next?.to
    if (at !== undefined) spine.push(at)
  }
  return spine
}

type Span = { top: number; bottom: number }
/** The innermost lane that is free along a stretch; short bends come first and stay inside. */
function laneOf(taken: Span[][], span: Span): number {
  const free = taken.findIndex((lane) => lane.every(({ top, bottom }) => span.bottom <= top || span.top >= bottom))
  const lane = free < 0 ? taken.length : free
  taken[lane] = [...taken[lane] ?? [], span]
  return lane
}

/** @param states in the order of the definition; @param edges without loops */
export function layOut<E extends FlowEdge>(states: readonly FlowNode[], edges: readonly E[]): Picture<E> {
  const names = states.map(({ name }) => name)
  const rows = rowsOf(names, edges)
  const spine = spineOf(names, edges, rows)
  const main = new Set(spine)
  const span = ({ from, to }: FlowEdge): Span => ({ top: Math.min(rows.get(from)!, rows.get(to)!),
    bottom: Math.max(rows.get(from)!, rows.get(to)!) })
  const isStraight = (edge: FlowEdge) => spine.indexOf(edge.to) - spine.indexOf(edge.from) === 1
  const bends = edges.filter((edge) => main.has(edge.from) && main.has(edge.to) && !isStraight(edge))
    .sort((a, b) => (span(a).bottom - span(a).top) - (span(b).bottom - span(b).top) || b.n - a.n)
  const right: Span[][] = []
  const left: Span[][] = []
  const lanes = new Map<E, number>()
  for (const edge of bends) lanes.set(edge, laneOf(rows.get(edge.to)! > rows.get(edge.from)! ? right : left, span(edge)))
  const reach = (taken: readonly Span[][]) => nodeWidth / 2 + (taken.length === 0 ? 0 : firstLane + taken.length * laneWidth)
  const placed = place(states, edges, rows, main, { left: reach(left) + sideGap, right: reach(right) + sideGap })
  const at = new Map(placed.map((node) => [node.name, node]))
  const routed = edges.map((edge): Routed<E> => route(edge, at, lanes.get(edge)))
  const xs = placed.map(({ x }) => x)
  const most = Math.max(nodeWidth / 2, reach(right), ...xs.map((x) => x + nodeWidth / 2)) + margin
  const least = Math.min(-nodeWidth / 2, -reach(left), ...xs.map((x) => x - nodeWidth / 2)) - margin
  const shift = (text: string) => text.replace(/(-?[\d.]+),(-?[\d.]+)/g, (_all, x: string, y: string) =>
    `${round(Number(x) - least)},${y}`)
  return {
    nodes: placed.map((node) => ({ ...node, x: node.x - least })),
    edges: routed.map((one) => ({ ...one, path: shift(one.path), label: { x: one.label.x - least, y: one.label.y } })),
    width: most - least, height: (Math.max(0, ...placed.map(({ row }) => row)) + 1) * rowHeight + margin,
  }
}

const yOf = (row: number): number => margin + nodeHeight / 2 + row * rowHeight

/**
 * Beside the way: outside of the bends, right and left in turn, so that neighbours do not meet; two that lead to each
 * other on the same side.
 */
function place(states: readonly FlowNode[], edges: readonly FlowEdge[], rows: ReadonlyMap<string, number>, main: ReadonlySet<string>,
  side: { left: number; right: number }): Placed[] {
  const taken = new Map<string, true>()
  let turn = 0
  const ways = new Map<string, number>()
  const beside = (name: string, row: number): number => {
    const friend = edges.filter(({ from, to }) => from === name || to === name)
      .map(({ from, to }) => ways.get(from === name ? to : from)).find((way) => way !== undefined)
    const first = friend ?? (turn % 2 === 0 ? 1 : -1)
    for (let column = 0; ; column += 1) {
      for (const way of friend === undefined ? [first, -first] : [first]) {
        const key = `${row}:${way}:${column}`
        if (taken.has(key)) continue
        taken.set(key, true)
        turn += 1
        ways.set(name, way)
        return way * ((way > 0 ? side.right : side.left) + nodeWidth / 2 + column * (nodeWidth + sideGap))
      }
    }
  }
  return states.map(({ name }) => {
    const row = rows.get(name)!
    return { name, row, main: main.has(name), y: yOf(row), x: main.has(name) ? 0 : beside(name, row) }
  })
}

const round = (value: number): number => Math.round(value * 10) / 10
const point = (x: number, y: number): string => `${round(x)},${round(y)}`

function route<E extends FlowEdge>(edge: E, at: ReadonlyMap<string, Placed>, lane: number | undefined): Routed<E> {
  const from = at.get(edge.from)!
  const to = at.get(edge.to)!
  const back = to.row <= from.row
  if (lane !== undefined) return bend(edge, from, to, lane, back)
  if (from.x === to.x && !back) {
    const top = from.y + nodeHeight / 2
    const bottom = to.y - nodeHeight / 2
    return { edge, back, path: `M${point(from.x, top)} L${point(to.x, bottom)}`,
      label: { x: from.x + besideLine, y: (top + bottom) / 2 - 3 } }
  }
  return slant(edge, from, to, back)
}

/** Out at the side, along its lane, in at the side again. */
function bend<E>(edge: E, from: Placed, to: Placed, lane: number, back: boolean): Routed<E> {
  const way = back ? -1 : 1
  const edgeX = way * nodeWidth / 2
  const x = edgeX + way * (firstLane + lane * laneWidth)
  const [a, b] = [from.y + (back ? -8 : 8), to.y + (back ? 8 : -8)]
  const turn = Math.min(Math.abs(b - a) / 2, 42) * Math.sign(b - a)
  return { edge, back, label: { x, y: (a + b) / 2 },
    path: `M${point(edgeX, a)} C${point(x, a)} ${point(x, a)} ${point(x, a + turn)} L${point(x, b - turn)} `
      + `C${point(x, b)} ${point(x, b)} ${point(edgeX, b)}` }
}

/** Between the way and what stands beside it, or between two of those. */
function slant<E>(edge: E, from: Placed, to: Placed, back: boolean): Routed<E> {
  if (from.x === to.x) {
    const way = back ? -1 : 1
    const x = from.x + way * (nodeWidth / 2 + 30)
    const edgeX = from.x + way * nodeWidth / 2
    return { edge, back, label: { x, y: (from.y + to.y) / 2 },
      path: `M${point(edgeX, from.y)} C${point(x + way * 8, from.y)} ${point(x + way * 8, to.y)} ${point(edgeX, to.y)}` }
  }
  const way = to.x > from.x ? 1 : -1
  // There and back between the same two: a little apart.
  const apart = back ? 11 : -11
  const [x1, x2] = [from.x + way * nodeWidth / 2, to.x - way * nodeWidth / 2]
  const [y1, y2] = [from.y + apart, to.y + apart]
  const pull = Math.max(24, Math.abs(x2 - x1) * 0.5)
  const [c1, c2] = [x1 + way * pull, x2 - way * pull]
  // Nearer to where it begins, so that the words of there and of back stand apart.
  const t = 0.4
  const along = (a: number, b: number, c: number, d: number) =>
    (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t ** 2 * c + t ** 3 * d
  return { edge, back, path: `M${point(x1, y1)} C${point(c1, y1)} ${point(c2, y2)} ${point(x2, y2)}`,
    label: { x: along(x1, c1, c2, x2), y: along(y1, y1, y2, y2) } }
}
