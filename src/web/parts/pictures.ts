/** Pictures that are shown large, and which of them now. */
export type Pictures = { all: readonly { href: string; name: string }[]; at: number }

const watchers = new Set<(pictures: Pictures) => void>()
/** Opened before the viewer had been loaded: it shows them when it comes. */
let early: Pictures | null = null

/** Hears when somebody opens a picture. Call the result to stop. */
export function watchPictures(hear: (pictures: Pictures) => void): () => void {
  watchers.add(hear)
  if (early) hear(early)
  early = null
  return () => { watchers.delete(hear) }
}

/**
 * Opens the picture behind a link among all that the page shows, in the order of the page.
 *
 * @returns false when the link is not among them: then it does what links do
 */
export function openPicture(link: HTMLAnchorElement): boolean {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('a[data-picture]')]
  const all = links.filter((one, index) => links.findIndex(({ href }) => href === one.href) === index)
    .map(({ href, title }) => ({ href, name: title }))
  const at = all.findIndex(({ href }) => href === link.href)
  if (at < 0) return false
  if (watchers.size === 0) early = { all, at }
  for (const hear of watchers) hear({ all, at })
  return true
}
