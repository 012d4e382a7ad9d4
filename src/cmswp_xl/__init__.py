"""The costed programme of work, kept in Excel, checked like code, published as the document."""

from cmswp_xl.languages import Language

__version__ = "0.1.0"
__all__ = ["Language", "__version__"]
