/** The release that is downloaded where a machine has no oras: https://github.com/oras-project/oras/releases */
export interface OrasRelease {
  readonly version: string;
  /** Folder of the releases; a version's files lie below `v<version>/`. */
  readonly url: string;
  /** sha256 of each archive, by `<os>_<architecture>` in the words of Go. */
  readonly checksums: Readonly<Record<string, string>>;
}

/**
 * Pinned, so that a release that was tampered with is noticed. The values are those of `oras_1.3.3_checksums.txt`, as
 * several independent projects pin them too.
 */
export const ORAS_RELEASE: OrasRelease = {
  version: '1.3.3',
  url: 'https://github.com/oras-project/oras/releases/download',
  checksums: {
    darwin_amd64: 'aeb684d8c24c18dce28fd1f7326636e4782b573108e244a93d4b1c4a5ec50f48',
    darwin_arm64: 'f33fc12753c54172b0d0d19eaa0318d3f90fe9b094d96e8b259c881713c92e1c',
    linux_amd64: '9ce999f8d2de03fc03968b29d743077a58783e545e5eaa53917ca177352d0e59',
    linux_arm64: 'ac7156f93a21e903f7ad606c792f3560f17e0cd0e36365634701b1e7cc4e4eca',
  },
};

/** The oldest oras that copies as we need it. */
export const OLDEST_ORAS = '1.2.0';

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** `<os>_<architecture>` in the words of Go, for Node's names of both. */
export function releasePlatform(os: string, architecture: string): string {
  return `${os}_${ARCHITECTURES[architecture] ?? architecture}`;
}

/** The version that `oras version` prints; `undefined` for other output. */
export function parseOrasVersion(output: string): string | undefined {
  return /^Version:\s+v?(\d+\.\d+\.\d+)/m.exec(output)?.[1];
}

/** Whether a version (`1.2.0`) is `oldest` or later. */
export function isRecentEnough(version: string, oldest: string = OLDEST_ORAS): boolean {
  const parts = version.split('.').map(Number);
  const least = oldest.split('.').map(Number);
  for (const [position, wanted] of least.entries()) {
    const part = parts[position] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
