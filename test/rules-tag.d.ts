import 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    /** The rules that a test shows, where its title does not name them. */
    rules?: readonly string[]
  }
}
