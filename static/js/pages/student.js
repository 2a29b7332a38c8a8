// Starts the student's page: texts, the seat, its connection.

import { Connection } from "../lib/connection.js";
import { pageData } from "../lib/dom.js";
import { loadCatalogue } from "../lib/i18n.js";
import { Seat } from "../student/seat.js";

await loadCatalogue();
const data = pageData();
const seat = new Seat(data);
const connection = new Connection("/student", data.ticket, {
  onState: (state, problem) => seat.connectionChanged(state, problem),
});
seat.begin(connection);
