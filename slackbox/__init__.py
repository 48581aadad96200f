"""A Slack workspace in a box, for trying, developing and testing without Slack."""

from slackbox.answer import Answer
from slackbox.box import Box
from slackbox.hands import Person
from slackbox.limits import Rate
from slackbox.mail import Mail
from slackbox.manifest import ManifestError
from slackbox.model import App, Channel, Message, View
from slackbox.office_time import OfficeTime, Step, read_moment
from slackbox.refusals import ImpossibleError, NoAck

__all__ = [
    "Answer",
    "App",
    "Box",
    "Channel",
    "ImpossibleError",
    "Mail",
    "ManifestError",
    "Message",
    "NoAck",
    "OfficeTime",
    "Person",
    "Rate",
    "Step",
    "View",
    "read_moment",
]
