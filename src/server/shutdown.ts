/** Things to end, in the reverse order of their beginning; each has its time, none holds up the others. */
export type Ending = { name: string; end: () => unknown }

const eachMs = 8_000

export async function endAll(endings: readonly Ending[], say: (line: string) => void): Promise<void> {
  for (const { name, end } of [...endings].reverse()) {
    const late = new Promise<'late'>((resolve) => { setTimeout(() => resolve('late'), eachMs).unref() })
    try {
      if (await Promise.race([Promise.resolve(end()), late]) === 'late') say(`${name} did not end in time`)
    } catch (error) {
      say(`${name} did not end well: ${(error as Error).message}`)
    }
  }
}
