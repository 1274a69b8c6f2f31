/** The engine's own default; it is in no key, so that naming it changes nothing. */
export const USUAL_NETWORK = 'bridge';

/** The engine network of tasks, for their keys: only where it is not the usual one. */
export function networkOf({ network }: { readonly network: string }): { readonly network?: string } {
  return network === USUAL_NETWORK ? {} : { network };
}
