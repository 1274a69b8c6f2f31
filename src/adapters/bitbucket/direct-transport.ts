import { PreheatError } from '../../kernel/failure.ts';
import type { Redactor } from '../../kernel/redact.ts';
import { authorizationOf, type BitbucketCredential } from './credential.ts';
import { adviseOnToken } from './refusal.ts';
import type { ApiTransport } from './transport.ts';

/** The way to the API itself, with a credential. `redactor` learns every form of it. */
export function directTransport(credential: BitbucketCredential, redactor: Redactor): ApiTransport {
  const authorization = authorizationOf(credential, redactor);
  return {
    peer: 'Bitbucket',
    unreachableHint: 'Check that this step reaches the API of Bitbucket',
    advise: adviseOnToken,
    async send({ method, url, body }, action, { signal }) {
      if (!/^[\x20-\x7e]+$/.test(authorization)) throw unsendable(action);
      return await fetch(url, {
        method,
        headers: {
          authorization,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body }),
        // A redirect would turn a POST into a GET; shown as the refusal that it is.
        redirect: 'manual',
        signal,
      });
    },
  };
}

function unsendable(action: string): PreheatError {
  return new PreheatError(`cannot ${action}: the token holds characters that no token has`, {
    phase: 'report',
    code: 'unauthorized',
    hint: 'Copy the token again, on one line',
  });
}
