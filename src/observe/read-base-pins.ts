import { messageOf, PreheatError } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import { BasePinsText, type BasePins } from './base-pins.ts';

/** No pin at all. */
export const NO_PINS: BasePins = { schemaVersion: 1, pins: {} };

/**
 * Reads the pins under `tag`. What cannot be read or understood counts as none, with one line: a build then asks the
 * base's own registry. Only a refusal ends the run, since publishing would meet it too.
 */
export async function readBasePins(
  tag: string,
  { target, log }: { readonly target: ContentStore; readonly log: Log },
  options: CallOptions,
): Promise<BasePins> {
  try {
    const found = await target.readManifest(tag, options);
    const text = found?.manifest.annotations?.[ANNOTATION.basePins];
    return text === undefined ? NO_PINS : BasePinsText.parse(text);
  } catch (thrown) {
    const refused = thrown instanceof PreheatError && ['unauthorized', 'unreachable'].includes(thrown.code);
    if (refused || options.signal.aborted) throw thrown;
    log.warn(`cannot read ${tag}: ${messageOf(thrown)}; base images are asked for anew`);
    return NO_PINS;
  }
}
