import type { CallOptions } from '../oci/content-store.ts';

/** Asks whether something answers behind a TCP port. */
export interface PortProbe {
  /** Whether a server took the connection. Never throws but for an aborted signal. */
  answers(host: string, port: number, options: CallOptions): Promise<boolean>;
}
