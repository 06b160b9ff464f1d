"""The questions as tools of an assistant, over the Model Context Protocol: read-only, sourced, bounded."""
