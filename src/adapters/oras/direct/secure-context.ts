import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';

let made: SecureContext | undefined;

/**
 * TLS with whom this machine trusts, as oras has it (SSL_CERT_FILE and SSL_CERT_DIR included), not with those whom Node
 * brings along. Made once: reading all certificates takes longer than a request.
 */
export function secureContext(): SecureContext {
  return (made ??= createSecureContext({ ca: getCACertificates('system') }));
}
