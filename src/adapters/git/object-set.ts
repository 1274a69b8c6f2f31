/** Which objects are there, by their full ids. */
export interface ObjectSet {
  has(id: string): boolean;
}

/** Reads ids into a set. A large history has a million: each is kept as its bytes, in half the memory of its digits. */
export async function objectSet(ids: AsyncIterable<string> | Iterable<string>): Promise<ObjectSet> {
  const kept = new Set<string>();
  for await (const id of ids) kept.add(bytesOf(id));
  return { has: (id) => kept.has(bytesOf(id)) };
}

function bytesOf(id: string): string {
  return Buffer.from(id, 'hex').toString('latin1');
}
