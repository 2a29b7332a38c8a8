// The page after the exam: how many checkpoints this browser holds, with the last one that the server gave out.

import { find, pageData } from "../shared/dom.js";
import { loadCatalogue } from "../shared/i18n.js";
import { Witness, witnessLine } from "../student/witness.js";

await loadCatalogue();
const { room, checkpoint } = pageData();
const witness = new Witness(room);
if (checkpoint) witness.take(checkpoint);
find("#witness", HTMLElement).replaceChildren(...witnessLine(witness));
