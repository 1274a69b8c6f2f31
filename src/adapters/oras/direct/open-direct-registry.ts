import { withDeadline } from '../../../kernel/deadline.ts';
import { messageOf, PreheatError } from '../../../kernel/failure.ts';
import type { CallOptions } from '../../../oci/content-store.ts';
import type { CredentialSource } from '../../../oci/credential-source.ts';
import { isPlainHttp } from '../plain-http.ts';
import { ask } from './ask-registry.ts';
import { createRegistrySender } from './authorized-requests.ts';
import {
  unsettled,
  type DirectRegistry,
  type RegistryAnswer,
  type RegistryQuestion,
} from './direct-registry.ts';
import { createHttpSender, type SendHttp } from './http-exchange.ts';
import { mayPassProxy } from './may-pass-proxy.ts';
import { pushImage } from './push-image.ts';
import type { SendBelow } from './send-below.ts';
import { tagManifest } from './tag-manifest.ts';

export interface DirectOptions {
  readonly credentials: CredentialSource;
  /** Registries (`host[:port]`) besides the loopback ones that speak plain HTTP. */
  readonly plainHttp?: readonly string[];
  /** Names proxies, if there are any. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** How long one call may take, in milliseconds; one that sends an image, three times that. */
  readonly deadlineMs?: number;
}

/** A registry that answers later is slow enough for a program. */
const DEADLINE_MS = 10_000;
/** What is sent takes so many times as long. */
const UPLOAD_FACTOR = 3;

/**
 * Speaks to registries in this process, over connections and with tokens that are kept, and takes plain answers only:
 * content that fits its digest, or status 404. All else stays unsettled. A registry that could not be spoken to is not
 * tried again.
 */
export function openDirectRegistry({
  credentials,
  plainHttp,
  environment,
  deadlineMs = DEADLINE_MS,
}: DirectOptions): DirectRegistry {
  const send = createRegistrySender(createSender(mayPassProxy(environment)), credentials);
  const unspoken = new Map<string, string>();
  // What was sent last is what gets tags next.
  let sent: SentManifest | undefined;
  const speak = async (
    { registry, repository }: Place,
    { signal }: CallOptions,
    work: (sendBelow: SendBelow) => Promise<RegistryAnswer>,
    boundMs: number = deadlineMs,
  ): Promise<RegistryAnswer> => {
    const before = unspoken.get(registry);
    if (before !== undefined) return unsettled(before);
    const scheme = isPlainHttp(registry, plainHttp) ? 'http' : 'https';
    const base = `${scheme}://${hostOf(registry)}/v2/${repository}/`;
    const options = { signal: withDeadline(signal, boundMs) };
    try {
      return await work(
        async (request, path) =>
          await send({ ...request, url: below(base, path), registry, repository }, options),
      );
    } catch (thrown) {
      signal.throwIfAborted();
      if (thrown instanceof PreheatError) throw thrown;
      // Of a host with several addresses each has failed, and the sum says nothing.
      const why = messageOf(thrown instanceof AggregateError ? thrown.errors[0] : thrown);
      // What was too long says nothing of the next answer.
      if (!(thrown instanceof RangeError)) unspoken.set(registry, why);
      return unsettled(why);
    }
  };
  return {
    ask: async (question, options) =>
      await speak(question, options, async (send) => await ask(question, send)),
    async tag(tagging, options) {
      const known = sent?.digest === tagging.digest && isSame(sent, tagging) ? sent.body : undefined;
      return await speak(tagging, options, async (send) => await tagManifest(tagging, known, send));
    },
    async push(pushing, options) {
      const work = async (send: SendBelow) => await pushImage(pushing, send);
      const answer = await speak(pushing, options, work, UPLOAD_FACTOR * deadlineMs);
      if (answer.kind === 'found') sent = { ...pushing, body: answer.content };
      return answer;
    },
  };
}

function isSame(one: Place, other: Place): boolean {
  return one.registry === other.registry && one.repository === other.repository;
}

/** Behind proxies only this machine is spoken to, by way of redirects and for tokens as well. */
function createSender(isProxied: boolean): SendHttp {
  const send = createHttpSender();
  return async (request, options) => {
    if (isProxied && !isPlainHttp(request.url.host)) throw new Error('there may be a proxy in between');
    return await send(request, options);
  };
}

interface SentManifest extends Place {
  readonly digest: string;
  readonly body: Uint8Array;
}

type Place = Pick<RegistryQuestion, 'registry' | 'repository'>;

/** What a registry names for the next request must be its own: authorization goes along. */
function below(base: string, path: string): URL {
  const url = new URL(path, base);
  if (url.origin !== new URL(base).origin) throw new RangeError('the registry leads to another host');
  return url;
}

/** Under docker.io there is a web site (oras-go, `registry.Reference.Host`). */
function hostOf(registry: string): string {
  return registry === 'docker.io' ? 'registry-1.docker.io' : registry;
}
