"""The pages. Gradio lives in this package and nowhere else."""

import os

# Read by Gradio when it is imported: no statistics leave the machine.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
