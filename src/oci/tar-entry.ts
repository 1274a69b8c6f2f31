/** One entry of a tar that we write ourselves. */
export interface TarEntry {
  /**
   * Without a leading slash; raw bytes as latin1 text (file names need not be UTF-8). Folders carry no trailing
   * slash.
   */
  readonly path: string;
  readonly kind: 'directory' | 'file' | 'symlink';
  /** Permission bits with setuid, setgid and sticky, such as 0o755. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Whole seconds since the epoch. */
  readonly mtime: number;
  /** Bytes of a file; 0 for the others. */
  readonly size: number;
  /** Target of a symlink, raw bytes as latin1 text. */
  readonly target?: string;
  /** Content of a file of `size` bytes; absent for empty files. */
  readonly open?: () => AsyncIterable<Uint8Array>;
}
