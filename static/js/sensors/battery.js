// How full the phone is and whether it charges; null for both where the browser does not say (Safari, Firefox).

/** @typedef {{battery: number | null, charging: boolean | null}} Power */

/** @param {(power: Power) => void} onPower @param {any} [device] */
export async function watchBattery(onPower, device = navigator) {
  const battery = await device.getBattery?.().catch(() => null);
  if (!battery) return onPower({ battery: null, charging: null });
  const tell = () => onPower({ battery: Math.round(battery.level * 100) / 100, charging: battery.charging });
  for (const event of ["levelchange", "chargingchange"]) battery.addEventListener(event, tell);
  tell();
}
