import type { Task, WorkspaceConfig } from './workspace-config.ts';
import { isOverlapping } from './overlap.ts';
import { ROOT } from './workspace-folders.ts';

/** The pushed repository, as the configuration of another one may name it. */
export interface Delegating {
  /** The address of the other repository, as its `mainConfiguration` has it. */
  readonly written: string;
  /** Names the folder of the pushed repository where the other file does not. */
  readonly name: string;
  readonly isPushed: (url: string) => boolean;
}

/** The configuration of a push that another repository's file describes. */
export interface DelegatedConfig {
  readonly config: WorkspaceConfig;
  /** What of it one might not expect. */
  readonly lines: readonly string[];
  /** The checkout that the pushed repository's overlaps, if any. */
  readonly overlapped: string | undefined;
}

/**
 * Turns the configuration of another repository into that of a push: the pushed repository lies where the file lists it
 * among its additional ones, and the other repository itself lies beside it, where the file has its own checkout.
 */
export function delegatedConfig(main: WorkspaceConfig, pushed: Delegating): DelegatedConfig {
  const listed = main.additionalRepositories ?? [];
  const own = listed.find(({ url }) => pushed.isPushed(url));
  const checkoutLocation = own?.checkoutLocation ?? `${ROOT}/${pushed.name}`;
  const itself = { url: pushed.written, checkoutLocation: main.checkoutLocation };
  const additionalRepositories = [itself, ...listed.filter((repository) => repository !== own)];
  const config = {
    ...main,
    tasks: main.tasks.map(withoutInputs),
    checkoutLocation,
    mainCheckout: main.checkoutLocation,
    additionalRepositories,
  };
  const unlisted = `mainConfiguration does not list this repository, which is laid into ${checkoutLocation}`;
  const overlapped = additionalRepositories
    .map((repository) => repository.checkoutLocation)
    .find((other) => isOverlapping(checkoutLocation, other));
  const lines = [
    ...(own === undefined ? [unlisted] : []),
    ...(main.tasks.some(({ inputs }) => inputs !== undefined) ? [UNDECLARED] : []),
  ];
  return { config, lines, overlapped };
}

const UNDECLARED =
  'the inputs that its tasks declare are of its own repository; of this one the whole commit counts, or what --inputs declares';

/** Paths that are declared mean files of the other repository, whose commit is an input anyway. */
function withoutInputs({ inputs: _inputs, ...task }: Task): Task {
  return task;
}
