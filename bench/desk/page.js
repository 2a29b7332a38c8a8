// Notes on a teacher's page when each incident stood first, when it could be played, and how long verdicts took.
(() => {
  const noted = { first: {}, playable: {}, verdicts: [] };
  let pressed = null;
  window.deskNoted = noted;

  const look = () => {
    const now = Date.now();
    const first = document.querySelector("#alerts .incident");
    if (first && !(first.dataset.id in noted.first)) noted.first[first.dataset.id] = now;
    for (const button of document.querySelectorAll("#alerts .incident .incident-play")) {
      const { id } = button.closest(".incident").dataset;
      noted.playable[id] ??= now;
    }
    if (pressed && !isOpen(pressed.id)) {
      noted.verdicts.push(performance.now() - pressed.at);
      pressed = null;
    }
  };

  const isOpen = (id) => {
    const card = document.querySelector(`#alerts .incident[data-id="${id}"]`);
    return card !== null && card.dataset.verdict === "new";
  };

  document.addEventListener("keydown", (event) => {
    const current = document.querySelector("#alerts .incident.is-current");
    if (event.key === "x" && current) pressed = { id: current.dataset.id, at: performance.now() };
  }, true);
  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
})();
