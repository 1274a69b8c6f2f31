import { present, textIn, type RepositoryLook, type StarterTask } from './starter-task.ts';

const GRADLE_FILES = ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'];

/** A project of Maven or Gradle, with its wrapper where it has one. */
export function javaStarter(look: RepositoryLook): StarterTask | undefined {
  if (look.names.has('pom.xml')) return maven(look);
  if (present(look, GRADLE_FILES).length === 0) return undefined;
  const gradle = look.names.has('gradlew') ? 'sh gradlew' : 'gradle';
  return {
    kind: 'gradle',
    image: 'gradle:jdk21',
    init: `${gradle} --no-daemon assemble`,
    inputs: 'it builds the sources',
  };
}

function maven(look: RepositoryLook): StarterTask {
  const mvn = look.names.has('mvnw') ? 'sh mvnw' : 'mvn';
  const kind = { kind: 'maven', image: 'maven:3-eclipse-temurin-21' };
  // Modules that need each other are in no repository before they are built.
  if (textIn(look, 'pom.xml').includes('<modules>'))
    return { ...kind, init: `${mvn} -B -DskipTests install`, inputs: 'it builds the sources of all modules' };
  return {
    ...kind,
    init: `${mvn} -B dependency:go-offline`,
    inputs: present(look, ['pom.xml', '.mvn', 'mvnw']),
  };
}
