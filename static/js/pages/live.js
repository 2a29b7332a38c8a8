// The teacher's live page: puts the parts together and tells them what the server says.

import { Connection } from "../shared/connection.js";
import { find, pageData } from "../shared/dom.js";
import { loadCatalogue, t } from "../shared/i18n.js";
import { titleCount } from "../shared/notify.js";
import { learnRoles } from "../shared/phone_roles.js";
import { sendPhoto } from "../shared/photo_sender.js";
import { ActDesk } from "../teacher/actions/act_desk.js";
import { AdjustDialog } from "../teacher/large/accommodations.js";
import { Desk } from "../teacher/incidents/desk.js";
import { isOfRoom } from "../teacher/incidents/incidents.js";
import { ChatPanel } from "../teacher/chat/chat_panel.js";
import { QuietKinds } from "../teacher/alerts/feedback.js";
import { PictureFeed } from "../teacher/grid/picture_feed.js";
import { NeedsStrip } from "../teacher/needs/needs_strip.js";
import { PastLines } from "../teacher/past/past_lines.js";
import { CountFilters } from "../teacher/room/count_filters.js";
import { FrameBatch } from "../teacher/grid/frames.js";
import { GridView } from "../teacher/grid/grid_view.js";
import { IdentityLog } from "../teacher/large/identity_log.js";
import { LargeView } from "../teacher/large/large_view.js";
import { Listening } from "../teacher/large/listening.js";
import { LiveRoom } from "../teacher/room/live_room.js";
import { learnRules } from "../teacher/room/rule_catalogue.js";
import { Notices } from "../teacher/alerts/notices.js";
import { patrolOver } from "../teacher/patrol/patrol.js";
import { Panel } from "../teacher/room/panel.js";
import { teacherKeys } from "../teacher/room/shortcuts.js";
import { AlertSounds } from "../teacher/alerts/sounds.js";
import { Toast } from "../teacher/alerts/toast.js";
import { Toolbar } from "../teacher/room/toolbar.js";
import { TopBar } from "../teacher/room/top_bar.js";
import { WaitingRoom } from "../teacher/waiting/waiting.js";
import { Watch } from "../teacher/grid/watch.js";

/** @typedef {import("../teacher/room/types.js").Welcome} Welcome */

await loadCatalogue();

const { ticket, room, me, rules, phone_roles: roles, suspicion, photos, listening: mayListen } = pageData();
learnRules(rules);
learnRoles(roles);
const root = document.body;
const batch = new FrameBatch();
const live = new LiveRoom(room);
const toast = new Toast();
const notices = new Notices();
const panel = new Panel(root);
const counts = { alerts: 0, hands: 0, problems: 0, chat: 0 };

const bar = new TopBar(root, live, batch, (state) => tell("room", { state }));
const connection = new Connection("/teacher", ticket, {
  onState(state, problem) {
    bar.setConnection(state);
    notices.setConnection(state, problem);
    root.dataset.connection = state;
  },
});

const watch = new Watch((event, payload) => connection.request(event, payload));
const toolbar = new Toolbar(root, () => {});
const countFilters = new CountFilters(root, toolbar, () => large.close());
const grid = new GridView(root, {
  live,
  batch,
  toolbar,
  watch: (ids) => watch.show(ids),
  preview: (id) => watch.setPreview(id),
  open: (id) => large.open(id),
  count: (counts) => countFilters.show(counts),
});
const large = new LargeView(root, live, batch, {
  focus: (id) => watch.setFocus(id),
  beside: (id, step) => grid.beside(id, step),
  alert: (id) => desk.detail.open(id),
  chat: openChat,
  remove: (id) => tell("remove", { participant: id }),
  adjust: (participant) => void adjust.open(participant),
  photo: (participant, file) => void givePhoto(participant, file),
  closed: (id) => {
    void listening.stop();
    grid.focus(id);
  },
  looked: /** @returns {number} */ (/** @type {string} */ id) => patrol.secondsOn(id),
  listens: (id) => listening.channelOf(id),
  listen: (id, channel, on) => void listening.set(id, channel, on),
  mayListen: mayListen === true,
  rules: (id) => connection.request("rules", { participant: id }),
}, suspicion);
const listening = new Listening((event, payload) => connection.request(event, payload), (problem) => toast.problem(problem), () => live.tell("senses"));
const adjust = new AdjustDialog(accommodate, (problem) => toast.problem(problem));
const feed = new PictureFeed((picture) => {
  grid.paint(picture);
  needs.paint(picture);
  large.paint(picture);
  waiting.paint(picture);
}, batch);

