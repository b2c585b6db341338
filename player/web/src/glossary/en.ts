import type { Glossary } from "./fr";

const glossary: Glossary = [
  ["IETF", "Internet Engineering Task Force. It writes the technical rules of the Internet. Anyone may take part, in their own name, without a membership card."],
  ["Hub", "A place where people follow a remote meeting together. You are in one."],
  ["WG (working group)", "A group that works on one subject. It works mostly by e-mail; decisions are confirmed there."],
  ["Chair", "The person who leads a group, gives the floor and judges the consensus."],
  ["Draft (Internet-Draft)", "A text in progress. Anybody may submit one. Without a new version it expires after about six months."],
  ["RFC", "A published text with a number. It never changes: a later RFC replaces it. Not every RFC is a standard."],
  ["Consensus (rough consensus)", "There is no vote. Every serious objection must get an answer, but not everybody has to agree."],
  ["Hum", "To sense the opinion of the room, the chair asks people to hum. It is not a vote. Online, you raise your hand in Meetecho."],
  ["Note Well", "The rules you accept by taking part: conduct, patents, public recordings."],
  ["BoF (birds of a feather)", "A meeting to see whether enough people care about a new subject, often before a group is made."],
  ["AD (area director)", "The person who looks after all groups of one area, such as security or routing."],
  ["IESG", "The area directors and the chair of the IETF. The IESG approves standards before they are published."],
  ["IAB", "Internet Architecture Board. It looks after the architecture of the Internet in the long run."],
  ["IRTF", "Internet Research Task Force. Research, for later. It makes no standards."],
  ["Mic queue", "The line for speaking, the same for the room and for people online. At the microphone, say your name first."],
  ["Meetecho", "The tool of the online meeting: picture, sound, chat, queue."],
  ["Datatracker", "datatracker.ietf.org: all drafts, groups, agendas and minutes."],
  ["Interim", "A meeting of one group between two big meetings, nearly always online."],
  ["Last call", "The last call for comments. First in the group, then in the whole IETF, for two weeks at least."],
  ["Blue sheet", "The official list of who attended an IETF session, once a blue sheet of paper. Signing in here does not put you on it."],
];

export default glossary;
