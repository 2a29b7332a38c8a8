// Sound at the computer's rate made into sound at 16 kHz, for browsers that give no other than their own.
//
// A windowed-sinc low-pass filter in as many phases as the two rates need (polyphase filter; see Smith, "Digital Audio
// Resampling", https://ccrma.stanford.edu/~jos/resample/). What is above half of the lower rate would come back as noise
// at the wrong pitch; the filter takes it away before.

const CROSSINGS = 16; // zero crossings of the sinc on each side: its length
const PASSED = 0.94; // of half the lower rate: the rest is where the filter falls

/** @param {number} a @param {number} b @returns {number} */
const divisor = (a, b) => (b === 0 ? a : divisor(b, a % b));

export class Resampler {
  /** @param {number} from samples a second @param {number} to */
  constructor(from, to) {
    const common = divisor(from, to);
    this.up = to / common;
    this.down = from / common;
    const scale = Math.min(1, to / from) * PASSED;
    this.half = Math.ceil(CROSSINGS / scale);
    this.phases = Array.from({ length: this.up }, (_, phase) => taps(phase / this.up, this.half, scale));
    this.waiting = new Float32Array(this.half); // silence before the beginning
    this.phase = 0; // of the next sample to make, in steps of 1 / up of a sample that came in
  }

  /** @param {Float32Array} samples @returns {Float32Array} */
  push(samples) {
    if (this.up === this.down) return samples;
    const all = new Float32Array(this.waiting.length + samples.length);
    all.set(this.waiting);
    all.set(samples, this.waiting.length);
    const made = [];
    let at = this.half; // the first samples are there only for the filter's sake
    while (at + this.half < all.length) {
      made.push(weighed(all, at, this.phases[this.phase], this.half));
      this.phase += this.down;
      at += Math.floor(this.phase / this.up);
      this.phase %= this.up;
    }
    this.waiting = all.slice(at - this.half);
    return Float32Array.from(made);
  }
}

/** The filter at one fraction of a sample. @param {number} fraction @param {number} half @param {number} scale */
function taps(fraction, half, scale) {
  const values = Float64Array.from({ length: 2 * half + 1 }, (_, index) => {
    const x = index - half - fraction;
    const window = Math.abs(x) > half ? 0 : 0.42 + 0.5 * Math.cos((Math.PI * x) / half) + 0.08 * Math.cos((2 * Math.PI * x) / half);
    const angle = Math.PI * x * scale;
    return (angle === 0 ? 1 : Math.sin(angle) / angle) * window;
  });
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum); // each phase is as loud as the others
}

/** @param {Float32Array} all @param {number} at @param {Float64Array} filter @param {number} half */
function weighed(all, at, filter, half) {
  let sum = 0;
  for (let index = 0; index < filter.length; index += 1) sum += all[at - half + index] * filter[index];
  return sum;
}
