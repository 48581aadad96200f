"""The jobs of the clock. To add one, write its module and name it here."""

from bot.job import AnyJob
from bot.jobs.agendas import CALL, PUBLISH
from bot.jobs.digest import DIGEST
from bot.jobs.escalation import ESCALATION
from bot.jobs.left_open import CLOSING
from bot.jobs.minutes import CONSENT
from bot.jobs.report import REPORT
from bot.jobs.snapshots import SNAPSHOT
from bot.jobs.stale import STALE

JOBS: tuple[AnyJob, ...] = (
    DIGEST,
    ESCALATION,
    STALE,
    SNAPSHOT,
    REPORT,
    CALL,
    PUBLISH,
    CLOSING,
    CONSENT,
)
