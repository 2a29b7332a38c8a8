// Starts the phone's page: texts, the handset, its connection.

import { Connection } from "../shared/connection.js";
import { pageData } from "../shared/dom.js";
import { loadCatalogue } from "../shared/i18n.js";
import { Handset } from "../phone/handset.js";

await loadCatalogue();
const data = pageData();
const handset = new Handset(data);
const connection = new Connection("/phone", data.ticket, {
  onState: (state, problem) => handset.connectionChanged(state, problem),
});
handset.begin(connection);