const sounds = new AlertSounds(find("#sound", HTMLButtonElement), live);
const desk = new Desk(root, {
  live,
  batch,
  toast,
  request: (event, payload) => connection.request(event, payload),
  weights: suspicion.weights,
  me: Number(me.id),
}, { student: (id) => large.open(id), mute, message: openChat, hands: (waiting) => showCounts({ hands: waiting }), sounds: () => sounds.on });
const needs = new NeedsStrip(root, live, batch, {
  open: (id) => large.open(id),
  watch: (ids) => watch.showUrgent(ids),
  fill: grid.fill,
  isOfOthers: (incident) => desk.claims.concern(incident).of === "others",
});
new PastLines(root, live, batch, { student: (id) => large.open(id), alert: (id) => desk.detail.open(id) });
const acts = new ActDesk(root, {
  live,
  request: (event, payload) => connection.request(event, payload),
  toast,
  desk,
  large,
  me: Number(me.id),
}, { message: openChat, open: (id) => large.open(id), problems: (open) => showCounts({ problems: open }) });
new IdentityLog(root, live, batch, (id) => large.open(id));
const quietKinds = new QuietKinds(root, mute);
const waiting = new WaitingRoom(root, live, batch, {
  admit: (participant, admit) => tell("admit", { participant, admit }),
  count: (count) => panel.setCount("waiting", count),
  open: (id) => large.open(id),
  watch: (ids) => watch.showWaiting(ids),
});
const chat = new ChatPanel(find("#chat", HTMLElement), {
  me,
  connection,
  live,
  batch,
  onUnread(total, byConversation) {
    panel.setCount("chat", total);
    grid.setUnread(byConversation);
    showCounts({ chat: total });
  },
});
const patrol = patrolOver(root, room.id, { grid, large });
const keys = teacherKeys({ desk, acts, large, grid, panel, sounds, patrol, message });

acts.listen(connection);

connection
  .on("welcome", welcome)
  .on("tiles", (index, data, answer) => void feed.receive(index, data, answer))
  .on("participant", (participant) => live.setParticipant(participant))
  .on("teachers", ({ teachers }) => live.setTeachers(teachers))
  .on("identity", (event) => live.setIdentity(event))
  .on("alert", (alert) => live.setAlert(alert))
  .on("chat", (message) => chat.part.add(message))
  .on("room", (told) => live.setRoom(told.room))
  .on("attention", ({ scores }) => live.setScores(scores))
  .on("sensors", (told) => live.setSenses(told))
  .on("heard", (heard, taken) => {
    listening.take(heard);
    taken?.();
  })
  .on("muted", ({ kinds: told }) => live.setKinds(told))
  .on("claims", ({ claims: told }) => live.setClaims(told))
  .on("storage", (storage) => notices.setStorage(storage))
  .on("capacity", (capacity) => {
    notices.setCapacity(capacity);
    bar.setPace(capacity.slow);
  });

live.addEventListener("kinds", () => quietKinds.show(live.kinds));
live.addEventListener("alerts", () => showCounts({ alerts: desk.list.toReview() }));
panel.onShow = (/** @type {string} */ name) => {
  if (name === "chat") chat.part.seen();
};
find("#show-keys", HTMLButtonElement).addEventListener("click", () => keys.open());
find("[data-dialog=code]", HTMLButtonElement).addEventListener("click", () => find("#code", HTMLDialogElement).showModal());
find("#waiting-show", HTMLButtonElement).addEventListener("click", () => panel.show("waiting", true));
document.addEventListener("visibilitychange", () => watch.setHidden(document.hidden));

/** @param {Welcome} told */
function welcome(told) {
  live.welcome(told);
  notices.setNotices(told.notices);
  notices.setStorage(told.storage);
  desk.list.welcome(told.alerts);
  grid.grid.watchAgain();
  watch.again();
  listening.again();
  chat.welcome(told.messages).catch((problem) => toast.problem(problem));
}

/**
 * @param {string} event
 * @param {Record<string, unknown>} payload
 */
async function tell(event, payload) {
  try {
    const answer = await connection.request(event, payload);
    if (answer.room) live.setRoom(answer.room);
  } catch (problem) {
    toast.problem(problem);
  }
}

/** @type {import("../teacher/large/accommodations.js").Tell} */
async function accommodate(payload) {
  const answer = await connection.request("accommodate", payload);
  if (payload.accommodations) void large.rules.again();
  return answer;
}

/**
 * @param {string} kind
 * @param {boolean} quiet
 */
function mute(kind, quiet) {
  void tell("mute", { kind, quiet });
}

/**
 * @param {import("../teacher/room/types.js").Participant} participant
 * @param {File} file
 */
async function givePhoto({ id, name }, file) {
  toast.say(t("The photo of %(name)s is being checked…", { name }));
  const { state, text } = await sendPhoto(file, { participant: id }, photos);
  toast.say(state === "kept" ? t("%(name)s is compared with this photo from now on.", { name }) : text);
}

/** @param {import("../teacher/incidents/incidents.js").Incident} incident */
function message({ lead }) {
  if (!isOfRoom(lead)) return openChat(lead.participant);
  panel.show("chat");
  chat.part.show("all");
}

/** @param {string} participant */
function openChat(participant) {
  panel.show("chat");
  chat.open(participant);
}

/** @param {Partial<typeof counts>} changed */
function showCounts(changed) {
  Object.assign(counts, changed);
  const calls = counts.alerts + counts.hands + counts.problems;
  panel.setCount("alerts", calls);
  titleCount(calls + counts.chat);
}
