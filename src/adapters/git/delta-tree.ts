import type { CheckoutDelta, DeltaTree } from '../../build/delta-tree.ts';
import type { CheckoutRequest } from '../../build/source-tree.ts';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { checkoutItems, entriesOf } from './checkout-entries.ts';
import { changedItems, pathsAfter, pathsBefore, pathsGone } from './delta-paths.ts';
import { openEarlierCheckout, type EarlierCheckout } from './earlier-checkout.ts';
import { layCheckout } from './lay-checkout.ts';
import { layingMode, type SourceTreeOptions } from './laying-options.ts';

/**
 * Lays down commits of the clone in (or above) `directory` as differences from commits of the clone in (or above)
 * `earlierDirectory`: the same one, or one that has the earlier commit where the first lacks it. The same earlier
 * checkout and request give the same entries and bytes, from all clones that have the histories and with each git of
 * the same version.
 */
export function openDeltaTree(
  directory: string,
  earlierDirectory: string,
  options: SourceTreeOptions = {},
): DeltaTree {
  return {
    async layDelta(request, record, { signal }) {
      const mode = layingMode(options);
      if (mode.lfs !== record.mode.lfs || mode.submodules !== record.mode.submodules)
        return { unusable: 'it was laid with another --lfs or --submodules' };
      const earlier = await openEarlierCheckout(earlierDirectory, record, options, { signal }).catch(
        (thrown: unknown) => {
          signal.throwIfAborted();
          if (thrown instanceof PreheatError) return { unusable: thrown.message };
          throw thrown;
        },
      );
      return 'unusable' in earlier
        ? earlier
        : await layUpon(earlier, directory, request, options, { signal });
    },
  };
}

async function layUpon(
  earlier: EarlierCheckout,
  directory: string,
  request: CheckoutRequest,
  options: SourceTreeOptions,
  { signal }: CallOptions,
): Promise<CheckoutDelta> {
  await using stack = new AsyncDisposableStack();
  const { parts } = stack.use(await layCheckout(directory, request, options, { signal }, earlier));
  const items = await checkoutItems(parts);
  const changed = await changedItems(parts, items, earlier);
  const [before, after] = [pathsBefore(earlier), pathsAfter(items, parts, earlier)];
  const folders = [...items.values()].filter(({ kind }) => kind === 'directory').map(({ path }) => path);
  const owned = stack.move();
  return {
    before,
    after,
    changed: [...changed.keys()].toSorted(),
    folders,
    gone: pathsGone(before, after),
    entries: entriesOf(changed.values(), signal),
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}
