import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'

/** One event of a log: its attributes by name, as they stand there. */
export type LogEvent = Readonly<Record<string, string>>
/** Events of one case in the order of the file. A case may come in several pieces. */
export type LogCase = { name: string; attributes: LogEvent; events: LogEvent[] }

/** Which attribute says what. XES has names of its own; a table has columns. */
export type LogNames = { case: string; activity: string; time: string; resource?: string; phase?: string }

export const xesNames: LogNames = { case: 'concept:name', activity: 'concept:name', time: 'time:timestamp',
  resource: 'org:resource', phase: 'lifecycle:transition' }

/**
 * Reads a log as a stream, whatever its length: XES or CSV by the name of the file, gzipped where it ends in .gz.
 *
 * @throws Error when the file is neither
 */
export async function* readLog(path: string, names: LogNames): AsyncGenerator<LogCase> {
  const bytes = createReadStream(path)
  const text = (path.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes).setEncoding('utf8')
  const kind = path.replace(/\.gz$/, '')
  if (/\.(xes|xml)$/i.test(kind)) yield* casesOfXes(text)
  else if (/\.csv$/i.test(kind)) yield* casesOfCsv(text, names)
  else throw new Error(`${path}: a log is a file .xes or .csv, gzipped or not`)
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const unescape = (text: string): string => text.replace(/&(#x?[0-9a-f]+|\w+);/gi, (whole, name: string) =>
  (name.startsWith('#x') ? String.fromCodePoint(parseInt(name.slice(2), 16))
    : name.startsWith('#') ? String.fromCodePoint(Number(name.slice(1))) : entities[name] ?? whole))

const attributesOf = (tag: string): Record<string, string> => Object.fromEntries(
  [...tag.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, name, a, b]) => [name!, unescape(a ?? b ?? '')]))

/** XES is read tag by tag: traces, their events, and the attributes directly inside either. */
async function* casesOfXes(text: AsyncIterable<string>): AsyncGenerator<LogCase> {
  let rest = ''
  let trace: { attributes: Record<string, string>; events: LogEvent[] } | null = null
  let event: Record<string, string> | null = null
  let depth = 0
  for await (const piece of text) {
    rest += piece
    for (let from = rest.indexOf('<'), to = rest.indexOf('>', from); from >= 0 && to >= 0;
      from = rest.indexOf('<'), to = rest.indexOf('>', from)) {
      const tag = rest.slice(from + 1, to)
      rest = rest.slice(to + 1)
      const name = /^\/?([\w:-]+)/.exec(tag)?.[1] ?? ''
      if (tag.startsWith('/')) {
        if (name === 'trace' && trace) yield { name: trace.attributes['concept:name'] ?? '', ...trace }
        if (name === 'trace') trace = null
        else if (name === 'event' && trace && event) { trace.events.push(event); event = null } else depth -= 1
      } else if (name === 'trace') { trace = { attributes: {}, events: [] }; depth = 0 } else if (name === 'event') {
        event = {}
        depth = 0
      } else if (trace) {
        const { key, value } = attributesOf(tag)
        if (depth === 0 && key !== undefined && value !== undefined) (event ?? trace.attributes)[key] = value
        if (!tag.endsWith('/')) depth += 1
      }
    }
  }
}

/** Rows of a table; cells in quotes may hold commas and line breaks. */
export async function* rowsOfCsv(text: AsyncIterable<string>): AsyncGenerator<string[]> {
  let row: string[] = []
  let cell = ''
  let quoted = false
  let before = ''
  for await (const piece of text) {
    for (const letter of piece) {
      if (quoted && letter === '"') quoted = false
      else if (quoted) cell += letter
      else if (letter === '"') { if (before === '"') cell += '"'; quoted = true } else if (letter === ',') {
        row.push(cell)
        cell = ''
      } else if (letter === '\n') {
        yield [...row, cell.replace(/\r$/, '')]
        row = []
        cell = ''
      } else cell += letter
      before = letter
    }
  }
  if (cell !== '' || row.length > 0) yield [...row, cell]
}

/** Each row is an event; rows of one case that follow each other come together. */
async function* casesOfCsv(text: AsyncIterable<string>, names: LogNames): AsyncGenerator<LogCase> {
  let heads: string[] | null = null
  let one: LogCase | null = null
  for await (const row of rowsOfCsv(text)) {
    if (heads === null) {
      heads = row.map((name) => name.replace(/^\ufeff/, '').trim())
      if (!heads.includes(names.case)) throw new Error(`the table has no column ${names.case}`)
      continue
    }
    const event = Object.fromEntries(heads.map((name, index) => [name, row[index] ?? '']))
    const name = event[names.case]!
    if (one && one.name !== name) {
      yield one
      one = null
    }
    one ??= { name, attributes: event, events: [] }
    one.events.push(event)
  }
  if (one) yield one
}
