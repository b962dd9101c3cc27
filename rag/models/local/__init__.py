"""Chat models that run on this machine without a key: which there are, how they are pulled, and how they are served."""
