import { ACL_ACCESS } from './binary-values.ts';
import type { FidelityCase } from './cases.ts';

/** Cases of what a task does to what was there. */
export const CHANGE_CASES: readonly FidelityCase[] = [
  {
    name: 'a folder becomes a symlink, a symlink a folder',
    paths: ['base/dir-to-link', 'base/link-to-dir', 'base/target'],
    script: String.raw`
cd /base && rm -r dir-to-link && ln -s target dir-to-link && rm link-to-dir && mkdir link-to-dir && touch link-to-dir/own`,
  },
  {
    name: 'a folder becomes a symlink and a folder again',
    paths: ['base/back', 'base/link-and-back'],
    script: String.raw`
cd /base && mv back away && ln -s target back && rm back && mv away back && touch back/added && rm back/x
rm link-and-back && mkdir link-and-back && rmdir link-and-back && ln -s target link-and-back`,
  },
  {
    name: 'a file becomes a folder, a folder a file or a link',
    paths: ['base/file-to-dir', 'base/dir-to-file', 'base/file-to-link'],
    script: String.raw`
cd /base && rm file-to-dir && mkdir -p file-to-dir/sub && touch file-to-dir/sub/x && rm -r dir-to-file && echo file > dir-to-file
rm file-to-link && ln -s rights file-to-link`,
  },
  {
    name: 'nested deletions, and deletions below what is deleted',
    paths: ['base/nested'],
    script: String.raw`rm /base/nested/a/b/c/d && rm -r /base/nested/a/b && rm -r /base/nested/a && touch /base/nested/new`,
  },
  {
    name: 'a folder deleted and made again',
    paths: ['base/remade'],
    script: String.raw`rm -r /base/remade && mkdir -p /base/remade/sub && touch /base/remade/new /base/remade/sub/newer`,
  },
  {
    name: 'an opaque folder of the base',
    paths: ['base/opaque'],
    script: String.raw`touch /base/opaque/added && echo more >> /base/opaque/new`,
  },
  {
    name: 'deletions of files with odd names',
    paths: ['base/names'],
    script: String.raw`cd /base/names && rm ./$'odd \xff' ./$'line\nfeed' ./-dash && echo 1 > .wh.neighbour && rm .wh.neighbour`,
  },
  {
    name: 'links of /bin and /lib to /usr, written through',
    paths: [
      'bin',
      'lib',
      'sbin',
      'usr/bin/through',
      'usr/lib/through',
      'usr/lib/through-folder',
      'usr/sbin/through',
    ],
    script: String.raw`
echo tool > /bin/through && mkdir /lib/through-folder && echo library > /lib/through-folder/x && ln -s through-folder/x /lib/through
echo tool > /sbin/through`,
  },
  {
    name: 'folders above with special modes, owners, attributes',
    paths: ['base/parents', 'root', 'var/lib', 'var/mail'],
    script: String.raw`
for folder in sticky setgid closed attributed attributed/sub; do echo below > /base/parents/$folder/below; done
mkdir -p /root/.cache/deep && touch /root/.cache/deep/x /var/lib/made && touch /var/mail/made`,
  },
  {
    name: 'attributes changed and nothing else',
    paths: ['base/rights', 'base/capable', 'base/parents/untouched', 'srv'],
    script: String.raw`
setattr /base/rights user.note 74776f && chmod 711 /base/capable && setattr /base/parents/untouched user.new 01
setattr /srv system.posix_acl_access ${ACL_ACCESS}`,
  },
  {
    name: 'equal and empty layers of the base',
    paths: ['base/same'],
    script: `chmod 600 /base/same`,
  },
  {
    name: 'the folder at the root',
    paths: ['/'],
    script: `chmod 751 / && chown 0:3 / && setattr / user.of.root 01`,
    losses: {
      layers: ['attribute user.of.root', 'mode', 'owner', 'time'],
      docker: ['attribute user.of.root', 'mode', 'owner', 'time'],
      umoci: ['attribute user.of.root', 'mode', 'owner', 'time'],
    },
    because:
      'Docker makes the root of every container anew (root:root, 0755), whatever the layers say, so none says it',
  },
];
