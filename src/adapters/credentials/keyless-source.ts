import type { Clock } from '../../kernel/clock.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { CredentialSource } from '../../oci/credential-source.ts';
import { createRenewal, type ExpiringCredentials } from './renewal.ts';

/** Registries that take the same credentials, such as all of one cloud's region. */
export interface RegistryPlace {
  /** No other place of the source has this name. */
  readonly name: string;
}

export interface KeylessOptions<Place extends RegistryPlace> {
  /** The place of a registry; `undefined` for one that is somebody else's. */
  readonly placeOf: (registry: string) => Place | undefined;
  /** Exchanges the step's identity for credentials of a place. */
  readonly exchange: (place: Place, options: CallOptions) => Promise<ExpiringCredentials>;
  readonly clock: Clock;
  readonly warn: (text: string) => void;
}

/** Answers for the registries of a cloud with credentials that are kept fresh, one set for each place. */
export function createKeylessSource<Place extends RegistryPlace>(
  options: KeylessOptions<Place>,
): CredentialSource {
  const { placeOf, exchange, clock, warn } = options;
  const renewals = new Map<string, ReturnType<typeof createRenewal>>();
  const renewalOf = (place: Place) => {
    const known = renewals.get(place.name);
    if (known !== undefined) return known;
    const renewal = createRenewal({ exchange: (call) => exchange(place, call), clock, warn });
    renewals.set(place.name, renewal);
    return renewal;
  };
  return {
    async credentialsFor(registry, call) {
      const place = placeOf(registry);
      return place === undefined ? undefined : await renewalOf(place)(call);
    },
  };
}
