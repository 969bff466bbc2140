FROM python:3.13-slim
COPY . /src
RUN pip install --no-cache-dir --require-hashes -r /src/requirements.lock \
    && pip install --no-cache-dir --no-deps /src \
    && useradd --create-home watcher
USER watcher
ENV TERM=xterm-256color LANG=C.UTF-8
ENTRYPOINT ["aiwatch"]
