"""The provider `tokens`; xlwings-server looks for it under this name."""

from cmswp_xl.server.provider import validate_token

__all__ = ["validate_token"]
