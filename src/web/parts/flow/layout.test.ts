import { describe, expect, test } from 'vitest'
import { layOut, nodeHeight, nodeWidth } from './layout.ts'

const states = ['a', 'b', 'c', 'd', 'part', 'e', 'gone'].map((name) => ({ name, n: 1 }))
const edges = [['a', 'b', 100], ['b', 'c', 90], ['c', 'd', 80], ['d', 'e', 70], ['c', 'part', 9], ['part', 'c', 8],
  ['a', 'e', 5], ['e', 'b', 3], ['a', 'gone', 2]].map(([from, to, n]) => ({ from: from as string, to: to as string,
  n: n as number }))

describe('the picture of a process', () => {
  const picture = layOut(states, edges)
  const at = (name: string) => picture.nodes.find((node) => node.name === name)!

  test('the way that most cases go runs straight down', () => {
    expect(['a', 'b', 'c', 'd', 'e'].map((name) => at(name).x)).toEqual(Array.from({ length: 5 }, () => at('a').x))
    const rows = ['a', 'b', 'c', 'd', 'e'].map((name) => at(name).row)
    expect(rows).toEqual([...rows].sort((x, y) => x - y))
    expect([at('part').main, at('gone').main]).toEqual([false, false])
  })
  test('no two states lie on each other, and all are on the paper', () => {
    for (const one of picture.nodes) {
      expect(one.x - nodeWidth / 2).toBeGreaterThanOrEqual(0)
      expect(one.x + nodeWidth / 2).toBeLessThanOrEqual(picture.width)
      expect(one.y + nodeHeight / 2).toBeLessThanOrEqual(picture.height)
      for (const other of picture.nodes) {
        if (one === other) continue
        expect(Math.abs(one.x - other.x) >= nodeWidth || Math.abs(one.y - other.y) >= nodeHeight,
          `${one.name} ${other.name}`).toBe(true)
      }
    }
  })
  test('what skips ahead bends right, what turns back bends left', () => {
    const label = (from: string, to: string) => picture.edges.find(({ edge }) => edge.from === from && edge.to === to)!
    expect(label('a', 'e').label.x).toBeGreaterThan(at('a').x + nodeWidth / 2)
    expect(label('e', 'b')).toMatchObject({ back: true })
    expect(label('e', 'b').label.x).toBeLessThan(at('a').x - nodeWidth / 2)
    expect(label('part', 'c').back).toBe(true)
  })
  test('nothing at all is an empty picture', () => {
    expect(layOut([], [])).toMatchObject({ nodes: [], edges: [] })
  })
})
