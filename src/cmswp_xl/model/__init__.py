"""
The programme of work as the rest of the program knows it: frozen values, nothing of Excel.

Amounts are `Decimal` in the programme's currency, percentages `Decimal` from 0 to 100, shares of
a post full-time equivalents from 0 to 1. None is blank, which is never zero. The fields are those
of the schemas; sequences keep the order of the rows, which is the order of print.
"""

from cmswp_xl.model.programme import (
    Activity,
    Allocation,
    Area,
    Contribution,
    CostLine,
    Donor,
    FundingSource,
    Mandate,
    MandateReference,
    Post,
    PostShare,
    Programme,
    Scenario,
    Settings,
)
from cmswp_xl.model.review import (
    CRITERIA,
    Evidence,
    Finding,
    Need,
    Recommendation,
    Review,
    Step,
    Subject,
    TechnologyRequest,
)
from cmswp_xl.model.text import Comment, Paragraph, Progress, Text

__all__ = [
    "CRITERIA",
    "Activity",
    "Allocation",
    "Area",
    "Comment",
    "Contribution",
    "CostLine",
    "Donor",
    "Evidence",
    "Finding",
    "FundingSource",
    "Mandate",
    "MandateReference",
    "Need",
    "Paragraph",
    "Post",
    "PostShare",
    "Programme",
    "Progress",
    "Recommendation",
    "Review",
    "Scenario",
    "Settings",
    "Step",
    "Subject",
    "TechnologyRequest",
    "Text",
]
