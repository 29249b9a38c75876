import { createReadStream } from 'node:fs'
import { Transform } from 'node:stream'
import { parse } from 'csv-parse'
import { SheetProblem } from './problem.ts'

const separators = [',', ';', '\t', '|', '，'] as const
const sampleMost = 65_536

/** Reads a table of text: UTF-8 with or without its mark, or GB 18030; commas, semicolons or tabs; any line ends. */
export async function* readCsv(path: string): AsyncGenerator<{ n: number; cells: string[] }> {
  const encoding = await encodingOf(path)
  const delimiter = separatorOf(await firstText(path, encoding))
  const parser = parse({ delimiter, bom: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'], info: true, max_record_size: 1_000_000, trim: true })
  const source = createReadStream(path)
  const text = source.pipe(decoder(encoding))
  // What goes wrong with the file is told by whoever reads the rows.
  for (const stream of [source, text]) stream.on('error', (error: Error) => parser.destroy(error))
  text.pipe(parser)
  try {
    let n = 0
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      n = Math.max(n + 1, info.lines)
      yield { n, cells: record }
    }
  } catch (error) {
    throw error instanceof SheetProblem ? error : new SheetProblem('torn')
  } finally {
    source.destroy()
  }
}

function decoder(encoding: string): Transform {
  const text = new TextDecoder(encoding)
  return new Transform({ encoding: 'utf8',
    transform(piece: Buffer, _encoding, done) { done(null, text.decode(piece, { stream: true })) },
    flush(done) { done(null, text.decode()) } })
}

/** The whole file is tried: a Chinese word may stand in its last line only. */
async function encodingOf(path: string): Promise<'utf-8' | 'gb18030'> {
  const strict = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const piece of createReadStream(path)) strict.decode(piece as Buffer, { stream: true })
    strict.decode()
    return 'utf-8'
  } catch {
    return 'gb18030'
  }
}

async function firstText(path: string, encoding: string): Promise<string> {
  const text = new TextDecoder(encoding)
  for await (const piece of createReadStream(path, { end: sampleMost - 1 })) {
    return text.decode(piece as Buffer, { stream: true })
  }
  return ''
}

/** The sign that stands in the heading outside of quotes most often; a comma when none does. */
export function separatorOf(sample: string): string {
  const bare = sample.replace(/"(?:[^"]|"")*"/g, '""')
  const lines = bare.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '').slice(0, 20)
  const score = (sign: string) => {
    const counts = lines.map((line) => line.split(sign).length - 1)
    const most = Math.max(0, ...counts)
    return most === 0 ? 0 : counts.filter((count) => count === most).length * 10 + most
  }
  return separators.reduce((best, sign) => (score(sign) > score(best) ? sign : best), ',' as string)
}
