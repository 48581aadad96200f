"""Channel life: the bot removed, the channel archived, renamed, private or gone."""

import pytest
from sqlalchemy import select

from bot.projects import Project
from slackbox import Channel, Message
from tests.office import Office


def paused(office: Office) -> str | None:
    """Why Alpha posts nothing just now."""
    reason: str | None = office.stored(
        lambda s: s.scalar(select(Project.paused).where(Project.key == "ALPHA"))
    )
    return reason


def end(office: Office, how: str) -> None:
    """Let the bot lose #alpha, and hear of it."""
    if how == "removed":
        office.anna.removes(office.alpha)
    elif how == "archived":
        office.anna.archives(office.alpha)
    else:
        office.anna.deletes_channel(office.alpha)
    office.box.wait_for(lambda: paused(office) is not None)


def cards(office: Office, where: Channel) -> list[Message]:
    """What everybody sees in a channel, the thread replies left out."""
    office.delivered()
    return [m for m in office.anna.reads(where) if m.ephemeral_for is None and m.bot_id]


def texts(office: Office, where: Channel) -> list[str]:
    """The text of what everybody sees in a channel."""
    return [office.box.text_of(m) for m in cards(office, where)]


@pytest.mark.parametrize("how", ["removed", "archived", "deleted"])
def test_a_project_that_lost_its_channel_pauses_and_the_lead_is_told_once(
    office: Office, how: str
) -> None:
    office.says("/po project people @carla office")
    office.says("/po-action add before")
    office.delivered()
    end(office, how)
    for number in range(3):
        office.says(f"/po-action add after {number} in ALPHA", where=office.anna.dm)
    told = [text for text in office.told(office.anna) if "can no longer post for Alpha" in text]
    assert len(told) == 1
    assert "project bind ALPHA" in told[0]
    assert not [text for text in office.told(office.carla) if "no longer post" in text]
    assert "paused" in office.says("/po project show in ALPHA", where=office.anna.dm)


@pytest.mark.parametrize("how", ["removed", "archived", "deleted"])
def test_what_was_kept_comes_where_the_project_is_bound_next(office: Office, how: str) -> None:
    office.says("/po-action add before")
    office.delivered()
    end(office, how)
    dm = office.anna.dm
    office.says("/po-action add after in ALPHA", where=dm)
    office.says("/po-action note A1 spoke to Ben in ALPHA", where=dm)
    office.says("/po-action done A1 in ALPHA", where=dm)
    office.says("/po-status green All is well in ALPHA", where=dm)
    new = office.box.channel("new", members=[office.anna])
    assert "Alpha lives in this channel now" in office.says("/po project bind ALPHA", where=new)
    shown = texts(office, new)
    assert len(shown) == 3
    assert any("A2 · after" in text for text in shown)
    assert any("A1 · before" in text and "done" in text for text in shown)
    assert any("All is well" in text for text in shown)
    card = next(m for m in cards(office, new) if "A1" in office.box.text_of(m))
    remarks = [office.box.text_of(m) for m in office.anna.reads(new, thread=card)[1:]]
    assert len(remarks) == 2
    assert "noted: spoke to Ben" in remarks[0]
    assert "A1 closed" in remarks[1]
    assert paused(office) is None


def test_invited_again_the_bot_posts_what_was_kept(office: Office) -> None:
    office.says("/po-action add before")
    office.delivered()
    end(office, "removed")
    office.says("/po-action add after")
    office.says("/po-action done A1")
    assert len(texts(office, office.alpha)) == 1
    office.anna.invites(office.alpha)
    office.box.wait_for(lambda: paused(office) is None)
    before, after = texts(office, office.alpha)
    assert "A1 · before" in before
    assert "done" in before
    assert "A2 · after" in after
    assert not [text for text in office.told(office.anna) if "A2" in text]


