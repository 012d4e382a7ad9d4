"""
The order in which Word wants what an element holds.

Properties of paragraphs, tables and styles stand in the order of the Office Open XML schemas; what
stands elsewhere Word drops, or refuses. Tags that merge cells put theirs first, and templates that
were made by other programs may have any order, so every part is put in order when it is finished.
"""

from __future__ import annotations

from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_SIDES = "top left start bottom right end insideH insideV tl2br tr2bl between bar"
_ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr"
    " suppressLineNumbers pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct"
    " topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind"
    " contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment"
    " textboxTightWrap outlineLvl divId cnfStyle rPr sectPr",
    "rPr": "ins del moveFrom moveTo rStyle rFonts b bCs i iCs caps smallCaps strike dstrike"
    " outline shadow emboss imprint noProof snapToGrid vanish webHidden color spacing w kern"
    " position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang"
    " eastAsianLayout specVanish w14:glow w14:shadow w14:reflection w14:textOutline w14:textFill"
    " w14:scene3d w14:props3d w14:ligatures w14:numForm w14:numSpacing w14:stylisticSets"
    " w14:cntxtAlts oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW"
    " jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption"
    " tblDescription",
    "tblPrEx": "tblW jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "trPr": "cnfStyle divId gridBefore gridAfter wBefore wAfter trHeight hidden cantSplit"
    " tblHeader tblCellSpacing jc ins del",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection"
    " tcFitText vAlign hideMark cellIns cellDel cellMerge",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc"
    " pgBorders lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi"
    " rtlGutter docGrid printerSettings",
    "numPr": "ilvl numId numberingChange ins",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden"
    " unhideWhenUsed qFormat locked personal personalCompose personalReply rsid pPr rPr tblPr"
    " trPr tcPr tblStylePr",
    "tblStylePr": "pPr rPr tblPr trPr tcPr",
    "docDefaults": "rPrDefault pPrDefault",
    "styles": "docDefaults latentStyles style",
    "numbering": "numPicBullet abstractNum num numIdMacAtCleanup",
    "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
    **dict.fromkeys(("pBdr", "pgBorders", "tblBorders", "tcBorders"), _SIDES),
    **dict.fromkeys(("tblCellMar", "tcMar"), _SIDES),
}


def _tag(name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{_W14 if prefix else W}}}{local}"


ORDER: Mapping[str, Mapping[str, int]] = {
    _tag(name): {_tag(child): place for place, child in enumerate(order.split())}
    for name, order in _ORDERS.items()
}
"""The place of each child, by the element that holds it."""
_CHANGE = "Change"
"""How the names of elements end that keep what tracked changes replaced; they come last."""


def put_in_order(root: _Element) -> None:
    """Put what the elements of a part hold in order; what is not known follows what is."""
    for item in list(root.iter(*ORDER)):
        order, last = ORDER[item.tag], len(ORDER[item.tag])
        places = [order.get(child.tag, last + str(child.tag).endswith(_CHANGE)) for child in item]
        if any(before > after for before, after in pairwise(places)):
            ranked = sorted(zip(places, item, strict=True), key=itemgetter(0))
            item[:] = [child for _, child in ranked]
