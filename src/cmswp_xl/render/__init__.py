"""From a document's context and its template to the bytes of a file, and nothing else."""

from cmswp_xl.render.docx import Properties, render_docx
from cmswp_xl.render.html import render_html

__all__ = ["Properties", "render_docx", "render_html"]
