/**
 * The password in a proxy's address, in the forms in which tools show it: as it was given, and decoded where it can be.
 * Curl takes an address without a scheme too.
 */
export function proxyPasswords(address: string): readonly string[] {
  const url = URL.parse(address.includes('://') ? address : `http://${address}`);
  const password = url?.password ?? '';
  if (password === '') return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    // A lone "%" is no escape; then there is nothing to decode.
    return [password];
  }
}
