/**
 * The objects of docs/protocol.md as the teacher's page receives them; times in milliseconds since the epoch.
 *
 * @typedef {object} Participant
 * @property {string} id
 * @property {string} name
 * @property {string} state checking, waiting, admitted, refused, removed or left
 * @property {boolean} online
 * @property {string} camera on, none, denied, unplugged or muted
 * @property {string} page visible, hidden or blurred
 * @property {string} picture ok, dark, overexposed, blurred, covered, frozen or unknown
 * @property {number | null} faces
 * @property {string} [identity] unknown, enrolled, authorized, unsure or mismatch
 * @property {string | null} [identity_reason] why the last comparison could not tell
 * @property {string} [reference] what the face is compared with: none, check or photo
 * @property {boolean} [adjusted] something is judged otherwise for this student
 * @property {import("../../student/chat/raised_hand.js").Hand} [hand]
 * @property {Standing} [standing] whether a teacher holds the exam
 * @property {number} joined_at
 * @property {string} kind
 * @property {Phone[]} [phones] of every role that the room names
 * @property {string} [microphone] off, on, denied or none: of the student's computer
 * @property {boolean} [listened] a teacher listens at this moment
 * @property {Conditions} [conditions]
 *
 * @typedef {object} Standing
 * @property {string} state "", paused, locked, submitted (an end that nobody confirmed) or terminated
 * @property {string} action
 * @property {string} reason
 * @property {string} note
 * @property {string} by
 * @property {number | null} since
 * @property {number} minutes of extra time
 *
 * @typedef {object} Phone
 * @property {string} role a key of the server's phone roles
 * @property {boolean} required
 * @property {string} state missing, paired, connected or lost
 * @property {boolean} healthy
 * @property {string[]} problems
 * @property {number | null} [battery] 0 to 1
 * @property {boolean | null} [charging]
 * @property {string | null} [awake] kept, lost or unsupported
 * @property {string | null} [orientation]
 * @property {string | null} [network]
 * @property {string | null} [camera]
 * @property {string | null} [motion]
 * @property {string | null} [microphone]
 * @property {number | null} [heard_at]
 * @property {{state: string, at?: number | null, latency_ms?: number | null} | null} [proof]
 *
 * @typedef {object} Conditions
 * @property {{lux?: number | null, luminance?: number | null} | null} [light]
 * @property {number | null} [sound_floor] dBFS
 * @property {{channel: string, since: number, level: number} | null} [noise] while it is loud: where, since when, dBFS
 * @property {{state: string, accuracy?: number | null} | null} [place]
 * @property {boolean | null} [room_motion] the phone in the room was moved
 *
 * @typedef {object} IdentityEvent
 * @property {string} participant
 * @property {string} event AUTHORIZED, IDENTITY_UNSURE or IDENTITY_MISMATCH
 * @property {string | null} reason
 * @property {string} reference
 * @property {number | null} distance
 * @property {number} at
 *
 * @typedef {object} Alert
 * @property {string} id
 * @property {string} participant
 * @property {string} name
 * @property {string} [channel] webcam, or the role of the phone that it was seen with
 * @property {string} kind
 * @property {string} severity notice, warning or critical
 * @property {string} text
 * @property {Record<string, any>} numbers
 * @property {number} started_at
 * @property {number | null} ended_at
 * @property {number} raised_at
 * @property {string | null} evidence
 * @property {string | null} [sound]
 * @property {string | null} [words]
 * @property {{state: string, why?: string | null, address?: string | null} | null} [capsule] the pictures around it: pending, sealed, empty, failed or erased
 * @property {string} [incident] alerts of one incident have the same; of the whole room it begins with "room."
 * @property {string} verdict new, acknowledged or dismissed
 * @property {string} note
 * @property {any} handled_by
 *
 * @typedef {object} Action
 * @property {string} id
 * @property {string} participant
 * @property {string} verb pause, resume, lock, unlock, extra_time, terminate or flag
 * @property {string} reason
 * @property {string} note
 * @property {number | null} minutes
 * @property {string} by
 * @property {number} person
 * @property {number} at
 * @property {number | null} delivered
 * @property {number | null} acknowledged
 * @property {number | null} undone
 * @property {number | null} confirmed
 * @property {number | null} refused
 * @property {string} decided_by
 *
 * @typedef {object} Case how far two people have come with an incident, as this teacher may see it
 * @property {string} incident
 * @property {string} state first, second (the two differ) or closed
 * @property {number} until when the last alert was raised that the first decision is about
 * @property {string} first_by
 * @property {string | null} first
 * @property {string} first_note
 * @property {boolean} own whether this teacher gave the first decision
 * @property {string} second_by
 * @property {string | null} second
 * @property {string} second_note
 * @property {string} final_by
 * @property {string | null} outcome
 *
 * @typedef {object} Answer
 * @property {string} incident
 * @property {string} participant
 * @property {string} text
 * @property {number} at
 *
 * @typedef {object} ProblemReport
 * @property {string} id
 * @property {string} participant
 * @property {string} category
 * @property {string} text
 * @property {number} at
 * @property {string} solved_by
 * @property {number | null} solved_at
 *
 * @typedef {object} Message
 * @property {number} id
 * @property {string} client_id
 * @property {{kind: string, id: string, name: string}} from
 * @property {{kind: string, id?: string | null}} to
 * @property {string} text
 * @property {number} sent_at
 *
 * @typedef {object} Room
 * @property {string} id
 * @property {string} code
 * @property {string} title
 * @property {string} state open, running, paused or ended
 * @property {number | null} started_at
 * @property {number | null} ended_at
 *
 * @typedef {object} Teacher
 * @property {number} id
 * @property {string} name
 * @property {boolean} online
 *
 * @typedef {object} Claim which teacher looks after an incident
 * @property {string} incident
 * @property {number} person
 * @property {string} name
 * @property {number} until ms, if nothing more is done
 *
 * @typedef {object} Notice
 * @property {string} text
 * @property {Record<string, any>} [numbers]
 * @property {string} [remedy] what the server's keeper can do about it; such a notice is shown in red
 *
 * @typedef {object} Capacity
 * @property {boolean} overloaded
 * @property {number} looks_per_second
 * @property {string} text
 * @property {Record<string, any>} numbers
 * @property {Notice[]} slow looks that come more seldom than they should
 *
 * @typedef {object} Storage
 * @property {boolean} ok
 * @property {string} text
 * @property {number} waiting
 *
 * @typedef {object} Welcome
 * @property {Room} room
 * @property {{id: number, name: string}} teacher
 * @property {Teacher[]} teachers
 * @property {Participant[]} participants
 * @property {Alert[]} alerts
 * @property {Message[]} messages
 * @property {(string | Notice)[]} notices
 * @property {Storage} storage
 * @property {number} server_time
 */

export {};
