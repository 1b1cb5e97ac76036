"""Mail: to the console while developing, by SMTP otherwise."""

import logging
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from app.core.clock import now
from app.core.settings import Settings
from app.domain.notifications.actions import message_id
from app.models.engine import Delivery

log = logging.getLogger("hearth.mail")
TIMEOUT = 20


class Rejected(Exception):
    """The server said no for good."""


def compose(delivery: Delivery, settings: Settings, sender: str) -> EmailMessage:
    """Return the mail; ValueError for control characters in its head (EmailMessage lets one line break at the end pass)."""
    if not (delivery.to + delivery.subject + sender).isprintable():
        raise ValueError("a control character in a header")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, delivery.to, delivery.subject
    mail["Message-ID"] = message_id(delivery, urlsplit(settings.base_url).hostname or "hearth")
    mail["Date"] = format_datetime(now())
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(delivery.body)
    return mail


def send(delivery: Delivery, settings: Settings) -> None:
    """Send one mail; raises Rejected (never again) or OSError/SMTPException (try later).

    HEARTH_MAIL_URL: ``console:``, ``smtp://user:password@host:587?from=a@b`` (STARTTLS, verified) or ``smtps://…``;
    ``&tls=off`` only for a server on the same machine.
    """
    parts = urlsplit(settings.mail_url)
    options = dict(p.split("=", 1) for p in parts.query.split("&") if "=" in p)
    sender = unquote(options.get("from", f"no-reply@{urlsplit(settings.base_url).hostname}"))
    try:
        mail = compose(delivery, settings, sender)
    except ValueError as error:
        raise Rejected(type(error).__name__) from error
    if parts.scheme == "console":
        log.info("mail to console: %d bytes", len(bytes(mail)))
        return
    try:
        _smtp(mail, settings)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        if _for_good(error):
            raise Rejected(type(error).__name__) from error
        raise


def _for_good(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> bool:
    """Say whether the server will never take this mail (5xx); 4xx is "not now", and a wrong password is ours to mend."""
    if isinstance(error, (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError, smtplib.SMTPHeloError)):
        return False
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    return error.smtp_code >= 500


def _smtp(mail: EmailMessage, settings: Settings) -> None:
    parts = urlsplit(settings.mail_url)
    tls = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(parts.hostname or "", parts.port or 465, timeout=TIMEOUT, context=tls)
    else:
        server = smtplib.SMTP(parts.hostname or "", parts.port or 587, timeout=TIMEOUT)
    with server:
        if parts.scheme == "smtp" and "tls=off" not in parts.query:
            server.starttls(context=tls)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(mail)
