"""PDFs, set by typst from a template of ours with data beside it, never data pasted into the template.

A template begins with ``#let data = json(bytes(sys.inputs.data))``. Those in ``templates/pdf`` may import
``house.typ``, which holds the page, the type and the components that papers share.
"""

import json
from pathlib import Path
from typing import Any, Literal

import typst
from django.conf import settings
from django.http import HttpResponse

TEMPLATES = settings.BASE_DIR / "templates" / "pdf"


def render(source: Path, data: dict[str, Any]) -> bytes:
    """Return the PDF of the template at ``source``; ``data`` must be JSON.

    It is PDF/UA-1, readable by a screen reader; letters that no font here has make it a plain PDF.
    """
    text = json.dumps(data)
    try:
        return _compiled(source, text, is_accessible=True)
    except typst.TypstError:
        return _compiled(source, text, is_accessible=False)


def pdf_response(template: str, data: dict[str, Any], *, file_name: str) -> HttpResponse:
    """Return ``templates/pdf/<template>.typ`` to look at or keep; ``file_name``, without ending, tells no person."""
    response = HttpResponse(render(TEMPLATES / f"{template}.typ", data), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{file_name}.pdf"'
    return response


def _compiled(source: Path, data: str, *, is_accessible: bool) -> bytes:
    standard: Literal["ua-1"] | None = "ua-1" if is_accessible else None
    pdf: bytes = typst.compile(str(source), sys_inputs={"data": data}, pdf_standards=standard)
    return pdf
