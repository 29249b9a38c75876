import type { sheetsZh } from './sheets-zh.ts'

/** Sheets in and out, files. */
export const sheetsEn: Readonly<Record<keyof typeof sheetsZh, string>> = {
  'problem.file_infected': '{label} “{name}” holds a virus ({virus}); it was not taken and lies in quarantine',
  'file.infected': 'The upload “{name}” holds a virus ({virus}) and lies in quarantine; uploaded by {by}',
  'problem.ambiguous': 'There are {count} of this name ({label}); give the number instead',
  'problem.not_there': '{label} of this name was not found; register it first, or give its number',
  'problem.same_as_line': 'The same as line {line}, with other contents',
  'problem.not_allowed': 'This line cannot be brought in: {why}',
  'sheet.of': '{process}: {action}',
  'sheet.faults': 'Faults',
  'sheet.line': 'Line',
  'sheet.template_notes': 'How to fill it in',
  'sheet.required': 'required',
  'sheet.problem.torn': 'The file cannot be read: it is damaged, or no table. Save it as .xlsx or .csv and try again.',
  'sheet.problem.too_much': 'The table is too large: at most 200,000 lines. Please split it.',
  'sheet.problem.empty': 'The table is empty: no heading was found.',
  'sheet.problem.encrypted': 'The file has a password. Remove it and upload the file again.',
  'sheet.problem.not_a_sheet': 'This is no table. Upload an .xlsx or .csv file.',
  'sheet.problem.refused': 'Line {line} was refused and the import stopped: {text}',
  'sheet.problem.taken': 'Somebody has just registered some of these; nothing was written. The rows were checked again.',
  'sheet.problem.gone': 'Whoever began the import does not work here any more, or the company does not use this process.',
  'sheet.problem.fault': 'The program failed and the import stopped. What was written stays; the same file may be brought in again.',
}
