"""The chat page. Gradio lives in this package and nowhere else."""
