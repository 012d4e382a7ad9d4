"""From a document's context and its template to the bytes of a file, and nothing else."""
