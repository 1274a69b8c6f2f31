import type { CallOptions } from '../../oci/content-store.ts';
import { fetchInto } from './fetch-call.ts';
import type { GitPlace } from './git-command.ts';
import { publicRemoteUrl } from './remote-url.ts';
import { proxyEnvironment, proxySettings } from './step-proxy.ts';

/** How the repository that was cloned from is asked for what a clone lacks. */
export type Origin =
  /** At its address over plain HTTP, through the step's proxy, which adds the credential. */
  | { readonly kind: 'proxied'; readonly url: string; readonly proxy: string }
  /** As the clone's own `origin`, with the settings of who runs git there; at `url` where there is no clone. */
  | { readonly kind: 'own'; readonly url?: string | undefined };

/** An origin, and what is known of the clone's own. */
export interface OriginAccess {
  readonly origin: Origin;
  /** The address, for messages. */
  readonly url: string;
  /** The address, whole, where it is a folder of this machine. */
  readonly localOrigin?: string | undefined;
  /** The clone's configuration file; absent where there is no clone. */
  readonly configuration: string | undefined;
  readonly boundMs: number;
}

/** One question to the origin, called by what stands in "cannot fetch <what> from …". */
export interface OriginCall extends CallOptions {
  readonly what: string;
  readonly input?: string;
  readonly settings?: readonly string[];
}

/** Fetches from the remote `origin`; whether it gives what was asked for. */
export type FetchFromOrigin = (args: readonly string[], call: OriginCall) => Promise<boolean>;

/** Makes fetches from an origin into the repository of `place`. */
export function fetchFrom(place: GitPlace, access: OriginAccess): FetchFromOrigin {
  const { url, boundMs } = access;
  const { from, settings: always } = routeTo(place, access);
  return async (args, { signal, what, input, settings = [] }) =>
    await fetchInto(from, args, {
      signal,
      purpose: `fetch ${what} from ${shownUrl(access)}`,
      url,
      boundMs,
      hintFor: () => hintOf(access),
      settings: [...always, ...settings],
      ...(input === undefined ? {} : { input }),
    });
}

/** How an origin is asked from `place`: with which environment and settings its remote `origin` is that one. */
export function routeTo(
  place: GitPlace,
  { origin, url, configuration }: OriginAccess,
): { readonly from: GitPlace; readonly settings: readonly string[] } {
  const address = [`remote.origin.url=${url}`];
  if (origin.kind === 'proxied') {
    const environment = { ...place.environment, ...proxyEnvironment(place.directory) };
    return { from: { ...place, environment }, settings: [...address, ...proxySettings(origin.proxy)] };
  }
  return configuration === undefined
    ? { from: place, settings: address }
    : { from: { ...place, configuration }, settings: [] };
}

/** What to do where an origin does not give what a commit needs. */
export function hintOf(access: OriginAccess): string {
  const { origin } = access;
  if (origin.kind === 'own')
    return 'Fetch it into the clone first (git fetch origin COMMIT), or use a clone without --filter.';
  return (
    'Write clone: { enabled: true, depth: full } without a filter into bitbucket-pipelines.yml, or see that ' +
    `${shownUrl(access)} can be reached through ${origin.proxy} (STEP_PROXY names another proxy).`
  );
}

/** An address without passwords; `publicRemoteUrl` would show as https what the proxy is asked for as http. */
export function shownUrl({ origin, url }: Pick<OriginAccess, 'origin' | 'url'>): string {
  const shown = publicRemoteUrl(url);
  return origin.kind === 'proxied' ? shown.replace(/^https:/, 'http:') : shown;
}
