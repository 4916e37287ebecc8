"""A mail server on the loopback interface that speaks real SMTP and says no where it is told to.

    with SmtpServer(security="starttls", login=("konto", "geheim")) as server:
        server.says["weg@firma.example"] = "550 5.1.1 Unbekannter Empfänger"
        ...
        server.received[0].raw

It makes its certificate itself; `server.authority` is the file that trusts it.
"""

import asyncio
import datetime
import ipaddress
import logging
import ssl
import threading
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd tells every line otherwise


@dataclass(frozen=True)
class Received:
    """A message that the server has taken."""

    sender: str
    recipients: list[str]
    raw: bytes


class SmtpServer:
    """One server; `security` is none, starttls or tls as in Settings › E-Mail."""

    def __init__(
        self,
        *,
        security: str = "none",
        login: tuple[str, str] | None = None,
        name: str = "localhost",
    ) -> None:
        self.received: list[Received] = []
        self.says: dict[str, str] = {}  # recipient → reply to RCPT
        self.after_data = "250 2.0.0 Ok: angenommen"
        self.drops = 0  # how often the line breaks after a message was taken, before the reply
        self.security = security
        self.login = login
        self.port = 0
        self._folder = TemporaryDirectory(prefix="smtp-")
        self.authority = Path(self._folder.name) / "authority.pem"
        self._context = _certificate(name, self.authority)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._run(self._listen())
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._folder.cleanup()

    async def handle_RCPT(  # noqa: N802 — the name that aiosmtpd calls
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        reply = self.says.get(address, "250 2.1.5 Ok")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(  # noqa: N802 — the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.after_data.startswith("250"):
            content = bytes(envelope.original_content or b"")
            taken = Received(envelope.mail_from or "", list(envelope.rcpt_tos), content)
            self.received.append(taken)
        if self.drops:
            self.drops -= 1
            if server.transport:
                server.transport.abort()
        return self.after_data

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        given = (data.login, data.password) if isinstance(data, LoginPassword) else ()
        wanted = tuple(part.encode() for part in self.login or ())
        return AuthResult(success=given == wanted, handled=False)

    def _session(self) -> SMTP:
        options: dict[str, Any] = {}
        if self.login:
            # By TLS from the first byte aiosmtpd does not know that the line is safe.
            safe = self.security == "tls"
            options = {
                "authenticator": self._authenticate,
                "auth_required": not safe,
                "auth_require_tls": not safe,
            }
        if self.security == "starttls":
            options |= {"tls_context": self._context, "require_starttls": True}
        return SMTP(self, loop=self._loop, hostname="localhost", **options)

    async def _listen(self) -> asyncio.Server:
        context = self._context if self.security == "tls" else None
        return await self._loop.create_server(self._session, "127.0.0.1", 0, ssl=context)

    async def _end(self) -> None:
        if self._server:
            self._server.close()
        for task in asyncio.all_tasks(self._loop) - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    def _run(self, step: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(step, self._loop).result(10)


def _certificate(name: str, authority: Path) -> ssl.SSLContext:
    """A certificate for this name, valid for a day, that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    names: list[x509.GeneralName] = [x509.DNSName(name)]
    if name == "localhost":
        names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    authority.write_bytes(public)
    both = authority.with_name("server.pem")
    both.write_bytes(public + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context
