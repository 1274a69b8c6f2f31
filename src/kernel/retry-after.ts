/**
 * The least wait that an answer asks for, in milliseconds: `Retry-After` in seconds (RFC 9110, 10.2.3). Its form as a
 * date is of no use with clocks that differ.
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const seconds = /^\d{1,6}$/.exec(headers.get('retry-after')?.trim() ?? '')?.[0];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
