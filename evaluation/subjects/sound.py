"""Sound: speech against quiet rooms, keyboards and noise; how often noise alone raises an alert; what it costs."""

from collections.abc import Iterator
from pathlib import Path

from detection.sensing.sound.speech import RATE
from evaluation.figures.intervals import Figure, scores, share
from evaluation.figures.section import Section
from evaluation.systems.hearers import Recording, Sound, Watch, hearers, listener, louder, mixed, pcm, recordings
from rooms.setup.room_settings.phrases import USUAL_PHRASES

SPEECH, KEYS, QUIET = "speech", "keyboard", "quiet_room"
SEGMENT = 3.0  # seconds
ENOUGH = 0.25  # seconds of speech that make a segment one with speech, for everybody
LEVELS = (-20.0, -10.0, 0.0, 10.0)  # decibels
RATIOS = (10.0, 5.0, 0.0)  # decibels by which speech is louder than the noise over it
SAID = {  # see PHRASES
    "audio_p003.wav": "thousand miles",
    "audio_p004.wav": "terrible moment",
    "audio_p007.wav": "public schools",
    "audio_p008.wav": "in that neighborhood",
    "audio_p009.wav": "danger trail",
    "audio_p010.wav": "this particular case",
}

NOTE = (
    "{files} recordings of {speakers} speakers, keyboards and rooms, {seconds:.0f} s in all, cut into segments of 3 s;"
    " a segment counts as speech from 0.25 s of it on. Nothing was fitted to them: thresholds are those of the authors"
    " of Silero VAD. “Alerts” are whole recordings through the server's own judge, with the rule's default of two"
    " seconds of speech within ten.\n\n"
    "Most recordings are clean, read English, and the quiet rooms are one room: voices far away, whispers and children"
    " are not among them. A television or a neighbour is speech too, and nobody guesses whose voice it is. WebRTC's"
    " detector is asked only where `webrtcvad` was installed by hand."
)
HOUR = (
    "All recordings without speech, at -20 to +10 dB, alone and keyboards mixed with each room and noise, one after the"
    " other without a pause, {hours:g} h in all. Pages send far less: only what stands out of the room's own noise.\n\n"
    "Hearing costs {cost:.3f} s on one core for each second that is sent: {many:.0f} students who all speak at once."
)
PHRASES = (
    "One phrase of each of six recordings, and the room's usual English phrases, which nobody says in any; softer,"
    " louder and under noise too. Two of the six are in the published texts of CMU ARCTIC; four were only understood by"
    " pocketsphinx's own free decoder, another search with the same model, which is weaker evidence; and the"
    " thresholds were chosen with these recordings at hand. pocketsphinx listens where no Vosk model is there, and"
    " makes no text. Vosk itself could not be measured: its models were not at hand."
)


def measure(media: Path, hours: float = 1.0) -> list[Section]:
    """Measure on the recordings of the audio folder, with so many hours of noise; nothing without such a folder."""
    folder = media / "audio"
    if not (folder / "labels.csv").is_file():
        return []
    known = recordings(folder)
    return [_segments(known), _conditions(known), _noise(known, hours), _phrases(known)]


def _segments(known: list[Recording]) -> Section:
    section = Section("Sound: speech or not", ("who", "precision", "recall", "F1", "wrongly: keys, room, noise"))
    speakers = len({one.speaker for one in known if one.label == SPEECH})
    section.note = NOTE.format(files=len(known), speakers=speakers, seconds=sum(len(one.sound) for one in known) / RATE)
    parts = [(one, part) for one in known for part in _cut(one.sound)]
    for name, hear in hearers().items():
        said = [hear(part) >= ENOUGH for _, part in parts]
        truth = [one.label == SPEECH for one, _ in parts]
        told = scores(list(zip(truth, said, strict=True)))
        wrong = [
            share(sum(s for (one, _), s in zip(parts, said, strict=True) if one.label == label), count)
            for label in (KEYS, QUIET, "noise")
            if (count := sum(one.label == label for one, _ in parts))
        ]
        section.rows.append([name, *told.cells(), ", ".join(f"{one.value:.2f}" for one in wrong)])
        if name == "Examonitor":
            section.figures = {"speech f1": told.f1, "speech recall": told.recall, "speech precision": told.precision}
        else:
            section.peer(name, {"speech f1": told.f1.value})
    alerts = scores([(one.label == SPEECH, Watch().hear(one.sound) > 0) for one in known])
    section.rows.append(["Examonitor, alerts by recording", *alerts.cells(), ""])
    section.figures["speech alerts f1"] = alerts.f1
    return section


