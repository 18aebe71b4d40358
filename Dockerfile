FROM python:3.11-slim

RUN useradd --create-home --uid 1000 stepwell && mkdir /data /project && chown stepwell /data /project
WORKDIR /opt/stepwell

# The dependencies first: they change less often than the code.
COPY scripts/constraints.txt constraints.txt
COPY pyproject.toml README.md LICENSE ./
COPY emulator/__init__.py emulator/__init__.py
RUN pip install --no-cache-dir --constraint constraints.txt --editable '.[roles]'
COPY emulator emulator

USER stepwell
WORKDIR /project
ENV STEPWELL_DATA=/data
VOLUME /data
EXPOSE 4566
CMD ["stepwell", "up", "--host", "0.0.0.0"]
