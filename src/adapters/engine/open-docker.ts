import Docker from 'dockerode';
import { dockerOptions } from './docker-options.ts';
import type { EngineAddress } from './engine-address.ts';

/** A dockerode for the engine at `address`; `certificates` is as for {@link dockerOptions}. Contacts nothing. */
export async function openDocker(address: EngineAddress, certificates: string | undefined): Promise<Docker> {
  return new Docker(await dockerOptions(address, certificates));
}
