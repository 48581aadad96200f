FROM python:3.11-slim AS build
WORKDIR /source
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheel .

FROM python:3.11-slim
COPY locks/run.txt /tmp/run.txt
RUN pip install --no-cache-dir --require-hashes -r /tmp/run.txt
RUN --mount=from=build,source=/wheel,target=/wheel pip install --no-cache-dir --no-deps /wheel/*.whl
RUN useradd --create-home --home-dir /data jourfixe
USER jourfixe
WORKDIR /data
VOLUME /data
CMD ["jourfixe", "serve"]
