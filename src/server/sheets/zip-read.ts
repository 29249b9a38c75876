import { type FileHandle, open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createInflateRaw } from 'node:zlib'
import { SheetProblem } from './problem.ts'

/** One file inside a packed one: where its bytes begin, and how they are packed (0 not at all, 8 deflated). */
type Entry = { method: number; packed: number; offset: number }

/** The files of a packed one, by name. */
export type Zip = { names: readonly string[]; read(name: string): AsyncIterable<Buffer>; close(): Promise<void> }

const endMark = 0x06054b50
const entryMark = 0x02014b50
const endMost = 65_557
const directoryMost = 4 * 1_048_576
/** Unpacked bytes of one file: a small file that unpacks for ever is refused. */
const unpackedMost = 800 * 1_048_576

const torn = () => new SheetProblem('torn')

/** Opens a packed file by the table at its end. @throws SheetProblem when it is none or is torn */
export async function openZip(path: string): Promise<Zip> {
  const file = await open(path)
  try {
    const entries = await directoryOf(file)
    return { names: [...entries.keys()], close: () => file.close(),
      read: (name) => unpacked(file, entries.get(name)) }
  } catch (error) {
    await file.close()
    throw error instanceof RangeError ? torn() : error
  }
}

async function bytesAt(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await file.read(buffer, 0, length, from)
  if (bytesRead < length) throw torn()
  return buffer
}

async function directoryOf(file: FileHandle): Promise<Map<string, Entry>> {
  const { size } = await file.stat()
  const tail = await bytesAt(file, Math.max(0, size - endMost), Math.min(size, endMost))
  let end = tail.length - 22
  while (end >= 0 && tail.readUInt32LE(end) !== endMark) end -= 1
  if (end < 0) throw torn()
  const count = tail.readUInt16LE(end + 10)
  const length = tail.readUInt32LE(end + 12)
  if (length > directoryMost) throw torn()
  const directory = await bytesAt(file, tail.readUInt32LE(end + 16), length)
  const entries = new Map<string, Entry>()
  let at = 0
  for (let n = 0; n < count; n += 1) {
    if (directory.readUInt32LE(at) !== entryMark) throw torn()
    const nameLength = directory.readUInt16LE(at + 28)
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength)
    entries.set(name.replace(/^\//, ''), { method: directory.readUInt16LE(at + 10),
      packed: directory.readUInt32LE(at + 20), offset: directory.readUInt32LE(at + 42) })
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return entries
}

const pieceMost = 65_536

async function* packedBytes(file: FileHandle, from: number, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < length; at += pieceMost) yield bytesAt(file, from + at, Math.min(pieceMost, length - at))
}

async function* unpacked(file: FileHandle, entry: Entry | undefined): AsyncGenerator<Buffer> {
  if (!entry || (entry.method !== 0 && entry.method !== 8)) throw torn()
  const head = await bytesAt(file, entry.offset, 30)
  const from = entry.offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28)
  const bytes = packedBytes(file, from, entry.packed)
  // A reader that stops early ends both; what goes wrong inside is told by reading.
  const source = entry.method === 0 ? bytes : pipeline(bytes, createInflateRaw(), () => {})
  let read = 0
  try {
    for await (const piece of source as AsyncIterable<Buffer>) {
      read += piece.length
      if (read > unpackedMost) throw new SheetProblem('too_much')
      yield piece
    }
  } catch (error) {
    throw error instanceof SheetProblem ? error : torn()
  }
}
