import { openSshAccess, type SshAccess, type SshOptions } from './ssh-access.ts';

/** Opened by the first repository that is asked over SSH, which says so where hosts are believed unseen. */
export function lazySshAccess(options: SshOptions, tell: (line: string) => void) {
  let access: Promise<SshAccess> | undefined;
  return {
    open: async (): Promise<SshAccess> => {
      const isFirst = access === undefined;
      access ??= openSshAccess(options);
      const opened = await access;
      if (isFirst && opened.trustsFirst)
        tell(
          'the SSH servers of submodules and other repositories are believed to be who they say (SSH_KNOWN_HOSTS would name their keys)',
        );
      return opened;
    },
    async [Symbol.asyncDispose]() {
      // One that could not be opened has failed where it was asked for.
      const opened = await access?.catch(() => undefined);
      await opened?.[Symbol.asyncDispose]();
    },
  };
}
