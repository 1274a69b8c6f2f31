import { openBuildContext } from '../adapters/git/build-context.ts';
import { readCloneOrigin } from '../adapters/git/clone-origin.ts';
import { openContextTree } from '../adapters/git/context-tree.ts';
import { openRemoteRepositories, type ReachedRepositories } from '../adapters/git/remote-repositories.ts';
import { openSourceTree } from '../adapters/git/source-tree.ts';
import { isLocalUrl } from '../adapters/git/submodule-url.ts';
import type { BuildContext } from '../build/build-context.ts';
import type { SourceTree } from '../build/source-tree.ts';
import type { ContextTree } from '../observe/dockerfile/context-tree.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Sources } from './open-sources.ts';
import type { Session } from './session.ts';
import { sourceOptions } from './source-options.ts';

/** The repositories that a configuration names, as they are reached from where the pushed one is built. */
export interface OtherRepositories extends ReachedRepositories {
  /** The address of the pushed repository: its remote, or a folder of this machine. */
  pushedAddress(options: CallOptions): Promise<string>;
  /** Lays commits of one that was fetched into `directory`. */
  treeIn(directory: string, address: string): SourceTree;
  /** Reads commits of one that was fetched into `directory` as a Dockerfile's build does. */
  contextIn(directory: string): { readonly tree: ContextTree; readonly buildContext: BuildContext };
}

/** Nothing is contacted before the first call. */
export function otherRepositories(sources: Sources, session: Session): OtherRepositories {
  const { address, directory, proxy } = sources;
  const host = address === undefined ? undefined : URL.parse(address)?.host;
  const proxied = proxy === undefined || host === undefined ? undefined : { proxy, host };
  const pushedAddress = async (options: CallOptions): Promise<string> =>
    address ?? (await readCloneOrigin(directory, options));
  const open = async (options: CallOptions): Promise<ReachedRepositories> => {
    const local = isLocalUrl(await pushedAddress(options));
    return openRemoteRepositories({ ...sourceOptions(sources, session), proxied, local });
  };
  return {
    pushedAddress,
    findTips: async (asked, branch, options) => await (await open(options)).findTips(asked, branch, options),
    fetch: async (asked, commit, phase, options) =>
      await (await open(options)).fetch(asked, commit, phase, options),
    treeIn(fetched, asked) {
      const isProxied = proxied !== undefined && URL.parse(asked)?.host === proxied.host;
      const routed = isProxied ? sources : { openFolder: sources.openFolder, proxy: undefined };
      return openSourceTree(fetched, sourceOptions(routed, session));
    },
    contextIn(fetched) {
      const { openFolder } = sources;
      const context = openFolder === undefined ? {} : { openFolder };
      return { tree: openContextTree(fetched, context), buildContext: openBuildContext(fetched, context) };
    },
  };
}
