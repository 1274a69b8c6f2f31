import { PreheatError } from '../kernel/failure.ts';
import type { Staging } from '../oci/staging.ts';
import { guardSecrets, type SecretGuard } from './secret-guard.ts';
import { needlesOf, searchFor } from './secret-search.ts';

/** What a Dockerfile is told that writes down what its commands are given. */
const HINT =
  'Let the commands of RUN use the variable as it is; they have it without ARG, and ENV would keep it.';

/**
 * Watches the image of a Dockerfile on its way into staging for what its commands were given (passwords of proxies):
 * its layers as {@link guardSecrets} does, and its config, where `ENV`, `LABEL` and the history stand.
 */
export function guardBuiltBase(
  file: string,
  staging: Staging,
  secrets: Readonly<Record<string, string>>,
): SecretGuard {
  const told = { doing: `keep the image of ${file}`, hint: HINT };
  const layers = guardSecrets(staging, secrets, told);
  const search = searchFor(needlesOf(secrets));
  return {
    staging: {
      ...layers.staging,
      addBlob: async (mediaType, bytes, options) => {
        search.add(bytes);
        return await staging.addBlob(mediaType, bytes, options);
      },
    },
    check() {
      layers.check();
      const [name] = search.found;
      if (name === undefined) return;
      throw new PreheatError(`cannot ${told.doing}: its config holds the secret ${name}`, {
        phase: 'build',
        code: 'task-failed',
        hint: HINT,
      });
    },
  };
}
