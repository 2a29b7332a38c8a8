"""The composition root: what app and tests share, and that detection's way back leads to the alerts."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from rooms.channels import CHANNELS
from rooms.pages.services import Services
from tests.rooms.stage import Stage
from tests.site import Site


def test_app_and_tests_have_the_same_services_of_the_same_types(tmp_path: Path) -> None:
    (tmp_path / "stage").mkdir()
    site, stage = Site(tmp_path), Stage(tmp_path / "stage")
    for services in (site.services, stage.services):
        assert isinstance(services, Services)
        assert [type(channel) for channel in services.channels] == list(CHANNELS)
    fakes = {"monitor", "tasks"}
    for name in (field.name for field in fields(Services) if field.name not in fakes):
        assert type(getattr(site.services, name)) is type(getattr(stage.services, name)), name
    stage.database.close()
    site.close()


def test_what_detection_concludes_reaches_the_teachers(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    participant = stage.admitted()
    stage.teacher("t1")
    stage.sink.alert_raised(stage.alert(participant))
    assert [alert["id"] for alert in stage.told("t1", "alert")] == ["a1"]
    stage.database.close()
