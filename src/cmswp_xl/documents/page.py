"""What every document says of itself."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol, TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import Field


class Printed(Protocol):
    """What every document says of itself: its language tag, its title, how the page lies."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def tag(self) -> str:
        """The language tag that Word and browsers spell by."""

    @property
    def title(self) -> str:
        """The title of the paper."""

    @property
    def landscape(self) -> bool:
        """Whether the page lies across."""
