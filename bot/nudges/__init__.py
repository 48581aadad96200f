"""The kinds of nudge, in the order of a digest. Where two are about one thing, the first counts."""

from bot.nudge import Kind
from bot.nudges.approvals import APPROVALS
from bot.nudges.forecasts import FORECASTS
from bot.nudges.milestones import MILESTONES_NEAR
from bot.nudges.open_meetings import OPEN_MEETINGS
from bot.nudges.proposed import PROPOSED
from bot.nudges.reminders import REMINDERS
from bot.nudges.requests import REQUESTS
from bot.nudges.reviews import REVIEWS
from bot.nudges.status import STATUS_DUE

KINDS: tuple[Kind, ...] = (
    REMINDERS,
    REQUESTS,
    PROPOSED,
    APPROVALS,
    OPEN_MEETINGS,
    STATUS_DUE,
    MILESTONES_NEAR,
    FORECASTS,
    REVIEWS,
)
