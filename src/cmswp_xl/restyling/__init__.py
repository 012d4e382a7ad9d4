"""
Templates that staff change: copied out, and checked before they are used.

A template is checked against the context of its document, name by name and field by field, so that
a misspelt one is told with its place, and is never left blank on paper.
"""

from cmswp_xl.restyling.check import Finding, check_templates
from cmswp_xl.restyling.copy import copy_templates

__all__ = ["Finding", "check_templates", "copy_templates"]
