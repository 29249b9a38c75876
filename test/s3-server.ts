import { createHash, createHmac } from 'node:crypto'
import http from 'node:http'
import type { S3Place } from '../src/server/ports/s3-store.ts'

/** An S3-compatible store of this machine's own: it reckons every signature anew from what really came. */
export type S3Server = {
  /** By path, as the store holds them. */
  objects: Map<string, Buffer>
  place: S3Place
  close(): void
}

const region = 'cn-north-1'
const keys = { access_key: 'AKIDEXAMPLE', secret_key: 'wJalrXUtnFEMI' }

function refuses(request: http.IncomingMessage, body: Buffer): string | null {
  const { authorization = '', 'x-amz-date': stamp = '', 'x-amz-content-sha256': content = '' } = request.headers
  const [, day, names, given] =
    /Credential=AKIDEXAMPLE\/(\d{8})\/cn-north-1\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)$/.exec(authorization) ?? []
  if (createHash('sha256').update(body).digest('hex') !== content) return 'XAmzContentSHA256Mismatch'
  const asked = [request.method, request.url, '', ...names!.split(';').map((name) =>
    `${name}:${String(request.headers[name])}`), '', names, content].join('\n')
  const sign = (key: string | Buffer, what: string) => createHmac('sha256', key).update(what).digest()
  const key = [region, 's3', 'aws4_request'].reduce((all, one) => sign(all, one), sign(`AWS4${keys.secret_key}`, day!))
  const right = sign(key, ['AWS4-HMAC-SHA256', stamp, `${day}/${region}/s3/aws4_request`,
    createHash('sha256').update(asked).digest('hex')].join('\n')).toString('hex')
  return right === given ? null : 'SignatureDoesNotMatch'
}

/** @param bucket with the folder in it, where there is one */
export async function openS3(bucket: string): Promise<S3Server> {
  const objects = new Map<string, Buffer>()
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
      const body = Buffer.concat(parts)
      const why = refuses(request, body)
      const path = request.url!
      if (why) return response.writeHead(403).end(why)
      if (request.method === 'PUT') objects.set(path, body)
      if (request.method === 'DELETE') objects.delete(path)
      const found = objects.get(path)
      if (request.method === 'GET' && !found) return response.writeHead(404).end()
      return response.writeHead(request.method === 'DELETE' ? 204 : 200).end(request.method === 'GET' ? found : undefined)
    })
  })
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
  return { objects, place: { region, ...keys, url: `http://127.0.0.1:${port}/${bucket}` }, close: () => {
    server.close()
    server.closeAllConnections()
  } }
}