def _conditions(known: list[Recording]) -> Section:
    section = Section("Sound: speech that is soft, clipped or under noise", ("recordings of speech", "alerts"))
    speech = [one.sound for one in known if one.label == SPEECH]
    bike = next(one.sound for one in known if one.label == "noise")
    ways: dict[str, list[Sound]] = {f"{level:+.0f} dB": [louder(one, level) for one in speech] for level in LEVELS}
    ways["-30 dB"] = [louder(one, -30.0) for one in speech]
    ways |= {f"{ratio:.0f} dB over noise": [mixed(one, bike, ratio) for one in speech] for ratio in RATIOS}
    for name, sounds in ways.items():
        section.rows.append([name, share(sum(Watch().hear(one) > 0 for one in sounds), len(sounds))])
    return section


def _noise(known: list[Recording], wanted: float) -> Section:
    section = Section("Sound: an hour of noise", ("", "in an hour"))
    watch = Watch()
    for sound in _endless(known):
        if watch.seconds >= wanted * 3600:
            break
        watch.hear(sound)
    hours, cost = watch.seconds / 3600, watch.cpu / watch.seconds
    section.note = HOUR.format(hours=round(hours, 2), cost=cost, many=1 / cost)
    section.rows = [
        ["alerts of speech", f"{watch.alerts / hours:.1f}"],
        ["half seconds with any speech in them", f"{watch.batches_with_speech / hours:.1f}"],
    ]
    section.figures = {
        "speech wrongly alerted in an hour": _rate(watch.alerts, hours),
        "speech wrongly heard half seconds in an hour": _rate(watch.batches_with_speech, hours),
    }
    return section


def _phrases(known: list[Recording]) -> Section:
    section = Section("Sound: phrases", ("who", "heard of those that are said", "wrongly, in speech", "in noise"))
    rough = listener()
    if rough is None:
        return section
    section.note = PHRASES
    phrases = [*USUAL_PHRASES, *SAID.values()]
    right = count = 0
    wrong, seconds = {True: 0, False: 0}, {True: 0.0, False: 0.0}
    for one, sound in _varied(known):
        heard = set(rough.understand(pcm(sound), phrases).phrases)
        said, is_speech = SAID.get(one.name), one.label == SPEECH
        count, right = count + (said is not None), right + (said in heard)
        wrong[is_speech] += len(heard - {said})
        seconds[is_speech] += len(sound) / RATE
    told = [f"{wrong[is_speech]} in {seconds[is_speech]:.0f} s" for is_speech in (True, False)]
    section.rows = [["pocketsphinx", share(right, count), *told]]
    return section


def _varied(known: list[Recording]) -> Iterator[tuple[Recording, Sound]]:
    """Give each recording as it is, softer and louder, and speech under some of the noises."""
    noises = [one.sound for one in known if one.label != SPEECH][::3]
    for one in known:
        yield from ((one, louder(one.sound, level)) for level in (0.0, -15.0, 8.0))
        if one.label == SPEECH:
            yield from ((one, mixed(one.sound, noise, 10.0)) for noise in noises)


def _endless(known: list[Recording]) -> Iterator[Sound]:
    """Give sounds without speech, again and again: each alone and keyboards over each of the others, at all levels."""
    silent = [one for one in known if one.label != SPEECH]
    keys, others = [o for o in silent if o.label == KEYS], [o for o in silent if o.label != KEYS]
    while silent:
        for level in LEVELS:
            yield from (louder(one.sound, level) for one in silent)
            yield from (louder(mixed(key.sound, other.sound), level) for key in keys for other in others)


def _cut(sound: Sound) -> list[Sound]:
    size = int(SEGMENT * RATE)
    return [sound[start : start + size] for start in range(0, max(1, len(sound) - size + 1), size)]


def _rate(count: int, hours: float) -> Figure:
    """Return events in an hour with the upper end of none in so long: three, by Poisson's law."""
    return Figure(count / hours, max(0.0, count - 2 * count**0.5) / hours, (count + 2 * count**0.5 + 3) / hours, count)
