import { open } from 'node:fs/promises'

/** Types that are taken, by what the content is, with the endings that such a file may have; the first is usual. */
const endings: Readonly<Record<string, readonly string[]>> = {
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'image/png': ['png'],
  'image/webp': ['webp'],
  'image/gif': ['gif'],
  'image/heic': ['heic', 'heif'],
  'application/pdf': ['pdf'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['pptx'],
  'application/vnd.oasis.opendocument.text': ['odt'],
  'application/vnd.oasis.opendocument.spreadsheet': ['ods'],
  'application/vnd.oasis.opendocument.presentation': ['odp'],
  'application/msword': ['doc', 'wps'],
  'application/vnd.ms-excel': ['xls', 'et'],
  'application/vnd.ms-powerpoint': ['ppt', 'dps'],
  'text/plain': ['txt', 'log'],
  'text/csv': ['csv'],
  'application/zip': ['zip'],
  'video/mp4': ['mp4', 'm4v'],
  'audio/mpeg': ['mp3'],
  'audio/wav': ['wav'],
  'audio/amr': ['amr'],
}

/** What content libraries call by several names. */
const sameAs: Readonly<Record<string, string>> = {
  'image/heif': 'image/heic', 'image/heif-sequence': 'image/heic', 'image/heic-sequence': 'image/heic',
  'video/x-m4v': 'video/mp4', 'audio/vnd.wave': 'audio/wav', 'audio/AMR': 'audio/amr',
}

/** Shown in the browser when it is asked for; everything else is only saved. */
export const shownInline: readonly string[] =
  ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'application/pdf']

export type Recognised = { type: string; name: string } | { problem: 'file_not_allowed' | 'file_differs'; type: string }

/**
 * What a file is by its content, never by what its sender says.
 *
 * @param path the bytes
 * @param name as it was given, cleaned; gets the usual ending when it has none
 * @returns the type and name to keep; or the problem with the type that was found: it is not of the list, or it is not
 * what its name says
 */
export async function recognise(path: string, name: string): Promise<Recognised> {
  const ending = /\.([A-Za-z0-9]{1,10})$/.exec(name)?.[1]?.toLowerCase() ?? null
  const type = await typeOf(path, ending)
  const fitting = endings[type]
  if (!fitting) return { problem: 'file_not_allowed', type }
  if (ending === null) {
    // Anything may be text: without a name that says so it is not taken for one.
    return type.startsWith('text/') ? { problem: 'file_not_allowed', type }
      : { type, name: `${name.slice(0, 190)}.${fitting[0]}` }
  }
  return fitting.includes(ending) ? { type, name } : { problem: 'file_differs', type }
}

async function typeOf(path: string, ending: string | null): Promise<string> {
  // Loaded with the first upload: a start does not wait for it.
  const { fileTypeFromFile } = await import('file-type')
  const found = await fileTypeFromFile(path).catch(() => undefined)
  if (!found) return textType(path, ending)
  if (found.mime === 'application/x-cfb') return oldOfficeType(path)
  if (found.mime === 'application/zip' && ending !== 'zip') return packedType(path)
  return sameAs[found.mime] ?? found.mime
}

async function contentOf(path: string, most: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const buffer = Buffer.alloc(Math.min(most, (await file.stat()).size))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

const wholeMost = 32 * 1_048_576

/** Word, Excel and PowerPoint before 2007, and WPS: told apart by the stream that only they have. */
async function oldOfficeType(path: string): Promise<string> {
  const content = await contentOf(path, wholeMost)
  const has = (stream: string) => content.includes(Buffer.from(stream, 'utf16le'))
  if (has('WordDocument')) return 'application/msword'
  if (has('Workbook')) return 'application/vnd.ms-excel'
  return has('PowerPoint Document') ? 'application/vnd.ms-powerpoint' : 'application/x-cfb'
}

/** Some programs write their documents so that the usual look at the first entries does not tell. */
async function packedType(path: string): Promise<string> {
  const content = await contentOf(path, wholeMost)
  const office = 'application/vnd.openxmlformats-officedocument.'
  if (!content.includes('[Content_Types].xml') || content.includes('vbaProject.bin')) return 'application/zip'
  if (content.includes('word/document.xml')) return `${office}wordprocessingml.document`
  if (content.includes('xl/workbook.xml')) return `${office}spreadsheetml.sheet`
  return content.includes('ppt/presentation.xml') ? `${office}presentationml.presentation` : 'application/zip'
}

const textMost = 65_536
// C0 without tab, line ends and form feed.
// eslint-disable-next-line no-control-regex
const noText = /[\u0000-\u0008\u000b\u000e-\u001f]/
const markup = /^\s*(<!doctype|<html|<svg|<\?|<script|<!--|<head|<body|<iframe|#!|mz\b)/i

/** UTF-8 or GB 18030 without control characters is text, unless it is a page or a program. */
async function textType(path: string, ending: string | null): Promise<string> {
  const content = await contentOf(path, textMost)
  const text = decoded(content, content.length === textMost)
  if (text === null || noText.test(text)) return 'application/octet-stream'
  if (markup.test(text.replace(/^\ufeff/, '')) || /<(script|svg|html)[\s>]/i.test(text)) return 'text/html'
  return ending === 'csv' ? 'text/csv' : 'text/plain'
}

function decoded(content: Buffer, cut: boolean): string | null {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      // A character cut through at the end of the sample is no mistake.
      return new TextDecoder(encoding, { fatal: true }).decode(content, { stream: cut })
    } catch { /* the next one may read it */ }
  }
  return null
}
