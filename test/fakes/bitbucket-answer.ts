/** An answer of the fake with a JSON body, or none. */
export interface FakeAnswer {
  readonly status: number;
  readonly body?: unknown;
}

/** The error body that all of the API but Code Insights uses. */
export function errorAnswer(status: number, message: string, more: object = {}): FakeAnswer {
  return { status, body: { type: 'error', error: { message, ...more } } };
}

/** The error body of Code Insights, which its description does not know. */
export function insightsError(status: number, message: string): FakeAnswer {
  return { status, body: { code: status, message } };
}

/** What is wrong with fields of a request. */
export function fieldErrors(fields: Readonly<Record<string, readonly string[]>>): FakeAnswer {
  const message = Object.entries(fields)
    .map(([name, errors]) => `${name}: ${errors.join(' ')}`)
    .join('; ');
  return errorAnswer(400, message, { fields });
}

/** Moments as the API writes them, each one second later than the one before. */
export function createFakeTimes(): () => string {
  let second = 0;
  return () => new Date(Date.UTC(2026, 0, 2, 3, 4, second++)).toISOString().replace('Z', '000+00:00');
}
