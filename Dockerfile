# One process with everything, its project read from this folder, its data kept on a volume:
#
#     docker build --tag stepwell .
#     docker run --publish 127.0.0.1:4566:4566 --volume stepwell:/data --volume "$PWD:/project:ro" stepwell
#
# It serves on every address of its container; which of them the host shows is said by --publish.

FROM python:3.11-slim

RUN useradd --create-home --uid 1000 stepwell && mkdir /data /project && chown stepwell /data /project
WORKDIR /opt/stepwell

# The dependencies first: they change less often than the code.
COPY scripts/constraints.txt constraints.txt
COPY pyproject.toml README.md LICENSE ./
COPY emulator/__init__.py emulator/__init__.py
RUN pip install --no-cache-dir --constraint constraints.txt --editable '.[roles]'
COPY emulator emulator
# The user below cannot write here: without this every start compiles all of it anew.
RUN python -m compileall -q emulator

USER stepwell
WORKDIR /project
ENV STEPWELL_DATA=/data STEPWELL_HOST=0.0.0.0
VOLUME /data
EXPOSE 4566
# http.client, because urllib would ask a proxy of the environment.
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s CMD python -c "\
from http.client import HTTPConnection as To; \
to = To('127.0.0.1', ${STEPWELL_PORT:-4566}); \
to.request('GET', '/_stepwell/health'); \
raise SystemExit(to.getresponse().status != 200)"
CMD ["stepwell", "up"]
