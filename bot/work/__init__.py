"""What the workers of long work do, a module for each kind."""
