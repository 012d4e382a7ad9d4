"""The headers of every answer: what a page of this server may load, and who may frame it."""

from __future__ import annotations

OFFICE_HOSTS = (
    "https://*.officeapps.live.com",
    "https://*.office.com",
    "https://*.office365.com",
    "https://*.sharepoint.com",
    "https://*.cloud.microsoft",
)
"""Where Excel on the web frames its add-ins."""

_SIGN_IN = "https://login.microsoftonline.com"
_SIGN_IN_SCRIPTS = "https://alcdn.msauth.net"


def policy(*, entraid: bool) -> str:
    """
    Give the content security policy.

    Office.js and everything else comes from this server; only signing in with Microsoft Entra ID
    needs Microsoft's own.
    """
    scripts = f" {_SIGN_IN_SCRIPTS}" if entraid else ""
    sign_in = f" {_SIGN_IN}" if entraid else ""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self'{scripts}",
            "style-src 'self'",
            "img-src 'self' data:",
            f"connect-src 'self'{sign_in}",
            f"frame-src 'self'{sign_in}",
            f"frame-ancestors 'self' {' '.join(OFFICE_HOSTS)}",
            "base-uri 'none'",
            "form-action 'none'",
            "object-src 'none'",
        )
    )


def added_headers(*, entraid: bool) -> list[tuple[bytes, bytes]]:
    """Give the headers that are set on every answer, over those of xlwings-server."""
    return [
        (b"content-security-policy", policy(entraid=entraid).encode()),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
    ]
