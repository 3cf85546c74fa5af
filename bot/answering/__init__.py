"""From hits to an answer whose every claim is traced to its sentence."""
