"""The jobs of the clock. To add one, write its module and name it here."""

from bot.job import AnyJob

JOBS: tuple[AnyJob, ...] = ()
