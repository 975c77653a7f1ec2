"""Registration of documents in `raw/`: their lines, ledgers, links and rows."""
