import multipart from '@fastify/multipart'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { fail, isUuid } from '../../engine/fields.ts'
import { sendRefusal } from '../answer.ts'
import { type Upload, fileMost, readFile, receive, upload } from '../files.ts'
import { shownInline } from '../file-types.ts'
import { type Routes, ctxOf } from '../http.ts'
import { type Received, StoreAway } from '../ports/file-store.ts'

/** The envelope of one part beside the file itself. */
const envelopeMost = 16_384

/** A plain name for old programs, and the whole name in UTF-8. Source: RFC 6266, RFC 5987. */
export function disposition(kind: 'attachment' | 'inline', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_')
  const whole = encodeURIComponent(name).replace(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
  return `${kind}; filename="${plain}"; filename*=UTF-8''${whole}`
}

/** Bringing a file, and getting it back. */
export const fileRoutes: Routes = (server, app) => {
  void server.register(async (scope) => {
    await scope.register(multipart, { throwFileSizeLimit: false,
      limits: { fileSize: fileMost + 1, files: 1, fields: 0, parts: 2, headerPairs: 20 } })
    scope.post('/api/files', { bodyLimit: fileMost + envelopeMost, config: { anyBody: true, customers: true } },
      takeFile)
  })
  const customers = { config: { customers: true as const } }
  type Asked = { Params: { id: string }; Querystring: { view?: string } }
  server.get<Asked>('/api/files/:id', customers, async (request, reply) => {
    const file = isUuid(request.params.id) ? await readFile(ctxOf(request), request.params.id) : null
    if (!file) return sendRefusal(request, reply, { code: 'not_found' })
    void reply.header('cache-control', 'private, no-cache').header('etag', `"${file.sha256}${request.query.view === 'small' ? '-s' : ''}"`)
    if (request.headers['if-none-match']?.includes(file.sha256)) return reply.status(304).send()
    if (request.query.view === 'small') {
      const small = await app.thumbnails?.of(ctxOf(request).company.id, file)
      if (small) return reply.header('content-type', 'image/webp').header('x-content-type-options', 'nosniff').send(small)
    }
    const bytes = await file.open()
    if (!bytes) throw new Error(`the bytes of the file ${file.id} are not in the store`)
    const inline = request.query.view !== undefined && shownInline.includes(file.type)
    // Whatever it is, it is not a page of ours: it runs nothing and is not guessed to be something else.
    return reply.header('content-type', file.type.startsWith('text/') ? `${file.type}; charset=utf-8` : file.type)
      .header('content-length', file.size)
      .header('content-disposition', disposition(inline ? 'inline' : 'attachment', file.name))
      .header('content-security-policy', `sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'`)
      .header('x-content-type-options', 'nosniff').send(bytes)
  })
}

async function takeFile(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (!request.isMultipart()) return sendRefusal(request, reply, { code: 'wrong_content_type' })
  const outcome = await takeParts(request)
  if (!outcome) return sendRefusal(request, reply, { code: 'bad_input', fields: [fail('file', 'required')] })
  if (!outcome.ok) return sendRefusal(request, reply, outcome.refusal)
  return reply.status(201).send(outcome.file)
}

/** The whole body is read before anything is kept, so that a second file leaves nothing of the first. */
async function takeParts(request: FastifyRequest): Promise<Upload | null> {
  const ctx = ctxOf(request)
  let taken: { field: string; name: string; received: Received } | null = null
  try {
    for await (const part of request.parts()) {
      if (part.type !== 'file') continue
      taken = { field: part.fieldname || 'file', name: part.filename ?? '', received: await receive(ctx, part.file) }
    }
    return taken && await upload(ctx, taken.field, taken.name, taken.received)
  } catch (error) {
    const limit = /^FST_(FILES|FIELDS|PARTS)_LIMIT$/.exec((error as { code?: string }).code ?? '')?.[1]
    if (!limit) throw asBadRequest(error)
    const problem = limit === 'FILES' ? fail('file', 'too_many_items', { max: 1 }) : fail('file', 'unknown_field')
    return { ok: false, refusal: { code: 'bad_input', fields: [problem] } }
  } finally {
    await taken?.received.drop()
  }
}

/** A body that breaks off or is no multipart at all is the sender's mistake; a database or a store that is away is not. */
function asBadRequest(error: unknown): unknown {
  if (error instanceof StoreAway) return error
  const torn = error instanceof Error && /multipart|terminated early|premature|boundary|malformed|aborted/i
    .test(`${error.message} ${(error as { code?: string }).code ?? ''}`)
  return torn ? Object.assign(error, { statusCode: 400 }) : error
}
