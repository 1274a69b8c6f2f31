import type { BuildContext } from '../build/build-context.ts';
import type { ContextTree } from '../observe/dockerfile/context-tree.ts';
import type { Ports } from './ports.ts';
import type { PushContext } from './push-context.ts';
import type { Session } from './session.ts';

/** Where the Dockerfile of a base is read, and its context laid down from. */
export interface BaseContext extends AsyncDisposable {
  readonly commit: string;
  readonly tree: ContextTree;
  readonly buildContext: BuildContext;
}

/**
 * The commit of the repository whose configuration names the Dockerfile: the pushed one, or the one that its
 * `mainConfiguration` names, which is fetched and goes away with the context.
 */
export async function openBaseContext(
  { commit, main }: PushContext,
  { contextTree, buildContext, others }: Pick<Ports, 'contextTree' | 'buildContext' | 'others'>,
  phase: 'observe' | 'build',
  { signal }: Pick<Session, 'signal'>,
): Promise<BaseContext> {
  await using stack = new AsyncDisposableStack();
  const opened =
    main === undefined
      ? { commit: commit.id, tree: contextTree, buildContext }
      : {
          commit: main.commit,
          ...others.contextIn(
            stack.use(await others.fetch(main.address, main.commit, phase, { signal })).directory,
          ),
        };
  const owned = stack.move();
  return { ...opened, [Symbol.asyncDispose]: async () => await owned.disposeAsync() };
}
