"""What is shown of a release: words, charts and tables made of what was published, and of nothing else."""
