"""Mail by SMTP: several connections that stay open for a run, and so many mails a second to one domain."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from parcours.delivery.channels.smtp_replies import one_line, to_mail, to_recipient, to_sender
from parcours.delivery.channels.turns import Turns
from parcours.delivery.mail import Letterhead, NoAddress, address_of
from parcours.delivery.send import (
    Accepted,
    Outcome,
    Send,
    TerminalFailure,
    TransientFailure,
    Untried,
)
from parcours.model.channel_settings import SmtpSettings

if TYPE_CHECKING:
    import ssl

    from aiosmtplib import SMTP


class SmtpChannel:
    """`password` for the user of the settings. `trusted`: a TLS context that knows the server's certificate, None for
    those that the system trusts. `stopping` is asked before each send. ValueError for a sender that is none."""

    batch_size = 4000
    piece_size = 200  # who dies has noted none of them, and mails them again

    def __init__(
        self,
        settings: SmtpSettings,
        password: str | None,
        trusted: "ssl.SSLContext | None" = None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._settings = settings
        self._stopping = stopping
        self._password = password
        self._trusted = trusted
        reply_to = settings.reply_to
        self._letterhead = Letterhead(settings.sender.text, None if reply_to is None else reply_to.text)
        self._connections: list[_Connection] = []
        self._pace = Pace(settings.per_domain)

    async def open(self) -> None:
        """Connections are made when they are needed."""
        self._connections = [_Connection(self._client()) for _ in range(self._settings.connections)]

    async def hand_over(self, piece: Sequence[Send], until: float) -> Sequence[Outcome]:
        loop = asyncio.get_running_loop()
        turns = Turns(piece, lambda: loop.time() >= until or self._stopping())
        await asyncio.gather(*(self._work(one, turns, until) for one in self._connections))
        return turns.answers()

    async def close(self) -> None:
        await asyncio.gather(*(connection.close() for connection in self._connections))
        self._connections = []
        for _ in range(3):  # the loop closes the sockets in its next turns
            await asyncio.sleep(0)

    def _client(self) -> "SMTP":
        from aiosmtplib import SMTP

        settings = self._settings
        return SMTP(
            hostname=settings.host.text,
            port=settings.port,
            username=None if settings.user is None else settings.user.text,
            password=self._password,
            local_hostname=self._letterhead.domain,
            timeout=settings.timeout_seconds,
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            tls_context=self._trusted,
        )

    async def _work(self, connection: "_Connection", turns: Turns, until: float) -> None:
        """Takes one after the other until there is none, or the loop's time is `until`; gives up where the server is not
        reached."""
        for number, send in turns:
            answer = await self._hand_over(connection, send, until)
            turns.answer(number, answer)
            if answer is connection.unreached:
                return

    async def _hand_over(self, connection: "_Connection", send: Send, until: float) -> Outcome:
        try:
            local, domain = address_of(send.address)
        except NoAddress as error:
            return TerminalFailure(str(error), "address")
        if not await self._pace.turn(domain, until):
            return Untried()
        mail = self._letterhead.mail(send, local, domain)
        return await connection.send(
            self._letterhead.envelope_from, f"{local}@{domain}", mail, self._letterhead.message_id(send)
        )


class _Connection:
    """A connection that is made when somebody sends, and made anew when it was lost. `unreached` is the answer of a
    server that could not be reached."""

    def __init__(self, client: "SMTP") -> None:
        self._client = client
        self.unreached: Outcome | None = None

    async def send(self, sender: str, to: str, mail: bytes, message_id: str) -> Outcome:
        from aiosmtplib import (
            SMTPDataError,
            SMTPException,
            SMTPRecipientsRefused,
            SMTPResponseException,
        )

        if not self._client.is_connected:
            try:
                await self._client.connect()
            except (SMTPException, OSError, ValueError) as error:
                self._drop()
                self.unreached = _no_answer("the server is not reached", error)
                return self.unreached
        try:
            await self._client.sendmail(sender, [to], mail)
        except SMTPRecipientsRefused as refused:
            return to_recipient(refused.recipients[0].code, refused.recipients[0].message)
        except SMTPDataError as refused:
            return to_mail(refused.code, refused.message)
        except SMTPResponseException as refused:
            return to_sender(refused.code, refused.message)
        except (SMTPException, OSError) as error:
            self._drop()
            return _no_answer("the connection was lost", error)
        return Accepted(message_id)

    async def close(self) -> None:
        from aiosmtplib import SMTPException

        transport = self._transport()
        if self._client.is_connected:
            with suppress(SMTPException, OSError):  # what was accepted is accepted, said good-bye or not
                await self._client.quit()
        self._drop()
        if transport is not None:
            transport.abort()

    def _drop(self) -> None:
        """Lets go of a connection without a word: under TLS, the other side would have to answer it."""
        transport = self._transport()
        self._client.close()
        if transport is not None:
            transport.abort()

    def _transport(self) -> asyncio.Transport | None:
        # one of uvloop is none by its type
        return cast("asyncio.Transport | None", self._client.transport)


class Pace:
    """At most so many a second to one domain, each at its time; 0: as many as there are."""

    def __init__(self, per_second: int) -> None:
        self._apart = 1 / per_second if per_second else 0.0
        self._next: dict[str, float] = {}

    async def turn(self, domain: str, end: float) -> bool:
        """Waits for the next turn of a domain. At once, and no, when that is not before the loop's time `end`."""
        if not self._apart:
            return True
        # the loop's clock measures only lengths: no instant comes of it
        now = asyncio.get_running_loop().time()
        at = max(now, self._next.get(domain, now))
        if at >= end:
            return False
        self._next[domain] = at + self._apart
        if at > now:
            await asyncio.sleep(at - now)
        return True


def _no_answer(what: str, error: Exception) -> Outcome:
    # the client's own error for it is a TimeoutError too
    return TransientFailure(f"{what}: {_words(error)}", is_silent=isinstance(error, TimeoutError))


def _words(error: Exception) -> str:
    return one_line(str(error)) or type(error).__name__
