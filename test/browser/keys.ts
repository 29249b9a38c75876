import type { Page } from 'playwright-core'

/** What one moment at the desk takes. `text`: letters of what the customer says, typed as they are said. */
export type KeyCount = { moment: string; keys: number; text: number; screens: number }

/**
 * An answer in a form: the keys that choose it, or what is typed; then Enter, as a hand does. `null`: the field is
 * left as it stands.
 */
export type Answers = Readonly<Record<string, readonly string[] | { type: string } | null>>

/** A hand on the keyboard, and nothing else: there is no mouse. */
export type Hand = {
  press(...keys: string[]): Promise<void>
  /** Writes down what is said; `counted` letters are presses like any other (a number that is looked up). */
  type(text: string, counted?: boolean): Promise<void>
  /** Answers the open form field by field, by what has the focus, and sends it. */
  answer(answers: Answers): Promise<void>
  /** What was done since the last time, under a name. */
  took(moment: string): KeyCount
}

/** A hand is slower than a scanner. */
const betweenMs = 60
/** More steps than any form has. */
const stepsMost = 120

export function handOn(page: Page): Hand {
  let [keys, text] = [0, 0]
  let screens = new Set<string>()
  const see = () => {
    const { pathname, searchParams } = new URL(page.url())
    screens.add(`${pathname}?${searchParams.get('do') ?? ''}`)
  }
  page.on('framenavigated', (frame) => { if (frame === page.mainFrame()) see() })
  const press = async (...all: string[]) => {
    for (const key of all) {
      await page.keyboard.press(key, { delay: betweenMs })
      keys += 1
    }
  }
  const type = async (words: string, counted = false) => {
    await page.keyboard.type(words, { delay: counted ? betweenMs : 2 })
    if (counted) keys += words.length
    else text += words.length
  }
  return {
    press, type,
    async answer(answers) {
      const left = new Set(Object.keys(answers))
      // A form that has opened has put the focus into its first open field.
      await page.waitForFunction(() => document.activeElement?.closest('main form [data-field],main form [type=submit]'))
      for (let step = 0; step < stepsMost; step += 1) {
        // The next field has the focus when the answer has been drawn.
        await page.waitForTimeout(betweenMs * 2)
        const at = await whereabouts(page)
        if (at.sends && left.size === 0) return press('Enter')
        if (at.field !== null && left.delete(at.field)) {
          const said = answers[at.field]!
          if (Array.isArray(said)) await press(...said)
          else if (said !== null) await type((said as { type: string }).type)
          if (!Array.isArray(said)) await press(at.line ? 'Enter' : 'Tab')
        } else await press(at.line ? 'Enter' : 'Tab')
      }
      throw new Error(`the form did not end; never came to ${[...left].join()}`)
    },
    took(moment) {
      see()
      const count = { moment, keys, text, screens: screens.size }
      keys = 0
      text = 0
      screens = new Set()
      return count
    },
  }
}

/** Where the focus is: in which field; whether Enter goes on from here; whether it is the button that sends. */
const whereabouts = (page: Page): Promise<{ field: string | null; line: boolean; sends: boolean }> => page.evaluate(() => {
  const target = document.activeElement as HTMLInputElement | null
  const line = target?.tagName === 'INPUT' && !/^(checkbox|radio|file)$/.test(target.type)
  return { field: target?.closest<HTMLElement>('[data-field]')?.dataset['field'] ?? null, line,
    sends: target?.matches('main form button[type=submit]') ?? false }
})
