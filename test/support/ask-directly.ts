/**
 * A program of its own that asks registries for the config `a/b@sha256…` and prints what came of it: TLS trusts whom
 * the environment of the process names, and a program ends only when nothing keeps it.
 */
import { createHash } from 'node:crypto';
import { openDirectRegistry } from '../../src/adapters/oras/direct/open-direct-registry.ts';

const [registry = '', mode] = process.argv.slice(2);
const account = { username: 'builder', password: 'open sesame' };
const direct = openDirectRegistry({
  credentials: { credentialsFor: async () => (mode === 'account' ? account : undefined) },
  environment: {},
});
const reference = `sha256:${createHash('sha256').update('bytes').digest('hex')}`;
const answer = await direct.ask(
  { registry, repository: 'a/b', wanted: { kind: 'blob', reference, of: 'content' } },
  { signal: AbortSignal.timeout(60_000) },
);
process.stdout.write(answer.kind === 'unsettled' ? answer.why : answer.kind);
