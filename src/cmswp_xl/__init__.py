"""The costed programme of work, kept in Excel, checked like code, published as the document."""

TYPE_CHECKING = False  # that of `typing` would be loaded before the command listens for Ctrl-C
if TYPE_CHECKING:
    from cmswp_xl.languages import Language as Language

__version__ = "0.1.0"
__all__ = ["Language", "__version__"]


def __getattr__(name: str) -> object:
    """Load what is public when it is asked for: the command must first listen for Ctrl-C."""
    if name == "Language":
        from cmswp_xl.languages import Language

        return Language
    raise AttributeError(name)
