"""Pictures of what is around an entity: a chart to print, and a map to point at that opens anywhere, offline."""

from listed.pictures.picture import Picture, map_of

__all__ = ["Picture", "map_of"]
