import { homedir } from 'node:os';

/** As Debian calls the home of a user who has none. It is nowhere, so that nobody can put a configuration there. */
const NO_HOME = '/nonexistent';

/** The home of this program's user: `HOME`, else what the system knows of a user whom it need not know. */
export function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return NO_HOME;
  }
}
