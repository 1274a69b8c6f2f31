/** How a file calls what it runs, for what is told of it. */
export interface PartWords {
  /** What a build runs. */
  readonly inBuilds: string;
  /** What starts run and builds do not. */
  readonly atStarts: string;
  /** What each start runs, where `inBuilds` runs once. */
  readonly eachStart: string;
  readonly onlyAtStarts: string;
  /** Where variables are set. */
  readonly env: string;
  readonly shell: string;
  /** What decides whether it failed, and what to do about that. */
  readonly lastDecides: string;
  readonly checked: string;
}

export const GITPOD_WORDS: PartWords = {
  inBuilds: '"init"',
  atStarts: '"command"',
  eachStart: '"before"',
  onlyAtStarts: 'no command runs in a build',
  env: '"env"',
  shell: 'bash',
  lastDecides: 'only its last command decides whether it failed, as in Gitpod',
  checked: 'write "set -e" in front of it, join the commands with "&&", or build with --strict-tasks',
};

export const DEVCONTAINER_WORDS: PartWords = {
  inBuilds: '"postCreateCommand"',
  atStarts: '"postStartCommand"',
  eachStart: '"postStartCommand"',
  onlyAtStarts: 'postStartCommand does not run in a build',
  env: '"remoteEnv"',
  shell: 'sh',
  lastDecides: 'only its last command decides whether it failed',
  checked: 'join the commands with "&&", or write "set -e" in front of them',
};
