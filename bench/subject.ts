import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const EXAMPLE = fileURLToPath(new URL('../examples/node-service', import.meta.url));
const AUTHOR = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.org'];

/** The example service as a repository, with a Dockerfile that does the same as its `.gitpod.yml`. */
export interface Subject extends AsyncDisposable {
  readonly directory: string;
}

/** Makes the subject on a base image that the registry under test has. */
export async function makeSubject(base: string): Promise<Subject> {
  const parent = await mkdtemp(join(tmpdir(), 'preheat-bench-'));
  const directory = join(parent, 'node-service');
  const filter = (path: string): boolean => !/node-service\/(node_modules|dist)(\/|$)/.test(path);
  await cp(EXAMPLE, directory, { recursive: true, filter });
  await writeFile(join(directory, 'Dockerfile'), dockerfile(base));
  await writeFile(join(directory, '.dockerignore'), 'node_modules\ndist\n.git\n.preheat\n');
  await execa('sed', ['-i', `s#^image:.*#image: ${base}#`, join(directory, '.gitpod.yml')]);
  await execa('git', ['init', '--quiet', '--initial-branch=main'], { cwd: directory });
  await execa('git', ['add', '--all'], { cwd: directory });
  await execa('git', [...AUTHOR, 'commit', '--quiet', '--message', 'Begin'], { cwd: directory });
  return { directory, [Symbol.asyncDispose]: () => rm(parent, { recursive: true, force: true }) };
}

/** What a team would write by hand: copy everything, then run what `init` runs. */
function dockerfile(base: string): string {
  return `FROM ${base}
WORKDIR /workspace/node-service
COPY . .
RUN --mount=type=secret,id=ca \\
    if [ -s /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi; \\
    npm ci && npm run build
`;
}
