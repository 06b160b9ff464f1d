"""How the pages of this folder become a site: ``make docs``. Nothing on it is fetched from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import listed
from listed.graph.period import Period
from listed.graph.share import Share

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "Listed"
version = release = listed.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_click"]
exclude_patterns = ["mappings", "samples"]
highlight_language = "none"

html_title = f"Listed {version}"
html_theme = "furo"
html_favicon = "../listed/explorer/static/icon.svg"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
# A summary is fetched from the page found, which a browser refuses where the site is opened from a folder.
html_show_search_summary = False

# Headings can be linked to, as on a code host.
myst_heading_anchors = 3

# Docstrings are those of numpy; a signature breaks where it would not fit a narrow screen.
napoleon_google_docstring = False
napoleon_use_rtype = False
add_module_names = False
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
python_maximum_signature_line_length = 60
toc_object_entries_show_parents = "hide"


def shorten(app: Sphinx, kind: str, name: str, it: Any, options: Any, signature: str | None, returns: Any) -> Any:
    """Write a default that says nothing as it is called, not with all that it leaves out."""
    if signature is None:
        return None
    for said in (Period(), Share()):
        signature = signature.replace(repr(said), f"{type(said).__name__}()")
    return signature, returns


def setup(app: Sphinx) -> None:
    """Register what the site does of its own."""
    app.connect("autodoc-process-signature", shorten)
