import { present, textIn, type RepositoryLook, type StarterTask } from './starter-task.ts';

const IMAGE = 'python:3';
const IN_REPOSITORY = 'a dependency lies in the repository';
/** A dependency by its path, as Poetry, uv and Pipenv write it. */
const BY_PATH = /\bpath\s*=|\bworkspace\b/;
/** Lines of pip's that name another file, or a folder. */
const OF_REPOSITORY = /^\s*(?:-[rce]|--(?:requirement|constraint|editable)|\.|\S*file:|\/)/m;

/** A Python project, by the tool whose lock it has. */
export function pythonStarter(look: RepositoryLook): StarterTask | undefined {
  const { names } = look;
  if (names.has('uv.lock')) return locked('uv', 'uv sync --frozen --no-install-project', look);
  if (names.has('poetry.lock')) return locked('poetry', 'poetry install --no-root', look);
  if (names.has('Pipfile.lock')) {
    const inputs = BY_PATH.test(textIn(look, 'Pipfile'))
      ? IN_REPOSITORY
      : present(look, ['Pipfile', 'Pipfile.lock']);
    return { kind: 'pipenv', image: IMAGE, init: 'pip install pipenv && pipenv sync', inputs };
  }
  if (names.has('requirements.txt')) return byRequirements(look);
  if (!names.has('pyproject.toml') && !names.has('setup.py')) return undefined;
  const inputs = 'it reads the sources that it installs';
  return { kind: 'pip', image: IMAGE, init: 'pip install --editable .', inputs };
}

function locked(tool: string, install: string, look: RepositoryLook): StarterTask {
  const inputs = present(look, ['pyproject.toml', `${tool}.lock`, `${tool}.toml`, '.python-version']);
  const isLocal = BY_PATH.test(textIn(look, 'pyproject.toml'));
  const init = `pip install ${tool} && ${install}`;
  return { kind: tool, image: IMAGE, init, inputs: isLocal ? IN_REPOSITORY : inputs };
}

function byRequirements(look: RepositoryLook): StarterTask {
  const isLocal = OF_REPOSITORY.test(textIn(look, 'requirements.txt'));
  const inputs = isLocal ? 'requirements.txt names other files' : ['requirements.txt'];
  return { kind: 'pip', image: IMAGE, init: 'pip install -r requirements.txt', inputs };
}
