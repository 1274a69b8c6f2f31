import assert from 'node:assert/strict';
import { bitbucketPage } from '../../src/report/bitbucket-page.ts';
import { COMMIT } from './sample-outcome.ts';

const COMMIT_PAGE = { bitbucketWorkspace: 'team', repositorySlug: 'app', commit: COMMIT };

describe('the page of a run on Bitbucket', () => {
  it('is the pipeline, or the commit where none runs', () => {
    const ofRun = bitbucketPage({ ...COMMIT_PAGE, buildNumber: '7' });
    assert.equal(ofRun, 'https://bitbucket.org/team/app/pipelines/results/7');
    assert.equal(bitbucketPage(COMMIT_PAGE), `https://bitbucket.org/team/app/commits/${COMMIT}`);
  });

  it('has no address that Bitbucket would expand as a template', () => {
    const odd = { ...COMMIT_PAGE, bitbucketWorkspace: '{1f0c}', repositorySlug: '{repository.full_name}' };
    const address = `https://bitbucket.org/%7B1f0c%7D/%7Brepository.full_name%7D/commits/${COMMIT}`;
    assert.equal(bitbucketPage(odd), address);
  });
});
