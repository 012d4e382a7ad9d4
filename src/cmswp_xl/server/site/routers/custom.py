"""The own addresses of the server; xlwings-server looks for them under this name."""

from cmswp_xl.server.routes import router

__all__ = ["router"]
