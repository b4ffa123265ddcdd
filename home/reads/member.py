"""What a member sees: the next session, what is to be done, what comes. Nothing of anybody else (R43)."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote_plus
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.http import Http404
from django.urls import reverse
from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _

from climate.reads import asked_of
from common.clock import local, zone_name
from groups_app.models import MemberNotice, Membership, MembershipState, NoticeKind, Signature
from members.models import Client
from practice.models import User
from reminders.models import Message
from sessions_log.models import AbsenceNotice, Session
from sessions_log.words import place_of

AHEAD_ON_HOME = 6
AHEAD_ON_SCHEDULE = 60
MAPS = "https://www.openstreetmap.org/search?query="
_ATTENDING = (MembershipState.ACTIVE, MembershipState.LEAVING)


@dataclass(frozen=True)
class Appointment:
    """A session as its member sees it. ``may_answer``: they can still say whether they come."""

    session: Session
    is_away: bool
    may_answer: bool

    @property
    def number(self) -> str:
        """ "7 of 14", or "31" in a group without a last session."""
        total = self.session.group.session_count
        number = self.session.number
        return str(number) if total is None else _("%(number)d of %(total)d") % {"number": number, "total": total}

    @property
    def starts(self) -> str:
        """The time of day: "10:00 AM"."""
        return self._clock(self.session.starts_at)

    @property
    def ends(self) -> str:
        """The time of day at which it ends."""
        return self._clock(self.session.ends_at)

    @property
    def place(self) -> str:
        """The room's name, or that it is online; then with the zone, because everybody sits elsewhere."""
        if self.session.room is None:
            return _("Online, %(zone)s") % {"zone": zone_name(self.session.zone)}
        return place_of(self.session)

    @property
    def address(self) -> str:
        """The site's address; an online session has none."""
        return self.session.group.site.address if self.session.room else ""

    @property
    def directions_url(self) -> str:
        """A map of the address, and of nothing else: the map's owner learns no name and no practice."""
        return MAPS + quote_plus(self.address) if self.address else ""

    @property
    def change(self) -> str:
        """ "cancelled", "moved", "away" or nothing."""
        if self.session.is_cancelled:
            return "cancelled"
        if self.is_away:
            return "away"
        return "moved" if self.session.moved_from else ""

    def is_on(self, day: date) -> bool:
        """Whether it is on ``day`` of its site's calendar."""
        return self.session.local_day == day

    def _clock(self, moment: datetime) -> str:
        return date_text(local(moment, self.session.zone), "g:i A")


@dataclass(frozen=True)
class Task:
    """Something to do, or done. Without ``url`` it is not done here."""

    title: str
    note: str
    is_done: bool
    url: str = ""


@dataclass(frozen=True)
class Told:
    """Something the member is told about their group, until they have read it (R24, R28)."""

    pk: UUID
    sentence: str


@dataclass(frozen=True)
class MemberHome:
    """Everything the page shows."""

    client: Client
    following: Appointment | None
    is_today: bool
    tasks: list[Task]
    coming: list[Appointment]
    told: list[Told]
    news: int


def client_of(user: User) -> Client:
    """Return the client whose account this is; raise ``Http404`` if it is nobody's."""
    client = Client.objects.filter(user=user).first()
    if client is None:
        raise Http404
    return client


def member_home(user: User, *, at: datetime) -> MemberHome:
    """Gather the page of ``user`` at the moment ``at``: eight queries, one more after a session."""
    client = client_of(user)
    memberships = _memberships(client)
    coming = appointments(client, memberships, at=at, limit=AHEAD_ON_HOME)
    following = next((one for one in coming if not one.session.is_cancelled), None)
    return MemberHome(
        client=client,
        following=following,
        is_today=following is not None and following.is_on(local(at, following.session.zone).date()),
        tasks=[
            *(_check_in_task(session) for session in asked_of(client, at=at)),
            *(task for membership in memberships for task in _tasks(membership)),
        ],
        coming=[one for one in coming if one is not following],
        told=[_told(notice) for notice in MemberNotice.objects.visible_to(user).unseen()],
        news=Message.objects.notices_of(user).filter(read_at__isnull=True).count(),
    )


