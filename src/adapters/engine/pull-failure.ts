import { PreheatError, type FailureCode, type Phase } from '../../kernel/failure.ts';
import { engineWords } from './engine-failure.ts';

interface Kind {
  readonly code: FailureCode;
  readonly words: RegExp;
  readonly hint: (image: string, registry: string) => string;
  readonly retryable?: boolean;
}

/** In this order: Docker Hub says `denied` and `not found` in one breath of what it does not show to just anyone. */
const KINDS: readonly Kind[] = [
  {
    code: 'unauthorized',
    words: /unauthorized|authentication required|no basic auth credentials|denied|forbidden|\b40[13]\b/i,
    hint: (_image, registry) =>
      `Log in to ${registry} with an account that may read the image (docker login ${registry}).`,
  },
  {
    code: 'not-found',
    words: /not found|manifest unknown|name unknown|no such (?:image|manifest)|\b404\b/i,
    hint: (image) => `Check the name, the tag and the platform of ${image}.`,
  },
  {
    code: 'unreachable',
    words:
      /refused|no such host|timed? ?out|deadline exceeded|reset by peer|EOF|misbehaving|unreachable|x509|tls:|HTTP response to HTTPS|server error|\b(?:429|50\d)\b|toomanyrequests/i,
    hint: (_image, registry) => `Check that the machine of the Docker engine reaches ${registry}.`,
    retryable: true,
  },
];

const OTHERWISE: Kind = {
  code: 'engine',
  words: /^/,
  hint: (image) => `Try docker pull ${image} by hand, and see the engine's log.`,
};

/**
 * Why an image could not be pulled. The engine gives words only, and HTTP status 404 and 500 for almost everything, so
 * the words decide: code `unauthorized`, `not-found`, `unreachable` or `engine`.
 */
export function pullFailure(image: string, registry: string, thrown: unknown, phase: Phase): PreheatError {
  const why = engineWords(thrown);
  const { code, hint, retryable = false } = KINDS.find(({ words }) => words.test(why)) ?? OTHERWISE;
  return new PreheatError(`cannot pull ${image}: ${why}`, {
    phase,
    code,
    hint: hint(image, registry),
    retryable,
    cause: thrown,
  });
}