def test_a_channel_out_of_the_archive_is_posted_to_again(office: Office) -> None:
    end(office, "archived")
    office.says("/po-action add after in ALPHA", where=office.anna.dm)
    office.anna.unarchives(office.alpha)
    office.box.wait_for(lambda: paused(office) is None)
    assert any("A1 · after" in text for text in texts(office, office.alpha))


def test_a_loss_nobody_told_of_is_noticed_when_posting(office: Office) -> None:
    office.box.call(lambda: office.alpha.members.pop(office.app.bot_user_id))
    office.says("/po-action add order paint")
    (told,) = office.told(office.anna)
    assert "can no longer post for Alpha" in told
    office.anna.invites(office.alpha)
    office.box.wait_for(lambda: paused(office) is None)
    assert any("order paint" in text for text in texts(office, office.alpha))


def test_a_project_made_where_the_bot_is_not_says_so_at_once(office: Office) -> None:
    beta = office.box.channel("beta", members=[office.ben], with_bot=False)
    answer = office.says("/po project new Beta", office.ben, beta)
    assert "I am not in it: " in answer
    office.says("/po-action add order paint", office.ben, beta)
    assert len(office.told(office.ben)) == 1
    office.ben.invites(beta)
    office.box.wait_for(
        lambda: any(
            "A1" in office.box.text_of(m) for m in office.ben.reads(beta) if m.ephemeral_for is None
        )
    )


def test_a_private_channel_without_the_bot_pauses_as_well(office: Office) -> None:
    secret = office.box.channel("secret", members=[office.ben], private=True, with_bot=False)
    answer = office.says("/po project new Secret", office.ben, secret)
    assert "I am not in it: " in answer
    office.says("/po-action add order paint", office.ben, secret)
    assert "can no longer post for Secret" in office.told(office.ben)[0]
    office.ben.invites(secret)
    office.box.wait_for(
        lambda: any(
            "A1" in office.box.text_of(m)
            for m in office.ben.reads(secret)
            if m.ephemeral_for is None
        )
    )


def test_a_channel_made_private_goes_on_as_long_as_the_bot_is_in_it(office: Office) -> None:
    office.says("/po-action add before")
    office.anna.makes_private(office.alpha)
    office.says("/po-action done A1")
    office.says("/po-action add after")
    office.delivered()
    assert paused(office) is None
    assert [text for text in texts(office, office.alpha) if "A2 · after" in text]


def test_a_renamed_channel_goes_on(office: Office) -> None:
    office.anna.renames(office.alpha, "alpha-pilot")
    office.box.settle()
    office.says("/po-action add after")
    assert paused(office) is None
    assert any("A1 · after" in text for text in texts(office, office.alpha))


def test_every_project_of_a_channel_pauses_and_each_may_go_its_way(office: Office) -> None:
    office.says("/po project new Beta sure=yes")
    end(office, "removed")
    for key in ("ALPHA", "BETA"):
        office.says(f"/po-action add paint {key.lower()} in {key}")
    new = office.box.channel("new", members=[office.anna])
    office.says("/po project bind BETA", where=new)
    assert [text for text in texts(office, new) if "paint" in text] == [
        text for text in texts(office, new) if "paint beta" in text
    ]
    assert len(texts(office, new)) == 1
    assert paused(office) is not None
    told = [text for text in office.told(office.anna) if "no longer post" in text]
    assert len(told) == 2


def test_a_lost_channel_that_is_lost_again_is_told_again(office: Office) -> None:
    end(office, "removed")
    office.anna.invites(office.alpha)
    office.box.wait_for(lambda: paused(office) is None)
    office.passes(minutes=1)
    end(office, "removed")
    told = [text for text in office.told(office.anna) if "no longer post" in text]
    assert len(told) == 2


def test_who_invites_the_bot_is_shown_where_to_begin(office: Office) -> None:
    beta = office.box.channel("beta", members=[office.ben], with_bot=False)
    office.ben.invites(beta)
    shown = office.box.wait_for(
        lambda: [m for m in office.ben.reads(beta) if m.ephemeral_for == office.ben.id]
    )
    assert "[New project …]" in office.box.text_of(shown[0])
