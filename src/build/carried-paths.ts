/**
 * The paths that a source or runtime layer carries, without a leading slash, raw bytes as latin1 text, with what each
 * is: a `directory` merges with what lies below it, a `leaf` (file, symlink) replaces it.
 */
export type CarriedPaths = ReadonlyMap<string, 'directory' | 'leaf'>;
