import type { CallOptions } from '../../oci/content-store.ts';

/** Where the user name and password for a registry come from; what the engine is given to pull with. */
export interface CredentialSource {
  /**
   * The credentials for `registry` (`host[:port]`, `docker.io` for Docker Hub), or `undefined` to ask as nobody.
   * The user
   * name `<token>` says that the password is an identity token, as in Docker's own configuration file.
   */
  credentialsFor(
    registry: string,
    options: CallOptions,
  ): Promise<{ readonly username: string; readonly password: string } | undefined>;
}
