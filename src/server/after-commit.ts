import type { App } from './context.ts'
import { brokenConstraint } from './db.ts'
import { storeFile } from './files.ts'
import { liveOf } from './live.ts'
import { type Ports, startOutbox } from './outbox.ts'
import { smtpMail } from './ports/mail.ts'
import { openPrinter } from './print/printer.ts'
import { startSchedules } from './schedules.ts'
import { startTimers } from './timers.ts'

export type AfterCommitOptions = { smtpUrl: string | null; mailFrom: string }

/** The world outside, as this node reaches it. */
export function openPorts(app: App, { smtpUrl, mailFrom }: AfterCommitOptions): Ports {
  return {
    mail: smtpUrl === null ? null : smtpMail(smtpUrl, mailFrom),
    printer: openPrinter(),
    async storePrint(ctx, print) {
      try {
        return (await storeFile(app, ctx.company.id, print)).id
      } catch (error) {
        // An attempt before this one kept it and died.
        if (brokenConstraint(error) === 'file_pkey') return print.id
        throw error
      }
    },
    publicUrl: app.publicUrl ?? null,
  }
}

/**
 * Everything that happens after a commit or by itself: effects, clocks, schedules. Woken by what this node and the
 * others tell each other.
 */
export function startAfterCommit(app: App, options: AfterCommitOptions): { stop(): Promise<void> } {
  const ports = openPorts(app, options)
  const outbox = startOutbox(app, ports)
  const timers = startTimers(app)
  const schedules = startSchedules(app)
  const unfollow = liveOf(app)?.follow((change) => {
    // An administrator's «send again» moves a row of the outbox that is older than the event.
    if (change.effects || change.process === 'undelivered') outbox.wake()
    if (change.strike !== null) timers.wake(change.strike)
  })
  return {
    async stop() {
      unfollow?.()
      await Promise.all([outbox.stop(), timers.stop(), schedules.stop()])
      ports.mail?.close()
      await ports.printer?.close()
    },
  }
}
