// The light around a phone, in the few browsers that let a page read it; everywhere else nothing happens.

const LEAST_CHANGE = 0.25; // of what was told last
const LEAST_LUX = 5;

/** @param {number | null} told @param {number} lux */
export function isNewLight(told, lux) {
  return told === null || Math.abs(lux - told) > Math.max(LEAST_LUX, told * LEAST_CHANGE);
}

/** @param {(lux: number) => void} onLight @param {any} [Sensor] AmbientLightSensor @returns {() => void} ends it */
export function watchLight(onLight, Sensor = /** @type {any} */ (globalThis).AmbientLightSensor) {
  if (!Sensor) return () => {};
  /** @type {number | null} */
  let told = null;
  try {
    const sensor = new Sensor({ frequency: 1 });
    sensor.addEventListener("reading", () => {
      if (!isNewLight(told, sensor.illuminance)) return;
      told = sensor.illuminance;
      onLight(sensor.illuminance);
    });
    sensor.addEventListener("error", () => {}); // not allowed, or no such sensor: it was never needed
    sensor.start();
    return () => sensor.stop();
  } catch {
    return () => {}; // the browser knows the name but the page may not use it
  }
}
