// Going back and forth between states, each of which is a value of its own.
export interface History<T> {
  readonly past: readonly T[]
  readonly now: T
  readonly future: readonly T[]
}
const STEPS_MAX = 200

export const begin = <T>(now: T): History<T> => ({ past: [], now, future: [] })
export const done = <T>(h: History<T>, next: T): History<T> =>
  next === h.now ? h : { past: [...h.past, h.now].slice(-STEPS_MAX), now: next, future: [] }
export const undo = <T>(h: History<T>): History<T> =>
  h.past.length
    ? { past: h.past.slice(0, -1), now: h.past[h.past.length - 1]!, future: [h.now, ...h.future] }
    : h
export const redo = <T>(h: History<T>): History<T> =>
  h.future.length
    ? { past: [...h.past, h.now], now: h.future[0]!, future: h.future.slice(1) }
    : h
/** What came from outside, such as more zones to work on, belongs to every state. */
export const everywhere = <T>(h: History<T>, change: (t: T) => T): History<T> => ({
  past: h.past.map(change),
  now: change(h.now),
  future: h.future.map(change),
})
