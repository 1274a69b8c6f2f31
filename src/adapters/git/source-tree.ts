import type { Checkout, SourceTree } from '../../build/source-tree.ts';
import { checkoutEntries } from './checkout-entries.ts';
import { layCheckout } from './lay-checkout.ts';
import { layingMode, type SourceTreeOptions } from './laying-options.ts';
import { recordCheckout } from './record-checkout.ts';

/**
 * Lays down commits of the clone in (or above) `directory`, which may be shallow and is not changed. The same request
 * gives the same entries and bytes, `.git` among them, from each clone that has the history and with each git of the
 * same version.
 */
export function openSourceTree(directory: string, options: SourceTreeOptions = {}): SourceTree {
  return {
    async layDown(request, { signal }) {
      const { parts, [Symbol.asyncDispose]: dispose } = await layCheckout(directory, request, options, {
        signal,
      });
      const checkout: Checkout = {
        record: async (call) => await recordCheckout(parts, layingMode(options), call),
        entries: checkoutEntries(parts, signal),
        [Symbol.asyncDispose]: dispose,
      };
      return checkout;
    },
  };
}
