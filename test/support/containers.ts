import { execa } from 'execa';

/** How many task containers a run with this process id has made since a moment (milliseconds since the epoch). */
export async function containersMadeBy(pid: number, since: number): Promise<number> {
  const window = ['--since', String(since / 1000), '--until', String(Date.now() / 1000)];
  const filters = [
    '--filter',
    'type=container',
    '--filter',
    'event=create',
    '--filter',
    'label=dev.preheat.run',
  ];
  const format = '{{index .Actor.Attributes "dev.preheat.owner"}}';
  const { stdout } = await execa('docker', ['events', ...window, ...filters, '--format', format]);
  return stdout.split('\n').filter((owner) => owner.endsWith(`/${pid}`)).length;
}

/** Makes the engine forget the images that it pulled from a registry on loopback; shared layers stay. */
export async function removeImagesOf(host: string): Promise<void> {
  const format = '{{range .RepoDigests}}{{println .}}{{end}}{{range .RepoTags}}{{println .}}{{end}}';
  const { stdout: ids } = await execa('docker', ['images', '--all', '--quiet', '--no-trunc']);
  const all = [...new Set(ids.split('\n').filter(Boolean))];
  if (all.length === 0) return;
  const { stdout } = await execa('docker', ['image', 'inspect', '--format', format, ...all], {
    reject: false,
  });
  const names = stdout.split('\n').filter((name) => name.startsWith(`${host}/`));
  if (names.length > 0) await execa('docker', ['rmi', ...names], { reject: false });
}
