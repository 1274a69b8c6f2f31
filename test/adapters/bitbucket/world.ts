import type { BitbucketOptions } from '../../../src/adapters/bitbucket/forge.ts';
import { createBitbucketForge } from '../../../src/adapters/bitbucket/forge.ts';
import { createRedactor } from '../../../src/kernel/redact.ts';
import type { BuildStatus, Forge } from '../../../src/report/forge.ts';
import { startFakeBitbucket, type FakeBitbucket, type FakeToken } from '../../fakes/bitbucket.ts';
import { handClock } from '../../support/hand-clock.ts';

export const REPOSITORY = 'team/app';
export const COMMIT = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';
export const OTHER_COMMIT = '1234567890abcdef1234567890abcdef12345678';
export const TOKEN = 'ATCTT3xFfGN0-secret+token/1';
export const EMAIL = 'dev@example.org';

/** The header of e-mail or user name and secret. */
export function basic(user: string, secret: string): string {
  return `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
}

export const TOKENS: readonly FakeToken[] = [
  { authorization: `Bearer ${TOKEN}`, scopes: ['repository', 'pullrequest'] },
  { authorization: basic(EMAIL, TOKEN), scopes: ['read:repository:bitbucket'] },
  { authorization: basic('dev', TOKEN), scopes: ['repository'] },
  { authorization: 'Bearer only-pull-requests', scopes: ['pullrequest'] },
  { authorization: 'Bearer only-repository', scopes: ['repository'] },
];

export const STATUS: BuildStatus = {
  commit: COMMIT,
  key: 'preheat-0123456789ab',
  state: 'SUCCESSFUL',
  name: 'Workspace image',
  description: 'Warm',
  url: 'https://bitbucket.org/team/app/commits/a1b2c3d4',
};

export async function startFake(allowance = Infinity): Promise<FakeBitbucket> {
  return startFakeBitbucket({
    repositories: { [REPOSITORY]: [COMMIT, OTHER_COMMIT], '{1f0c}/{2e9d}': [COMMIT] },
    tokens: TOKENS,
    allowance,
  });
}

/** A forge at a fake, whose waits are over at once and have no jitter. */
export function forgeAt(
  fake: Pick<FakeBitbucket, 'baseUrl'>,
  changes: Partial<BitbucketOptions> = {},
): Forge {
  return createBitbucketForge({
    baseUrl: fake.baseUrl,
    bitbucketWorkspace: 'team',
    repositorySlug: 'app',
    credential: { kind: 'bearer', token: TOKEN },
    redactor: createRedactor(),
    clock: handClock(),
    random: () => 0,
    ...changes,
  });
}

/** What a fake was asked: method, path below the repository, of those after the first `skipped`. */
export function askedOf({ requests }: FakeBitbucket, skipped = 0): readonly string[] {
  return requests
    .slice(skipped)
    .map(({ method, path }) => `${method} ${path.replace(/^\/repositories\/[^/]+\/[^/]+\//, '')}`);
}
