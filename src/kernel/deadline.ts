/**
 * A signal that aborts when `signal` does or when `milliseconds` have passed, whichever comes first; in the second
 * case its reason is a `TimeoutError`.
 */
export function withDeadline(signal: AbortSignal, milliseconds: number): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
}
