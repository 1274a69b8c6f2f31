import * as z from 'zod';
import { PreheatError } from '../../kernel/failure.ts';
import { parseJson } from '../../kernel/parse-json.ts';
import type { Credentials } from '../../oci/credential-source.ts';

/** https://github.com/docker/docker-credential-helpers/blob/master/credentials/credentials.go */
const HelperAnswer = z.object({ Username: z.string(), Secret: z.string() });

/** What helpers print for a server that they do not know; they exit with 1 as for any trouble. */
const NOT_FOUND = /credentials not found in native keychain/i;
const DEADLINE_MS = 30_000;
const MOST_OUTPUT = 64 * 1024;

/**
 * Asks `docker-credential-<helper>` for a server's credentials; `undefined` where it knows none. Throws `PreheatError`
 * (observe, `unauthorized`) when it cannot be run or fails. Nothing of its output is ever told: it may be a secret.
 */
export async function askHelper(
  helper: string,
  server: string,
  signal: AbortSignal,
): Promise<Credentials | undefined> {
  const program = `docker-credential-${helper}`;
  const { execa } = await import('execa');
  const answer = await execa(program, ['get'], {
    input: server,
    cancelSignal: signal,
    timeout: DEADLINE_MS,
    maxBuffer: MOST_OUTPUT,
    reject: false,
  });
  signal.throwIfAborted();
  if (answer.failed) {
    if (NOT_FOUND.test(`${answer.stdout}\n${answer.stderr}`)) return undefined;
    throw failed(
      program,
      server,
      answer.exitCode === undefined ? 'it cannot be run' : `it exits with ${answer.exitCode}`,
    );
  }
  const parsed = HelperAnswer.safeParse(parseJson(answer.stdout));
  if (!parsed.success) throw failed(program, server, 'its answer has another form');
  const { Username: username, Secret: password } = parsed.data;
  return password === '' ? undefined : { username, password };
}

function failed(program: string, server: string, why: string): PreheatError {
  return new PreheatError(`cannot get credentials for ${server} from ${program}: ${why}`, {
    phase: 'observe',
    code: 'unauthorized',
    hint: `Log in again, or set REGISTRY_USERNAME and REGISTRY_PASSWORD.`,
  });
}
