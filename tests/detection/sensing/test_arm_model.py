"""The arm's features do not mind how the strap turns; the model's file is checked; its vote is scikit-learn's."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.types import ArmFamily
from detection.sensing.arm.features import NAMES, NOISE, along, features, strength
from detection.sensing.arm.model import FILE, SHIPPED, TOLD, ArmModel, ModelError, find, load, save
from detection.sensing.arm.motion import Floats, MotionStream, Window
from tests.detection.arms import raised, rows


def windows(told: Floats) -> list[Window]:
    return list(MotionStream(25).take(0.0, told))


def turned(told: Floats, degrees: float) -> Floats:
    """The same arm with the strap turned around it: y of the phone lies along the arm."""
    angle = np.radians(degrees)
    x, z = told[:, 1].copy(), told[:, 3].copy()
    other = told.copy()
    other[:, 1], other[:, 3] = np.cos(angle) * x + np.sin(angle) * z, np.cos(angle) * z - np.sin(angle) * x
    return other


def measured(told: Floats) -> Floats:
    return np.array([features(along(window, 1)) for window in windows(told)])


@pytest.mark.parametrize("degrees", [37.0, 90.0, 180.0, 251.0])
@pytest.mark.parametrize("told", [rows(5.0, 10.0, 2.0), raised(6.0), rows(5.0, -40.0, 0.02)])
def test_a_strap_that_turns_around_the_arm_changes_nothing(told: Floats, degrees: float) -> None:
    np.testing.assert_allclose(measured(turned(told, degrees)), measured(told), atol=1e-4)


def test_features_have_their_names_and_are_finite() -> None:
    told = measured(raised(6.0))
    assert told.shape[1] == len(NAMES) == len(set(NAMES))
    assert np.isfinite(told).all()
    assert told[-1][NAMES.index("elevation")] == pytest.approx(55.0, abs=2.0)
    assert measured(np.zeros((400, 4)) + np.arange(400)[:, None] / 60 * [1, 0, 0, 0]).shape[1] == len(NAMES)


def test_a_finer_sensors_silence_is_the_same_silence() -> None:
    place = NAMES.index("all")
    assert measured(rows(4.0, shake=0.001))[0][place] == measured(rows(4.0, shake=0.2))[0][place] == np.log(NOISE)
    assert strength(windows(rows(4.0, shake=0.2))[0]) == pytest.approx(0.2, rel=0.1)


def test_frequencies_are_those_of_the_movement() -> None:
    told = measured(rows(6.0, shake=3.0, rate=4.0))[0]
    assert told[NAMES.index("frequency")] == pytest.approx(4.0, abs=0.3)
    assert told[NAMES.index("fast_share")] > 0.9


# ------------------------------------------------------------------------------------ the file


def made(k: int = 3, weights: str = "distance") -> ArmModel:
    chance = np.random.default_rng(3)
    points = np.vstack([chance.normal(place, 1.0, (20, 5)) for place in range(4)])
    columns = NAMES[:5]
    return ArmModel(columns, np.zeros(5), np.ones(5) * 2.0, points, np.repeat(np.arange(4), 20), k, weights, "made up")


def test_a_model_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    model = made()
    save(model, tmp_path / FILE)
    again = load(tmp_path / FILE)
    np.testing.assert_allclose(again.points, model.points, atol=1e-4)
    assert (again.k, again.weights, again.columns, again.note) == (3, "distance", NAMES[:5], "made up")
    assert list(tmp_path.iterdir()) == [tmp_path / FILE]


def written_out(model: ArmModel, x: Floats) -> Floats:
    """The vote by its formula: the k nearest points, each with the inverse of its distance or with one voice."""
    far = np.linalg.norm(((x - model.centre) / model.scale)[:, None] - model.points, axis=2)
    near = np.argsort(far, axis=1)[:, : model.k]
    voices = 1.0 / np.take_along_axis(far, near, axis=1) if model.weights == "distance" else np.ones(near.shape)
    votes = np.stack([(voices * (model.families[near] == place)).sum(axis=1) for place in range(len(TOLD))], axis=1)
    return np.asarray(votes / votes.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("weights", ["distance", "uniform"])
@pytest.mark.parametrize("k", [1, 5, 9])
def test_the_vote_is_that_of_the_nearest_points(k: int, weights: str) -> None:
    model = made(k, weights)
    x = np.random.default_rng(9).normal(2.0, 2.0, (200, len(NAMES)))
    np.testing.assert_allclose(model.shares(x), written_out(model, x[:, :5]), atol=1e-9)
    points = np.zeros((3, len(NAMES)))
    points[:, :5] = model.points[[0, 20, 40]] * model.scale
    assert [model.tell(point)[0] for point in points] == list(TOLD[:3]) or weights == "uniform"


def edited(path: Path, **changes: Any) -> None:
    told = json.loads(path.read_text())
    path.write_text(json.dumps({**told, **changes}))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"k": 5}, "was changed"),
        ({"note": "better"}, "was changed"),
        ({"sha256": "0" * 64}, "was changed"),
        ({"version": 2}, "version 2"),
        ({"format": "other"}, "no arm model"),
    ],
)
def test_a_file_that_was_changed_is_refused(tmp_path: Path, changes: dict[str, Any], why: str) -> None:
    save(made(), tmp_path / FILE)
    edited(tmp_path / FILE, **changes)
    with pytest.raises(ModelError, match=why):
        load(tmp_path / FILE)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (replace(made(), k=81), "vote"),
        (replace(made(), k=0), "vote"),
        (replace(made(), weights="exec"), "vote"),
        (replace(made(), columns=(*NAMES[:4], "unknown")), "unknown here"),
        (replace(made(), columns=(*NAMES[:4], NAMES[0])), "unknown here"),
        (replace(made(), columns=NAMES[:6]), "do not fit"),
        (replace(made(), centre=np.zeros(4)), "scale does not fit"),
        (replace(made(), families=np.zeros(3, dtype=np.int64)), "do not fit"),
        (replace(made(), points=made().points * 1e300), "none"),
        (replace(made(), centre=np.full(5, -1e7)), "none"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_though_its_sum_fits(tmp_path: Path, broken: ArmModel, why: str) -> None:
    save(broken, tmp_path / FILE)
    with pytest.raises(ModelError, match=why):
        load(tmp_path / FILE)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[1, 2]", b"null", b"\x80\x04", b'{"format": "examonitor arm model"}', b"NaN", b"[" * 100_000],
)
def test_what_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(ModelError):
        load(tmp_path / FILE)


@pytest.mark.parametrize("depth", range(900, 1000, 10))
def test_what_is_nested_as_deep_as_can_be_read_is_refused(tmp_path: Path, depth: int) -> None:
    save(made(), tmp_path / FILE)
    text = (tmp_path / FILE).read_text()
    (tmp_path / FILE).write_text(text.replace('"k":', '"deep":' + "[" * depth + "]" * depth + ',"k":', 1))
    with pytest.raises(ModelError):
        load(tmp_path / FILE)


def test_infinite_numbers_are_refused(tmp_path: Path) -> None:
    save(made(), tmp_path / FILE)
    text = (tmp_path / FILE).read_text()
    (tmp_path / FILE).write_text(text.replace('"points":[[', '"points":[[Infinity,', 1))
    with pytest.raises(ModelError):
        load(tmp_path / FILE)


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (tmp_path / "sprung",))

    (tmp_path / FILE).write_bytes(pickle.dumps(Trap()))
    with pytest.raises(ModelError):
        load(tmp_path / FILE)
    assert not (tmp_path / "sprung").exists()


def test_a_model_of_ones_own_goes_before_the_shipped_one_and_a_broken_one_does_not(tmp_path: Path) -> None:
    assert find([tmp_path])[1] == str(SHIPPED)
    save(made(), tmp_path / FILE)
    assert find([tmp_path / "none", tmp_path])[1] == str(tmp_path / FILE)
    edited(tmp_path / FILE, k=4)
    model, where = find([tmp_path])
    assert (model is not None, where) == (True, str(SHIPPED))


def test_the_shipped_model_is_small_and_knows_a_telephone_from_a_desk() -> None:
    model = load(SHIPPED)
    assert SHIPPED.stat().st_size < 100_000
    assert len(model.points) <= 300
    at_ear, at_rest = measured(raised(8.0))[-1], measured(rows(5.0, 3.0))[-1]
    assert model.tell(at_ear)[0] is ArmFamily.HAND_TO_FACE
    assert model.tell(at_rest)[0] is ArmFamily.CALM
