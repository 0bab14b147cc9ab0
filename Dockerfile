FROM python:3.13.9-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1

WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY pyproject.toml README.md LICENSE ./
COPY domain ./domain
COPY ledger ./ledger
COPY projections ./projections
COPY replay ./replay
COPY api ./api
RUN pip install --no-cache-dir --no-deps . \
    && useradd --system --uid 10001 --home-dir /data --create-home caseledger \
    && chmod 0700 /data

USER caseledger
VOLUME /data
EXPOSE 8600
ENTRYPOINT ["caseledger"]
CMD ["serve", "--host", "0.0.0.0", "--insecure-without-keys"]
