/**
 * The mtime of everything in layers of sources, in seconds (1990-01-01): older than any output of a task, so that make,
 * cargo and tsc rebuild nothing in a warm workspace, and after 1980, where zip files begin.
 */
export const SOURCE_MTIME = 631152000;

/** The mtime of a checkout's index: git reads each file again that is not older than its index. */
export const SOURCE_INDEX_MTIME = SOURCE_MTIME + 86_400;
