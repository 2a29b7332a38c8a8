// Starts the student's page: texts, the participant, its connection.

import { Connection } from "../shared/connection.js";
import { pageData } from "../shared/dom.js";
import { loadCatalogue } from "../shared/i18n.js";
import { learnRoles } from "../shared/phone_roles.js";
import { Participant } from "../student/exam/student_page.js";
import { Witness } from "../student/witness.js";

await loadCatalogue();
const data = pageData();
learnRoles(data.phone_roles);
const participant = new Participant(data);
const connection = new Connection("/student", data.ticket, {
  onState: (state, problem) => participant.connectionChanged(state, problem),
});
const witness = new Witness(data.room.id);
connection.on("checkpoint", (told) => witness.take(told));
participant.begin(connection);
