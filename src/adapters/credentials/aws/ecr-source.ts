import type { CredentialSource } from '../../../oci/credential-source.ts';
import type { ExchangeTools } from '../exchange.ts';
import { createKeylessSource } from '../keyless-source.ts';
import { requireStepToken, type StepToken } from '../step-token.ts';
import { assumeRole } from './assume-role.ts';
import { logInToEcr } from './ecr-login.ts';
import type { EcrPlace } from './ecr-place.ts';

export interface EcrOptions {
  /** The role that the step assumes. */
  readonly roleArn: string;
  /** Under which AWS's logs show it. */
  readonly sessionName: string;
  readonly stepToken: string | undefined;
  readonly placeOf: (registry: string) => EcrPlace | undefined;
}

/** Answers for the registries of Amazon ECR, without a stored secret: OIDC token → role → registry. */
export function createEcrSource(options: EcrOptions, tools: ExchangeTools): CredentialSource {
  const { roleArn, sessionName, placeOf } = options;
  const stepToken: StepToken = { value: options.stepToken, redactor: tools.redactor };
  return createKeylessSource({
    placeOf,
    ...tools,
    async exchange(place, call) {
      const token = requireStepToken(stepToken, `assume ${roleArn}`, 'AWS_OIDC_ROLE_ARN');
      const keys = await assumeRole(place, { roleArn, sessionName, token }, tools, call);
      return await logInToEcr(place, keys, tools, call);
    },
  });
}
