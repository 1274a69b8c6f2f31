import { makeTaskImage, type TaskImage } from '../support/task-image.ts';

const PROGRAMS =
  'chmod cut env grep id ln mkfifo mv nice od printf readlink sed setsid sort stat tail tee tr uname wc git perl'.split(
    ' ',
  );

/** What the images of Gitpod had: a user of their own with files of a shell, and something below `/workspace`. */
const PREPARE = `
useradd --uid 33333 --create-home --shell /bin/bash gitpod
cd /home/gitpod && rm -rf .bash* .profile
printf '%s\\n' 'FROM_BASHRC=read' 'from_bashrc() { echo "a function of ~/.bashrc"; }' >.bashrc
echo 'FROM_PROFILE=read' >.profile
cd / && mkdir -p opt/tools workspace && chown -R gitpod:gitpod home/gitpod opt/tools
echo 'of the image' >workspace/of-the-image
printf '%s\\n' 'root:x:0:0:root:/root:/bin/bash' 'gitpod:x:33333:33333::/home/gitpod:/bin/bash' >etc/passwd
printf '%s\\n' 'root:x:0:' 'gitpod:x:33333:' >etc/group
rm -rf tmp/*
`;

/** A small base image in the manner of Gitpod's own, with git and Perl; only the engine knows it. */
export async function makeGitpodLikeImage(): Promise<TaskImage> {
  return await makeTaskImage({
    source: 'node:24-bookworm',
    programs: PROGRAMS,
    prepare: PREPARE,
    paths: [
      'etc/passwd',
      'etc/group',
      'home/gitpod',
      'opt/tools',
      'tmp',
      'workspace',
      'usr/lib/x86_64-linux-gnu/perl-base',
    ],
    changes: ['ENV OF_THE_IMAGE=kept', 'USER root', 'WORKDIR /opt', 'ENTRYPOINT ["/bin/false"]'],
  });
}
