/** How a team writes its Dockerfile: everything copied first, or by hand in the order in which things change. */
export type Manner = 'naive' | 'tuned';

/** What a Dockerfile must do to be equal to a `.gitpod.yml`. */
export interface Recipe {
  /** Lines that make the base. */
  readonly base: string;
  /** Absolute folder of the checkout. */
  readonly folder: string;
  /** What the tasks run. */
  readonly init: string;
  /** The same in parts, rarest changing first, each after what it reads is copied; absent where nothing can be tuned. */
  readonly parts?: readonly Part[];
}

/** A part of the work of a tuned Dockerfile. */
export interface Part {
  /** Words after `COPY`, a line each. */
  readonly copies: readonly string[];
  readonly run: string;
}

/** Words after `COPY` that take everything. */
export const EVERYTHING = '. .';

/** The Dockerfile, to be built in the checkout with the secret `ca` (certificates to trust; may be empty). */
export function dockerfile(recipe: Recipe, manner: Manner): string {
  const { base, folder, init, parts = [] } = recipe;
  const work = manner === 'naive' ? linesOf({ copies: [EVERYTHING], run: init }) : parts.flatMap(linesOf);
  const last = `COPY ${EVERYTHING}`;
  return `${[base.trimEnd(), `WORKDIR ${folder}`, ...work, ...(work.includes(last) ? [] : [last])].join('\n')}\n`;
}

function linesOf({ copies, run }: Part): readonly string[] {
  return [...copies.map((words) => `COPY ${words}`), script(run)];
}

/** A script of its own, which ends at the first command that fails: https://docs.docker.com/reference/dockerfile/#here-documents */
function script(commands: string): string {
  return `RUN --mount=type=secret,id=ca <<'COMMANDS'
#!/bin/bash -e
if [ -s /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi
${commands}
COMMANDS`;
}

/** A `.dockerignore` for it. */
export const IGNORED = '.git\n';
