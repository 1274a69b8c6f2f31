/** A path that tasks made or changed. */
export interface PresentChange {
  /** Without a leading slash; raw bytes as latin1 text. */
  readonly path: string;
  readonly kind: 'directory' | 'leaf';
  /** Whether nothing lay there before. */
  readonly added: boolean;
  /**
   * Whether more moved than what a directory's own content moves: its mode, owner, extended attributes. Always true
   * for what was added and for leaves.
   */
  readonly attributes: boolean;
}

/** What tasks did to a file system. */
export interface Changes {
  readonly present: readonly PresentChange[];
  /**
   * Every path that is gone, in no order; children of folders that are gone, or that a leaf replaced, are among
   * them.
   */
  readonly deleted: readonly string[];
  /** The folders, of those that were asked for, that root does not own or whose mode is not 0755 (changed or not). */
  readonly unusual: readonly string[];
}
