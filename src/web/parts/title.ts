/** A title that may go over several lines: no line of it begins with the dot between machine and symptom. */
export const titleWords = (title: string): string => title.replaceAll(' · ', '\u00a0· ')
