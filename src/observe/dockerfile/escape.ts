/** The character that escapes in a Dockerfile and continues its lines: `\\`, or as the directive `# escape` says. */
export type Escape = '\\' | '`';
