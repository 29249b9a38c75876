/** Pictures that are shown large, and which of them now. */
export type Pictures = { all: readonly { href: string; name: string }[]; at: number }

const watchers = new Set<(pictures: Pictures) => void>()

/** Hears when somebody opens a picture. Call the result to stop. */
export function watchPictures(hear: (pictures: Pictures) => void): () => void {
  watchers.add(hear)
  return () => { watchers.delete(hear) }
}

/**
 * Opens the picture behind a link among all that the page shows, in the order of the page.
 *
 * @returns false when nobody shows pictures here: then the link does what links do
 */
export function openPicture(link: HTMLAnchorElement): boolean {
  if (watchers.size === 0) return false
  const links = [...document.querySelectorAll<HTMLAnchorElement>('a[data-picture]')]
  const all = links.filter((one, index) => links.findIndex(({ href }) => href === one.href) === index)
    .map(({ href, title }) => ({ href, name: title }))
  const at = all.findIndex(({ href }) => href === link.href)
  if (at < 0) return false
  for (const hear of watchers) hear({ all, at })
  return true
}
