// Starts the student's page: texts, the participant, its connection.

import { Connection } from "../shared/connection.js";
import { pageData } from "../shared/dom.js";
import { loadCatalogue } from "../shared/i18n.js";
import { Participant } from "../student/exam/student_page.js";

await loadCatalogue();
const data = pageData();
const participant = new Participant(data);
const connection = new Connection("/student", data.ticket, {
  onState: (state, problem) => participant.connectionChanged(state, problem),
});
participant.begin(connection);
