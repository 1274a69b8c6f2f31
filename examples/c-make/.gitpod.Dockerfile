FROM buildpack-deps:bookworm

# Tasks and the workspace run as this user.
RUN useradd --uid 33333 --create-home --shell /bin/bash gitpod

# Warnings end a build in a workspace, not at a user who only wants to install.
ENV CFLAGS="-O2 -g -Werror"
