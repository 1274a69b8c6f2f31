import type * as z from 'zod';
import { PreheatError } from '../../kernel/failure.ts';
import type { ApiAnswer } from './call-api.ts';

/** What an answer says; throws a `PreheatError` of phase `report` where it is not what the API describes. */
export function readAnswer<T>(schema: z.ZodType<T>, { status, body }: ApiAnswer, action: string): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? 'its body' : issue.path.join('.');
  throw new PreheatError(
    `cannot ${action}: the answer (${status}) is not what Bitbucket describes, at ${where}`,
    {
      phase: 'report',
    },
  );
}
