import type { Phase } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { DirectRegistry, RegistryAnswer } from './direct/direct-registry.ts';
import type { OrasLimits } from './oras-options.ts';
import { isPlainHttp } from './plain-http.ts';

/** One side of a call: a registry, whose access oras must be told, or a layout on disk. */
export type OrasSide = { readonly kind: 'registry'; readonly registry: string } | { readonly kind: 'layout' };

/** What oras is to do, without how: credentials, flags, deadline and attempts are added when it runs. */
export interface OrasCall {
  /** What is done, as in "cannot <doing>: …". */
  readonly doing: string;
  readonly phase: Phase;
  /** `cp`, `manifest fetch` … with the flags of its own. */
  readonly command: readonly string[];
  /** The sides in the order in which the command names them; two of them only for `cp`. */
  readonly sides: readonly [OrasSide] | readonly [from: OrasSide, to: OrasSide];
  /** References and other arguments, behind the flags. */
  readonly operands: readonly string[];
  /** Whether what is asked for may be missing; the answer is `undefined` then. */
  readonly optional?: boolean;
  /** How the same is done without oras, which runs only where this leaves it unsettled. */
  readonly directly?: (registry: DirectRegistry, options: CallOptions) => Promise<RegistryAnswer>;
  readonly cwd?: string;
  /** How many bytes may have to move; the deadline grows with them. */
  readonly bytes?: number;
  /** Gets each line that oras prints about the transfer. */
  readonly onLine?: (line: string) => void;
}

/** The registries that a call speaks to. */
export function registriesOf({ sides }: OrasCall): readonly string[] {
  return sides.flatMap((side) => (side.kind === 'registry' ? [side.registry] : []));
}

/** After how many milliseconds a call is given up. */
export function deadlineOf({ bytes = 0 }: OrasCall, { callMs, bytesPerSecond }: OrasLimits): number {
  return callMs + Math.ceil((bytes / bytesPerSecond) * 1000);
}

/** The arguments of oras for a call; `config` is the credentials file. */
export function argumentsOf(
  { command, sides, operands }: OrasCall,
  config: string,
  plainHttp: readonly string[],
  oneAtATime: boolean,
): readonly string[] {
  const [only, second] = sides;
  const flags =
    second === undefined
      ? sideFlags(only, '--', config, plainHttp)
      : [...sideFlags(only, '--from-', config, plainHttp), ...sideFlags(second, '--to-', config, plainHttp)];
  return [...command, ...(oneAtATime ? ['--concurrency', '1'] : []), ...flags, ...operands];
}

function sideFlags(
  side: OrasSide,
  prefix: string,
  config: string,
  plainHttp: readonly string[],
): readonly string[] {
  if (side.kind === 'layout') return [`${prefix}oci-layout`];
  const plain = isPlainHttp(side.registry, plainHttp) ? [`${prefix}plain-http`] : [];
  return [`${prefix}registry-config`, config, ...plain];
}
