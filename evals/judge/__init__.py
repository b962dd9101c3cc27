"""The judge judged: `rag.verify` on texts that people labelled, and on faults put in on purpose."""
