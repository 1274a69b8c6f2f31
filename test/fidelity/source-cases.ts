import { ACL_DEFAULT } from './binary-values.ts';
import type { FidelityCase } from './cases.ts';

/** Where the repository of the suite lies in the image. */
export const CHECKOUT = 'workspace/app';

/** The tracked files that the cases below change. */
export const TRACKED: Readonly<Record<string, string>> = {
  'content/kept': 'kept\n',
  'content/changed': 'old\n',
  'content/deleted': 'old\n',
  linked: 'linked\n',
  'kinds/file-to-link': 'old\n',
  'kinds/file-to-folder': 'old\n',
  'kinds/folder-to-link/x': 'old\n',
  'kinds/folder-to-file/sub/x': 'old\n',
  'rights/storage/sub/x': 'kept\n',
  'rights/attributed/x': 'kept\n',
  'rights/attributed-too/x': 'old\n',
  'attributed/x': 'kept\n',
  'attributed/sub/x': 'kept\n',
  'attributed/sub/sub/x': 'kept\n',
  'grown/x': 'kept\n',
  'emptied/sub/x': 'old\n',
};

const FOLDER_TIME =
  'a tracked folder keeps the time of all sources where tasks only add to it: else each push would bring it anew';

/** Cases of what a task does to tracked files. */
export const SOURCE_CASES: readonly FidelityCase[] = [
  {
    name: 'tracked files changed, deleted, moved',
    paths: [`${CHECKOUT}/content`],
    script: String.raw`
cd /workspace/app/content && echo new > changed && rm deleted && echo untracked > untracked && touch -d 2031-01-01 kept`,
  },
  {
    name: 'tracked files and folders that become something else',
    paths: [`${CHECKOUT}/kinds`],
    script: String.raw`
cd /workspace/app/kinds && rm file-to-link && ln -s nowhere file-to-link && rm file-to-folder && mkdir file-to-folder
touch file-to-folder/x && rm -r folder-to-link && ln -s file-to-folder folder-to-link && rm -r folder-to-file && echo 1 > folder-to-file`,
  },
  {
    name: 'rights and attributes of tracked folders',
    paths: [`${CHECKOUT}/rights`],
    script: String.raw`
cd /workspace/app/rights && chmod -R 777 storage && chown 33:33 storage/sub && setattr attributed user.note 01
setattr attributed-too user.note 02 && echo new > attributed-too/x
mkdir made && setattr made system.posix_acl_default ${ACL_DEFAULT} && touch made/x`,
  },
  {
    name: 'attributes of tracked folders that get untracked files, too',
    paths: [`${CHECKOUT}/attributed`],
    script: String.raw`
cd /workspace/app/attributed && setattr . user.note 03 && setattr sub user.note 04 && touch sub/sub/untracked`,
    losses: { layers: ['time'], docker: ['time'], umoci: ['time'] },
    because: FOLDER_TIME,
  },
  {
    name: 'tracked folders that get untracked files',
    paths: [`${CHECKOUT}/grown`],
    script: String.raw`cd /workspace/app/grown && touch untracked && touch -d 2001-01-01 . && chmod 755 .`,
    losses: { layers: ['time'], docker: ['time'], umoci: ['time'] },
    because: FOLDER_TIME,
  },
  {
    name: 'a folder above the checkout that the base has',
    paths: ['workspace/'],
    script: ':',
  },
  {
    name: 'tracked folders emptied',
    paths: [`${CHECKOUT}/emptied`],
    script: String.raw`cd /workspace/app/emptied && rm sub/x`,
  },
  {
    name: 'a hardlink from a tracked file to a file elsewhere',
    paths: ['made/tracked-link', `${CHECKOUT}/linked`],
    script: String.raw`echo tracked > /workspace/app/linked && ln /workspace/app/linked tracked-link`,
    losses: { layers: ['hardlinks'], docker: ['hardlinks'], umoci: ['hardlinks'] },
    because: 'the two names lie in different layers, so each gets the content',
  },
];
