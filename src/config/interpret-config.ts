import { isDevcontainerFile, type ConfigFile } from './config-file.ts';
import { readDevcontainer } from './devcontainer/read-devcontainer.ts';
import { readConfig, type ConfigReading, type ReadConfigOptions } from './read-config.ts';

/** Reads a configuration in the language that its name stands for. Throws for no input. */
export function interpretConfig({ path, text }: ConfigFile, options: ReadConfigOptions): ConfigReading {
  return isDevcontainerFile(path) ? readDevcontainer(text, path, options) : readConfig(text, options);
}
