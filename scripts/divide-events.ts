/**
 * `npm run db:divide -- slug …`: divides the table of events by company, one part for each company that is named, one for all
 * others. For databases of many millions of events (docs/operations.md); with nobody at work. Ends with 1 when it was not done.
 */
import { withClient } from '../src/server/database-roles.ts'
import { divideEvents } from '../src/server/divide-events.ts'
import { openPlace } from './database-place.ts'

const slugs = process.argv.slice(2)
const end = (line: string): never => {
  process.stderr.write(`${line}\n`)
  process.exit(1)
}
if (slugs.length === 0) end('Which companies get a part of their own? npm run db:divide -- slug …')

const place = await openPlace(process.env).catch((error: Error) => end(error.message))
try {
  await withClient(place.owner, async (client) => {
    const { rows } = await client.query<{ id: number; slug: string }>(
      'select company_id as id, slug from company where slug = any($1)', [slugs])
    const unknown = slugs.filter((slug) => !rows.some((row) => row.slug === slug))
    if (unknown.length > 0) throw new Error(`There is no company ${unknown.join(', ')}.`)
    await divideEvents(client, rows.map(({ id }) => id))
    process.stdout.write(`Divided: ${rows.map(({ slug }) => slug).join(', ')}, and one part for all others.\n`)
  })
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
} finally {
  await place.close()
}
