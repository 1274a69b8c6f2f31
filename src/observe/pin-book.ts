import type { Log } from '../kernel/log.ts';
import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import type { BasePin, BasePins } from './base-pins.ts';
import { followsPin, type BaseRefresh } from './base-refresh.ts';
import { readBasePins } from './read-base-pins.ts';

/** The pins as one build uses them. */
export interface PinBook {
  /** The pin that a build takes instead of asking a registry. */
  follow(reference: string, options: CallOptions): Promise<BasePin | undefined>;
  /** The pin whatever its age: for when no registry answers. */
  find(reference: string, options: CallOptions): Promise<BasePin | undefined>;
}

export interface PinBookRequest {
  readonly tag: string;
  readonly policy: BaseRefresh;
  /** Whether it is a build of the default branch itself. */
  readonly isDefaultBranch: boolean;
  readonly now: Date;
}

/** Opens the pins; they are read once, and only if a build has use for them. */
export function openPinBook(
  request: PinBookRequest,
  sources: { readonly target: ContentStore; readonly log: Log },
): PinBook {
  const { tag, policy, isDefaultBranch, now } = request;
  let read: Promise<BasePins> | undefined;
  const find: PinBook['find'] = async (reference, options) => {
    if (policy.kind === 'always') return undefined;
    read ??= readBasePins(tag, sources, options);
    return (await read).pins[reference];
  };
  return {
    find,
    async follow(reference, options) {
      // Who would ask anyway need not read first.
      if (policy.kind === 'push' && isDefaultBranch) return undefined;
      const pin = await find(reference, options);
      const age = pin === undefined ? 0 : now.getTime() - Date.parse(pin.pinnedAt);
      return pin !== undefined && followsPin(policy, { age, isDefaultBranch }) ? pin : undefined;
    },
  };
}
