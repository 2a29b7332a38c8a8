// Three ways to be noticed: a short tone, a number in the tab's title, a word to screen readers.

const PLAIN_TITLE = globalThis.document?.title ?? "";
const TONE = { hertz: 660, seconds: 0.18, volume: 0.12 };

/** @type {{audio: AudioContext | null}} */
const shared = { audio: null };

/** Play a short soft tone; silent where the browser wants a click first. */
export function beep() {
  shared.audio ??= new AudioContext();
  const { audio } = shared;
  if (audio.state === "suspended") audio.resume().catch(() => undefined);
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = TONE.hertz;
  volume.gain.setValueAtTime(TONE.volume, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + TONE.seconds);
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + TONE.seconds);
}

/**
 * Show how much is unread in the tab's title, also while another tab is in front.
 * @param {number} count
 */
export function titleCount(count) {
  document.title = withCount(PLAIN_TITLE, count);
}

/**
 * @param {string} title
 * @param {number} count
 * @returns {string}
 */
export function withCount(title, count) {
  if (count <= 0) return title;
  return `(${count > 99 ? "99+" : count}) ${title}`;
}

/**
 * Have a screen reader say something once, without moving the focus.
 * @param {string} text
 */
export function announce(text) {
  const region = document.getElementById("announcer");
  if (!region) return;
  // The same words twice are only spoken twice when the region changes in between.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}
