import { createTransport } from 'nodemailer'

/** One mail to one person. `id`: the stable key of the effect; it becomes the Message-ID, so that copies are known. */
export type Letter = { to: string; subject: string; text: string; id: string
  /** Whose name stands before the address that it comes from. */
  from_name?: string
  attachments?: readonly { filename: string; content: Buffer }[] }

export type Mail = {
  /** @throws an outage; with `permanent: true` when the address will never take it */
  send(letter: Letter): Promise<void>
  close(): void
}

const connectMs = 15_000
const answerMs = 30_000
const connectionsMost = 2

/**
 * Mail by SMTP.
 *
 * @param url   smtp://user:password@host:port or smtps://…, given by the operator
 * @param from  the address that the mails come from
 */
export function smtpMail(url: string, from: string): Mail {
  const transport = createTransport(url, { from, disableFileAccess: true, disableUrlAccess: true })
  const { options } = transport as unknown as { options: Record<string, unknown> }
  Object.assign(options, { connectionTimeout: connectMs, greetingTimeout: connectMs, socketTimeout: answerMs,
    maxConnections: connectionsMost })
  const address = /<([^>]+)>/.exec(from)?.[1] ?? from
  const host = /@([^\s>]+)>?$/.exec(from)?.[1] ?? 'localhost'
  return {
    async send({ to, subject, text, id, from_name, attachments }) {
      try {
        await transport.sendMail({ to: { name: '', address: to }, subject: oneLine(subject), text,
          ...(from_name !== undefined && { from: { name: oneLine(from_name), address } }),
          attachments: [...attachments ?? []],
          messageId: `<${id}@${host}>`, headers: { 'auto-submitted': 'auto-generated' } })
      } catch (error) {
        // 5xx is the other side's final word; anything else may be better in an hour.
        const code = (error as { responseCode?: number }).responseCode ?? 0
        throw Object.assign(error as Error, { permanent: code >= 500 && code < 600 })
      }
    },
    close: () => transport.close(),
  }
}

/** Titles come from people; a line break in a subject would begin another header. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 200)