def schedule_of(user: User, *, at: datetime) -> list[Appointment]:
    """Return the sessions to come, three queries."""
    client = client_of(user)
    return appointments(client, _memberships(client), at=at, limit=AHEAD_ON_SCHEDULE)


def appointments(client: Client, memberships: list[Membership], *, at: datetime, limit: int) -> list[Appointment]:
    """Return up to ``limit`` sessions to come of the groups in which ``client`` has a place, in time order."""
    by_group: dict[UUID, Membership] = {membership.group_id: membership for membership in memberships}
    notices = AbsenceNotice.objects.standing().filter(session=OuterRef("pk"), membership__client=client)
    sessions = (
        Session.objects.upcoming(at)
        .filter(
            Q(group__memberships__ends_on__isnull=True) | Q(group__memberships__ends_on__gte=F("local_day")),
            group__memberships__client=client,
            group__memberships__seat__isnull=False,
        )
        .with_place()
        .annotate(is_away=Exists(notices))[:limit]
    )
    return [
        Appointment(
            session=session,
            is_away=session.is_away,  # type: ignore[attr-defined]
            may_answer=not session.is_cancelled
            and not session.has_started(at)
            and _attends(by_group[session.group_id], session.local_day),
        )
        for session in sessions
    ]


def _memberships(client: Client) -> list[Membership]:
    signatures = Signature.objects.filter(membership=OuterRef("pk"))
    return list(
        Membership.objects.seated()
        .filter(client=client)
        .with_agreement_state()
        .annotate(signed_before=Exists(signatures))
        .order_by("created_at")
    )


def _attends(membership: Membership, day: date) -> bool:
    starts, ends = membership.starts_on, membership.ends_on
    return membership.state in _ATTENDING and starts is not None and starts <= day and (ends is None or day <= ends)


def _check_in_task(session: Session) -> Task:
    return Task(
        title=_("How was %(day)s?") % {"day": date_text(session.local_day, "l")},
        note=_("Four short questions"),
        is_done=False,
        url=reverse("climate:check_in", args=[session.pk]),
    )


def _tasks(membership: Membership) -> list[Task]:
    """The way into a group; who is in it is asked only for a changed agreement (R25, R26)."""
    needs_signature = bool(membership.agreement_id) and not membership.agreement_signed
    tasks = []
    if needs_signature:
        has_signed = membership.signed_before  # type: ignore[attr-defined]
        tasks.append(
            Task(
                title=_("Sign the changed agreement") if has_signed else _("Read and sign the agreement"),
                note=_("The text is new") if has_signed else _("Before your first session"),
                is_done=False,
                url=reverse("groups_app:sign", args=[membership.pk]),
            )
        )
    if membership.state in _ATTENDING:
        return tasks
    if not needs_signature:
        tasks.append(Task(_("Agreement signed"), "", is_done=True))
    if membership.pregroup_met_on is None:
        tasks.append(Task(_("Meet your therapist"), _("We call you to find a time"), is_done=False))
    else:
        tasks.append(Task(_("Met your therapist"), "", is_done=True))
    return tasks


def _told(notice: MemberNotice) -> Told:
    """Say it neutrally: nobody's name, no reason."""
    day = date_text(notice.day, "l, F j")
    sentences = {
        NoticeKind.DOOR: _("Starting %(day)s, somebody new may join your group. You will talk about it first."),
        NoticeKind.DOOR_SHUT: _("Nobody new joins your group on %(day)s after all."),
        NoticeKind.LEADERS: _("The leaders of your group change on %(day)s. They will tell you more in the session."),
    }
    return Told(notice.pk, sentences[NoticeKind(notice.kind)] % {"day": day})
