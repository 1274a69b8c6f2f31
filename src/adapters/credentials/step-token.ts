import { PreheatError } from '../../kernel/failure.ts';
import type { Redactor } from '../../kernel/redact.ts';

/** What proves to a cloud which step of which pipeline is asking. */
export interface StepToken {
  /**
   * `BITBUCKET_STEP_OIDC_TOKEN`, a JSON Web Token
   * (https://support.atlassian.com/bitbucket-cloud/docs/integrate-pipelines-with-resource-servers-using-oidc/); a step
   * has none unless it asks for it.
   */
  readonly value: string | undefined;
  readonly redactor: Redactor;
}

/**
 * The token, which is to be exchanged for `purpose` because the variable `because` is set. Throws `PreheatError` (observe,
 * `unauthorized`) where the step has none.
 */
export function requireStepToken({ value, redactor }: StepToken, purpose: string, because: string): string {
  const token = value?.trim() ?? '';
  if (token === '') {
    throw new PreheatError(`cannot ${purpose}: the step has no BITBUCKET_STEP_OIDC_TOKEN`, {
      phase: 'observe',
      code: 'unauthorized',
      hint: `Write "oidc: true" into the step in bitbucket-pipelines.yml, or unset ${because}.`,
    });
  }
  redactor.add(token);
  return token;
}
