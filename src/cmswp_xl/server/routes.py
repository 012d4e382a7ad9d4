"""
What the task pane asks for besides the buttons: words, a checked book, documents.

Books come in the form in which xlwings sends them, from those who are signed in.
"""

import time
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Query
from fastapi.responses import JSONResponse, Response
from xlwings_server import dependencies
from xlwings_server.templates import templates

from cmswp_xl import __version__
from cmswp_xl.errors import CmswpError
from cmswp_xl.excel.book import OpenBook
from cmswp_xl.languages import DOCUMENT_LANGUAGES, Language, Words
from cmswp_xl.resources import texts as program_texts
from cmswp_xl.server.pane import (
    UNFIT,
    Downloads,
    check_answer,
    document_answer,
    error_answer,
    pane_texts,
    run_in_turn,
)

_DOWNLOADS = Downloads(time.monotonic)
_RIBBON = program_texts("ribbon")

router = APIRouter(prefix="/cmswp")
signed_in = [Depends(dependencies.get_user)]
Lang = Annotated[Language, Query(alias="lang")]


@router.get("/texts")
async def texts(language: Lang = Language.EN) -> dict[str, str]:
    """Answer with the words of the task pane; they are the same for everybody."""
    return pane_texts(Words(language))


@router.post("/check", dependencies=signed_in)
async def check(book: dependencies.Book, language: Lang = Language.EN) -> Response:
    """Check a book."""
    say = Words(language)
    try:
        answer = await run_in_turn(lambda: check_answer(OpenBook(book), say))
    except CmswpError as error:
        return JSONResponse(error_answer(error, say), UNFIT)
    return JSONResponse(answer)


@router.post("/document", dependencies=signed_in)
async def document(
    book: dependencies.Book,
    form: Annotated[Literal["docx", "html", "all"], Query(alias="format")],
    language: Annotated[Language | Literal["all"], Query(alias="lang")] = Language.EN,
    words: Language | None = None,
) -> Response:
    """
    Make a document, or all; `words` is the language of messages, if not that of the document.

    The answer says where the user's browser can fetch it, once and within two minutes.
    """
    languages = DOCUMENT_LANGUAGES if language == "all" else (language,)
    say = Words(words or languages[0])
    try:
        file, told = await run_in_turn(
            lambda: document_answer(OpenBook(book), form, languages, say)
        )
    except CmswpError as error:
        return JSONResponse(error_answer(error, say), UNFIT)
    address = f"{router.prefix}/file/{_DOWNLOADS.add(file)}"
    return JSONResponse({"name": file.name, "address": address, **told})


@router.get("/file/{key}")
async def download(key: str) -> Response:
    """Answer with a document that was made for whoever has its link."""
    file = _DOWNLOADS.take(key)
    if file is None:
        raise HTTPException(404, "There is nothing here.")
    disposition = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.data, media_type=file.media, headers=disposition)


templates.env.globals |= {
    "cmswp_version": __version__,
    "cmswp_ribbon": _RIBBON["buttons"],
    "cmswp_groups": _RIBBON["groups"],
    "cmswp_addin": _RIBBON["addin"],
    "cmswp_description": _RIBBON["description"],
    "cmswp_said": {language: Words(language) for language in Language},
}
