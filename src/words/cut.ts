/** A text within so many letters, with an ellipsis where something was left out. Letters are code points, as fields count them. */
export function cutTo(text: string, most: number): string {
  const letters = [...text]
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : text
}
