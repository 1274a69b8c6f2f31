/** What stands under a label in a document: `init` and its text, `build` and what was printed. */
export type Labelled = readonly [label: string, text: string];

/** A sentence about Gitpod Classic, with what preheat really does there. */
export interface Statement {
  /** What Gitpod did. */
  readonly gitpod: string;
  /** Present where preheat does something else on purpose: why. */
  readonly differs?: string;
}

/** A statement that is seen by asking the scene. */
export interface AskedStatement<Scene> extends Statement {
  readonly ask: (scene: Scene) => Promise<readonly Labelled[]>;
  /** Present where it may be asked while others are. */
  readonly changesNothing?: true;
}

/** A statement with what was seen. */
export interface SeenStatement extends Statement {
  readonly seen: readonly Labelled[];
}

/**
 * Asks a scene for every statement: what changes nothing at once, all others in their order. `plain` puts fixed words in
 * the place of what differs from run to run.
 */
export async function askAll<Scene>(
  statements: readonly AskedStatement<Scene>[],
  scene: Scene,
  plain: (text: string) => string,
): Promise<readonly SeenStatement[]> {
  const early = new Map(
    await Promise.all(
      statements
        .filter(({ changesNothing }) => changesNothing)
        .map(async (statement) => [statement, await statement.ask(scene)] as const),
    ),
  );
  const seen: SeenStatement[] = [];
  for (const statement of statements) {
    const labelled = early.get(statement) ?? (await statement.ask(scene));
    seen.push({ ...statement, seen: labelled.map(([label, text]) => [label, plain(text)]) });
  }
  return seen;
}
