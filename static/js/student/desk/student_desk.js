// What passes between a student and the teachers' desk: a raised hand, what teachers did, reports, answers.

import { RaisedHand } from "../chat/raised_hand.js";
import { Held } from "./held.js";
import { OwnIncidents } from "./own_incidents.js";
import { ProblemReport } from "./problem_report.js";

export class StudentDesk {
  /**
   * @param {(event: string, payload: any) => Promise<any>} ask rejects with a Problem
   * @param {(state: string) => void} onStanding whether a teacher holds the exam
   */
  constructor(ask, onStanding) {
    this.onStanding = onStanding;
    this.hand = new RaisedHand(ask);
    this.held = new Held((actions, step) => ask("took", { actions, step }));
    this.problems = new ProblemReport(ask);
    this.incidents = new OwnIncidents(ask);
  }

  /** @param {import("../../shared/connection.js").Connection} connection */
  listen(connection) {
    connection
      .on("hand", (hand) => this.hand.show(hand))
      .on("standing", ({ standing, news }) => {
        this.stand(standing);
        this.held.take(news);
      })
      .on("incidents", ({ incidents }) => this.incidents.show(incidents))
      .on("problems", ({ problems }) => this.problems.show(problems));
  }

  /** @param {{hand: import("../chat/raised_hand.js").Hand, standing: import("./words.js").Standing}} participant */
  welcome({ hand, standing }) {
    this.hand.show(hand);
    this.stand(standing);
  }

  /** @param {import("./words.js").Standing} standing */
  stand(standing) {
    this.held.show(standing);
    this.onStanding(standing.state);
  }
}
