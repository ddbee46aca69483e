# Two stages: the first compiles, the second runs as a user of its own. docs/deploy.md has the commands.
FROM python:3.11-slim-bookworm AS build

# Where packages come from, if not from where pip looks by itself: such as a place with torch for processors alone.
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
ARG PIP_FIND_LINKS
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# For any processor of its kind, not for the one that happens to build.
ENV CMAKE_ARGS=-DGGML_NATIVE=OFF

RUN apt-get update \
    && apt-get install --yes --no-install-recommends g++ git make \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /build
RUN python -m venv /srv/khabar
COPY constraints.txt .
# Minutes, most of them for llama.cpp; this layer stays until a version changes.
RUN /srv/khabar/bin/pip install --constraint constraints.txt torch llama-cpp-python
COPY pyproject.toml README.md LICENSE ./
COPY index index
COPY khabar khabar
COPY rag rag
COPY ui ui
RUN /srv/khabar/bin/pip install --constraint constraints.txt .


FROM python:3.11-slim-bookworm

# llama.cpp computes in several threads with it.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --uid 10001 --no-create-home --home-dir /var/lib/khabar --shell /usr/sbin/nologin khabar \
    && install --directory --owner khabar --group khabar --mode 0700 /var/lib/khabar /var/cache/khabar /etc/khabar
COPY --from=build /srv/khabar /srv/khabar

ENV PATH=/srv/khabar/bin:$PATH PYTHONUNBUFFERED=1
# Beyond this machine it listens only where users may log in, or programs have a key: without, it ends and says so.
ENV KHABAR_DATA=/var/lib/khabar/archive KHABAR_CACHE=/var/cache/khabar KHABAR_LOGIN=/etc/khabar/users KHABAR_HOST=0.0.0.0
ENV KHABAR_LOG=json

USER khabar
WORKDIR /var/lib/khabar
VOLUME ["/var/lib/khabar", "/var/cache/khabar", "/etc/khabar"]
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "from urllib.request import urlopen as get; get('http://127.0.0.1:7860/healthz', timeout=4)"]
ENTRYPOINT ["khabar"]
CMD ["serve"]
