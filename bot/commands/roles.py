"""The workspace's roles: portfolio, center of excellence, operator."""

from typing import Annotated

from sqlalchemy import select

from bot import workspace_roles
from bot.command import Command, Reply
from bot.context import Context
from bot.errors import RefusedError, UserError
from bot.fields import Field
from bot.language import N_, _
from bot.messages import said
from bot.pages import render
from bot.people import Person, names_of
from bot.rights import TABLE, Right
from bot.values import WORKSPACE_ROLES, Role
from bot.workspace_roles import WorkspaceRole

Who = Annotated[Person, Field(N_("Who"), shown="@WHO")]
What = Annotated[Role, Field(N_("Role"), shown="ROLE")]

ROLE = Command("role", N_("The workspace's roles: portfolio, coe, operator"), default="list")


@ROLE.verb("list", N_("who has which"), writes=False, has_project=False)
def list_(context: Context) -> Reply:
    if context.actor.is_guest:
        raise RefusedError(_("That is for members of the workspace."))
    rows = context.session.scalars(
        select(WorkspaceRole).where(WorkspaceRole.team == context.actor.team)
    ).all()
    names = names_of(context.session, context.actor.team, {row.slack_id for row in rows})
    told = sorted((row.role.value, names.get(row.slack_id, row.slack_id)) for row in rows)
    return Reply(render("roles", rows=told))


@ROLE.verb("give", N_("name somebody"), "@ben portfolio", has_project=False)
def give(context: Context, who: Who, role: What) -> Reply:
    _require_operator(context, role)
    if who.is_guest or who.is_bot or not who.is_active:
        raise UserError(_("That must be an active, full member of the workspace."), field="who")
    if not workspace_roles.give_workspace_role(context.session, who, role):
        raise UserError(_("{who} is that already.").format(who=who.name))
    return Reply(said(_("{who} is {role} now.").format(who=who.name, role=role.value)))


@ROLE.verb("take", N_("take it from somebody"), "@ben portfolio", has_project=False)
def take(context: Context, who: Who, role: What) -> Reply:
    _require_operator(context, role)
    if not workspace_roles.take_workspace_role(context.session, who, role):
        raise UserError(_("{who} is not {role}.").format(who=who.name, role=role.value))
    return Reply(said(_("{who} is no longer {role}.").format(who=who.name, role=role.value)))


def _require_operator(context: Context, role: Role) -> None:
    if role not in WORKSPACE_ROLES:
        names = ", ".join(f"`{r.value}`" for r in WORKSPACE_ROLES)
        raise UserError(
            _(
                "The workspace's roles are {names}; a project's are given by `project people`."
            ).format(names=names),
            field="role",
        )
    if TABLE[Right.WORKSPACE].isdisjoint(workspace_roles.roles_of(context.session, context.actor)):
        raise RefusedError(
            _("To name the workspace's roles one has to be operator. `role list` says who is.")
        )
