/** Keeps the last lines of an output. */
export interface LastLines {
  add(line: string): void;
  /** The lines that were kept, oldest first. */
  lines(): readonly string[];
}

/** Creates an empty keeper of at most `most` lines. */
export function lastLines(most: number): LastLines {
  const kept: string[] = [];
  return {
    add(line) {
      kept.push(line);
      if (kept.length > most) kept.shift();
    },
    lines: () => [...kept],
  };
}
