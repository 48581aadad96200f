"""App Home: my list and my projects, at a glance."""

from typing import Any

from bot import status
from bot.approvals import awaiting
from bot.commands.mine import mine
from bot.context import Context
from bot.date_names import name_of
from bot.invitations import my_dates
from bot.language import N_, _
from bot.lists import menu_of, row_of
from bot.meeting_cards import rsvp_buttons
from bot.meetings import Coming
from bot.messages import Button, buttons_row, header, item, small_print
from bot.minutes_text import title_of
from bot.pages import moment, rag
from bot.rights import my_projects
from bot.settings_pages import personal

SHOWN = 15
MEETINGS = 5
ANSWERS = {
    Coming.YES: N_("you will be there"),
    Coming.NO: N_("you cannot come"),
    Coming.MAYBE: N_("you may come"),
}


def draw(context: Context) -> dict[str, Any]:
    """The home of whoever opens it."""
    blocks = [
        *_my_list(context),
        *_my_approvals(context),
        *_my_meetings(context),
        *_my_projects(context),
        *_my_settings(context),
    ]
    return {"type": "home", "blocks": blocks}


def _my_list(context: Context) -> list[dict[str, Any]]:
    entries = mine(context)
    blocks: list[dict[str, Any]] = [header(_("My list"))]
    if not entries:
        blocks.append(small_print(_("Nothing is waiting for you.")))
    for entry in entries[:SHOWN]:
        blocks.append(item(row_of(context, entry, {}), menu_of(context, entry)))
    if len(entries) > SHOWN:
        blocks += buttons_row([Button(_("All {count}").format(count=len(entries)), "my list")])
    return blocks


def _my_approvals(context: Context) -> list[dict[str, Any]]:
    """The minutes that wait for one's word; nothing where there are none."""
    projects = {project.id: project for project in my_projects(context.session, context.rights)}
    waiting = awaiting(context.session, sorted(projects), context.actor)
    blocks: list[dict[str, Any]] = []
    for standing in waiting[:SHOWN]:
        project = projects[standing.meeting.project_id]
        ref = f"minutes={standing.minutes.id} in {project.key}"
        menu = [
            Button(_("Approve"), f"meet approve {ref}"),
            Button(_("Object …"), f"form meet object {ref}"),
            Button(_("Show"), f"meet minutes {ref}"),
        ]
        blocks.append(item(f"{project.key} · {title_of(context.session, standing.meeting)}", menu))
    return [{"type": "divider"}, header(_("Minutes to approve")), *blocks] if blocks else []


def _my_meetings(context: Context) -> list[dict[str, Any]]:
    """The next meetings one is invited to, with what one may answer."""
    coming = my_dates(context.session, context.actor, context.now, MEETINGS)
    blocks: list[dict[str, Any]] = [{"type": "divider"}, header(_("Next meetings"))]
    if not coming:
        blocks.append(small_print(_("No meeting lies ahead.")))
    for project, found, answer in coming:
        told = [moment(found.starts_at, context.actor.timezone), found.series.title, project.name]
        if answer is not None:
            told.append(_(ANSWERS[answer]))
        called = name_of(context.session, project, found)
        agenda, show = f"meet agenda {called.options}", f"meet show {called.words}"
        menu = [*rsvp_buttons(found), Button(_("Agenda"), agenda), Button(_("Show"), show)]
        blocks.append(item(" · ".join(told), menu))
    return [*blocks, *buttons_row([Button(_("New meeting …"), "form meet new")])]


def _my_projects(context: Context) -> list[dict[str, Any]]:
    projects = my_projects(context.session, context.rights)[:SHOWN]
    newest = status.latest_by_project(context.session, projects)
    blocks: list[dict[str, Any]] = [{"type": "divider"}, header(_("My projects"))]
    if not projects:
        blocks.append(small_print(_("You have no project yet.")))
    for project in projects:
        colour = rag(newest[project.id].overall) if project.id in newest else _("no status yet")
        menu = [
            Button(_("Report status …"), f"form status report in {project.key}"),
            Button(_("Add an action …"), f"form action add in {project.key}"),
            Button(_("Raise a risk …"), f"form risk add in {project.key}"),
            Button(_("Actions"), f"action list in {project.key}"),
            Button(_("Show"), f"project show in {project.key}"),
        ]
        blocks.append(item(f"{project.key} · {project.name}\n{colour}", menu))
    return [*blocks, *buttons_row([Button(_("New project …"), "form project new")])]


def _my_settings(context: Context) -> list[dict[str, Any]]:
    return [{"type": "divider"}, header(_("Settings")), *personal(context).blocks]
