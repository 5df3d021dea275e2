"""The app."""

import os

# Before torch is loaded: updates run in threads, and each would start a pool of workers of its own (6 ms an update
# instead of 0.3); torch.set_num_threads does not reach threads that begin later.
os.environ.setdefault("OMP_NUM_THREADS", "1")
