// What this page knows of the room: kept up to date by the server's events, read by every part of the page.

import { openCase } from "../decisions/cases.js";
import { incidentOf, makeIncident } from "../incidents/incidents.js";
import { ScoreLog } from "../large/score_log.js";
import { SenseLog, loudness } from "../large/sensor_log.js";

/**
 * @typedef {import("./types.js").Participant} Participant
 * @typedef {import("./types.js").Alert} Alert
 * @typedef {import("./types.js").Claim} Claim
 * @typedef {import("./types.js").Welcome} Welcome
 * @typedef {import("./types.js").Teacher} Teacher
 * @typedef {import("./types.js").Room} Room
 */

/** @type {readonly Alert[]} */
const NONE = [];

/** Tells its listeners `room`, `participants`, `teachers`, `alerts`, `claims`, `scores`, `senses` and `kinds` when these changed, `raised` for a new alert, `identity` for what a comparison has come to. */
export class LiveRoom extends EventTarget {
  /** @param {Room} room as the page was sent with it */
  constructor(room) {
    super();
    this.room = room;
    /** @type {Map<string, Participant>} */
    this.participants = new Map();
    /** @type {Map<string, Alert>} */
    this.alerts = new Map();
    /** @type {Map<string, Alert[]>} */
    this.byParticipant = new Map();
    /** @type {Teacher[]} */
    this.teachers = [];
    this.scores = new ScoreLog();
    this.senses = new SenseLog(new ScoreLog());
    /** @type {import("../alerts/feedback.js").Kinds} how often each kind was right here, and which are quiet */
    this.kinds = {};
    /** Who looks after which incident. @type {Map<string, Claim>} */
    this.claims = new Map();
    /** How far two people have come with incidents, by incident. @type {Map<string, import("./types.js").Case>} */
    this.cases = new Map();
    /** What students answered, by incident. @type {Map<string, import("./types.js").Answer[]>} */
    this.answers = new Map();
    this.ahead = 0;
    this.greeted = false;
  }

  /**
   * Take over everything, at the start and after each reconnect; alerts raised meanwhile count as new.
   * @param {Welcome} welcome
   */
  welcome(welcome) {
    this.ahead = welcome.server_time - Date.now();
    this.participants = new Map(welcome.participants.map((one) => [one.id, one]));
    this.setRoom(welcome.room);
    this.setTeachers(welcome.teachers);
    this.tell("participants");
    const missed = this.greeted ? welcome.alerts.filter((alert) => !this.alerts.has(alert.id)) : [];
    this.addAlerts(welcome.alerts);
    for (const alert of missed) this.tell("raised", alert);
    this.greeted = true;
  }

  /** Return the server's time in milliseconds, as far as this machine can tell. */
  now() {
    return Date.now() + this.ahead;
  }

  /** @param {Room} room */
  setRoom(room) {
    this.room = room;
    this.tell("room");
  }

  /** @param {Teacher[]} teachers */
  setTeachers(teachers) {
    this.teachers = teachers;
    this.tell("teachers");
  }

  /** @param {import("../large/score_log.js").Told[]} scores what changed */
  setScores(scores) {
    this.scores.take(scores, Date.now());
    this.tell("scores");
  }

  /** @param {{arms?: import("../large/sensor_log.js").ToldArm[], sounds?: import("../large/sensor_log.js").ToldSound[]}} told what changed */
  setSenses(told) {
    this.senses.take(told, Date.now());
    this.tell("senses");
  }

  /**
   * What a student's tile shows of movement and sound; of several microphones the loudest.
   * @param {string} id
   * @returns {import("../grid/tile_sensor_levels.js").SensorLevels}
   */
  sensesOf(id) {
    const sounds = [...this.senses.soundsOf(id, Date.now())].sort((a, b) => loudness(b) - loudness(a));
    return { arm: this.senses.armOf(id), armPast: this.senses.past.pastOf(id), sound: sounds[0] ?? null };
  }

  /**
   * A student's scores as they count now: while the exam does not run, attention is not measured.
   * @param {string} id
   */
  scoreOf(id) {
    const score = this.scores.of(id);
    return this.room.state === "running" ? score : { ...score, score: null, label: null };
  }

  /** @param {import("../alerts/feedback.js").Kinds} kinds */
  setKinds(kinds) {
    this.kinds = kinds;
    this.tell("kinds");
  }

  /** @param {readonly Claim[]} claims all of the room */
  setClaims(claims) {
    this.claims = new Map(claims.map((claim) => [claim.incident, claim]));
    this.tell("claims");
  }

  /** @param {readonly import("./types.js").Case[]} cases all of the room */
  setCases(cases) {
    this.cases = new Map(cases.map((one) => [one.incident, one]));
    this.tell("alerts");
  }

  /** @param {readonly import("./types.js").Answer[]} answers some that may be known already */
  addAnswers(answers) {
    for (const answer of answers) {
      const others = (this.answers.get(answer.incident) ?? []).filter(({ at, participant }) => at !== answer.at || participant !== answer.participant);
      this.answers.set(answer.incident, [...others, answer].sort((a, b) => a.at - b.at));
    }
    this.tell("alerts");
  }

  /** @param {string} id of an alert that was taken back */
  withdraw(id) {
    const alert = this.alerts.get(id);
    this.alerts.delete(id);
    if (alert) this.byParticipant.set(alert.participant, this.alertsOf(alert.participant).filter((one) => one.id !== id));
    this.tell("alerts");
  }

  /** @param {Participant} participant new or changed */
  setParticipant(participant) {
    this.participants.set(participant.id, participant);
    this.tell("participants", participant);
  }

  /** @param {import("./types.js").IdentityEvent} event */
  setIdentity(event) {
    this.tell("identity", event);
  }

  /** @param {Alert} alert new or changed, as it happens */
  setAlert(alert) {
    const isNew = !this.alerts.has(alert.id);
    this.addAlerts([alert]);
    if (isNew) this.tell("raised", alert);
  }

  /** @param {Alert[]} alerts of any age */
  addAlerts(alerts) {
    for (const alert of alerts) this.put(alert);
    this.tell("alerts");
  }

  /** @param {Alert} alert */
  put(alert) {
    this.alerts.set(alert.id, alert);
    const others = this.alertsOf(alert.participant).filter((one) => one.id !== alert.id);
    this.byParticipant.set(alert.participant, [...others, alert]);
  }

  /**
   * @param {string} participant
   * @returns {readonly Alert[]}
   */
  alertsOf(participant) {
    return this.byParticipant.get(participant) ?? NONE;
  }

  /**
   * Return an incident as far as its alerts are known here, or null.
   * @param {string} id
   */
  incident(id) {
    const alerts = [...this.alerts.values()].filter((alert) => incidentOf(alert) === id);
    return alerts.length > 0 ? makeIncident(alerts) : null;
  }

  /** How far two people have come with an incident, null where nobody has begun. @param {import("../incidents/incidents.js").Incident} incident */
  caseOf(incident) {
    return openCase(this.cases.get(incident.id), incident);
  }

  /**
   * @param {string} what
   * @param {unknown} [detail]
   */
  tell(what, detail = null) {
    this.dispatchEvent(new CustomEvent(what, { detail }));
  }
}
