"""What only `app.py` uses: the start, and our own files."""

import os

# Before torch is loaded: Streamlit runs every update in a thread of its own, and each would start a pool of workers
# (6 ms an update instead of 0.3); torch.set_num_threads does not reach threads that begin later.
os.environ.setdefault("OMP_NUM_THREADS", "1")
