"""Trends: the forecasts of a project's milestones over time, as the trend chart shows them."""

from datetime import date
from functools import partial

from bot.charts import Track, trend
from bot.command import Reply
from bot.context import Context
from bot.errors import UserError
from bot.language import _
from bot.messages import shortened
from bot.pages import day
from bot.pictures import send_picture
from bot.register import Entry
from bot.registers.milestones import MILESTONES, Milestone, forecasts_of, signed_days, slip_of

MOST = 25
TITLE_TOLD = 60


def chart(context: Context, entry: Entry | None = None) -> Reply:
    wanted = [] if entry is None else [Milestone.id == entry.id]
    found = MILESTONES.entries(
        context.session, context.project, Milestone.outcome.is_distinct_from("dropped"), *wanted
    )
    tracks = [track for m in found if (track := _track(context, m)).points]
    if not tracks:
        text = _("There is no forecast to draw yet. `ms add` says when something will be reached.")
        raise UserError(text, line=f"form ms add in {context.project.key}")
    tracks.sort(key=_pressing)
    shown = sorted(tracks[:MOST], key=lambda track: track.points[-1][1])
    title = _("Milestone trend · {project}").format(project=context.project.name)
    subtitle = _("As of {day} · slip in working days").format(day=day(context.today))
    if len(tracks) > MOST:
        subtitle += " · " + _("{count} more not shown").format(count=len(tracks) - MOST)
    folder = context.settings.font_folder
    drawn = partial(trend, title, subtitle, shown, context.today, folder)
    return send_picture(context, "milestones", title, [_told(track) for track in shown], drawn)


def _track(context: Context, milestone: Milestone) -> Track:
    points = [
        (context.project.local_date(row.at), row.forecast)
        for row in forecasts_of(context.session, milestone)
        if row.forecast is not None
    ]
    if milestone.actual is not None:
        points.append((max([milestone.actual, *(at for at, _day in points)]), milestone.actual))
    return Track(
        MILESTONES.name_of(milestone),
        milestone.title,
        points,
        milestone.baseline,
        milestone.actual,
        slip_of(milestone, context.calendar),
    )


def _pressing(track: Track) -> tuple[bool, date | int]:
    """Sort key: what is open first, the next one foremost; then what was reached last."""
    if track.reached is None:
        return False, track.points[-1][1]
    return True, -track.reached.toordinal()


def _told(track: Track) -> str:
    """The numbers of one line in words."""
    forecasts = [forecast for _at, forecast in track.points]
    changed = [
        forecast for n, forecast in enumerate(forecasts) if n == 0 or forecast != forecasts[n - 1]
    ]
    parts = [f"{track.name} {shortened(track.title, TITLE_TOLD)}"]
    if track.baseline is not None:
        parts.append(_("baseline {day}").format(day=day(track.baseline)))
    parts.append(_("forecasts {days}").format(days=" → ".join(day(one) for one in changed)))
    if track.reached is not None:
        parts.append(_("reached {day}").format(day=day(track.reached)))
    if track.slip is not None:
        parts.append(_("slip {days}").format(days=signed_days(track.slip)))
    return " · ".join(parts)
