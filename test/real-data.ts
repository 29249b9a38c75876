import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Public data that is not ours to copy: beside the project, or where GONGDAN_REAL_DATA says.
 *
 * @returns the path of the file, or null where it is absent: a test that needs it then says so and proves nothing
 */
export function realData(...path: string[]): string | null {
  const folder = process.env.GONGDAN_REAL_DATA ?? join(import.meta.dirname, '..', '..', 'shared', 'data')
  const file = join(folder, ...path)
  return existsSync(file) ? file : null
}
