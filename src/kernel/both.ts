/** The results of two pieces of work that go on side by side. Where one fails the other is waited for all the same. */
export async function both<A, B>(one: Promise<A>, other: Promise<B>): Promise<readonly [A, B]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}
