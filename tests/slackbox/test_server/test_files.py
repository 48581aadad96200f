"""Files: uploaded, shared, shown."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from .blocks import section
from .conftest import Place

PICTURE = b"\x89PNG not really"


def error_of(call: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call()
    return str(refused.value.response["error"])


def get(url: str, token: str = "") -> tuple[str, bytes]:
    request = urllib.request.Request(url)  # noqa: S310 a loopback address
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request) as answer:  # noqa: S310 the same
        return answer.headers["Content-Type"], answer.read()


def uploaded(place: Place) -> str:
    """A picture that is there but shared nowhere."""
    answer = place.client.files_upload_v2(content=PICTURE, filename="chart.png", title="Chart")
    return str(answer["files"][0]["id"])


def test_an_upload_is_shared_with_a_comment(place: Place) -> None:
    answer = place.client.files_upload_v2(
        content="a;b\n1;2\n",
        filename="list.csv",
        channel=place.alpha.id,
        initial_comment="as asked",
    )
    (message,) = place.anna.reads(place.alpha)
    assert place.box.text_of(message) == "as asked\n[file: list.csv]"
    file = place.client.files_info(file=answer["files"][0]["id"])["file"]
    assert (file["mimetype"], file["size"]) == ("text/csv", 8)
    assert file["shares"]["public"][place.alpha.id][0]["ts"] == message.ts
    assert get(file["url_private"], place.app.bot_token)[1] == b"a;b\n1;2\n"
    history = place.client.conversations_history(channel=place.alpha.id)["messages"]
    assert history[0]["files"][0]["id"] == file["id"]


def test_an_upload_goes_into_a_thread_without_a_word(place: Place) -> None:
    parent = place.anna.says("parent", place.alpha)
    place.client.files_upload_v2(
        content=b"x", filename="noextension", channel=place.alpha.id, thread_ts=parent.ts
    )
    reply = place.anna.reads(place.alpha, thread=parent)[1]
    assert place.box.text_of(reply) == "[file: noextension]"
    lost = error_of(
        lambda: place.client.files_upload_v2(
            content=b"x", filename="x", channel=place.alpha.id, thread_ts="1.2"
        )
    )
    assert lost == "thread_not_found"


def test_a_picture_stands_in_a_block_once_it_is_ready(place: Place) -> None:
    place.box.file_lag = 10
    file_id = uploaded(place)
    blocks = [{"type": "image", "alt_text": "R 3, A 2", "slack_file": {"id": file_id}}]
    post = place.client.chat_postMessage
    refused = error_of(lambda: post(channel=place.alpha.id, text="x", blocks=blocks))
    assert refused == "invalid_blocks"
    assert place.client.files_info(file=file_id)["file"]["mimetype"] == ""
    place.box.advance(11)
    assert place.client.files_info(file=file_id)["file"]["mimetype"] == "image/png"
    post(channel=place.alpha.id, text="x", blocks=blocks)
    url = place.client.files_info(file=file_id)["file"]["url_private"]
    image = {"type": "image", "alt_text": "by address", "slack_file": {"url": url}}
    for shown in (
        [section("x", accessory=image)],
        [{"type": "context", "elements": [image, {"type": "plain_text", "text": "x"}]}],
    ):
        post(channel=place.alpha.id, text="x", blocks=shown)
    assert get(f"{place.box.url}/box/files/{file_id}") == ("image/png", PICTURE)
    assert get(f"{place.box.url}/box/files/{file_id}/chart.png") == ("image/png", PICTURE)


def test_a_private_address_asks_for_a_token(place: Place) -> None:
    file_id = uploaded(place)
    url = place.client.files_info(file=file_id)["file"]["url_private"]
    assert get(url)[0].startswith("text/html")
    place.app.scopes -= {"files:read"}
    assert get(url, place.app.bot_token)[0].startswith("text/html")


def test_what_was_not_uploaded_is_not_there(place: Place) -> None:
    client = place.client
    asked = client.files_getUploadURLExternal(filename="x.txt", length=3)
    missing = error_of(
        lambda: client.files_completeUploadExternal(files=[{"id": asked["file_id"], "title": ""}])
    )
    assert missing == "file_not_found"
    for url, status in (
        (f"{place.box.url}/box/files/{asked['file_id']}", 404),
        (f"{place.box.url}/box/files/F404", 404),
    ):
        with pytest.raises(urllib.error.HTTPError) as refused:
            get(url)
        assert refused.value.code == status
        refused.value.close()
    with pytest.raises(urllib.error.HTTPError) as wrong:
        urllib.request.urlopen(asked["upload_url"], data=b"too long")  # noqa: S310 loopback
    assert wrong.value.code == 400
    wrong.value.close()
    assert error_of(lambda: client.files_info(file=asked["file_id"])) == "file_not_found"
    assert error_of(lambda: client.files_completeUploadExternal(files=[])) == "invalid_arguments"
    empty = error_of(lambda: client.files_getUploadURLExternal(filename="x", length=0))
    assert empty == "invalid_arguments"


def test_a_form_upload_counts_as_well(place: Place) -> None:
    asked = place.client.files_getUploadURLExternal(filename="x.txt", length=3)
    body = (
        b'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nx\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.txt"\r\n\r\nabc\r\n'
        b"--b--\r\n"
    )
    request = urllib.request.Request(asked["upload_url"], data=body)  # noqa: S310 loopback
    request.add_header("Content-Type", "multipart/form-data; boundary=b")
    with urllib.request.urlopen(request) as answer:  # noqa: S310 loopback
        assert answer.read() == b"OK - 3"
    without = urllib.request.Request(asked["upload_url"], data=b"--b--\r\n")  # noqa: S310 loopback
    without.add_header("Content-Type", "multipart/form-data; boundary=b")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(without)  # noqa: S310 loopback
    refused.value.close()
