/** The IETF in twenty terms, each with one or two short sentences. */
const glossary = [
  ["IETF", "Internet Engineering Task Force. Elle écrit les règles techniques de l’Internet. Chacun peut y participer, en son propre nom, sans carte de membre."],
  ["Hub", "Un lieu où l’on suit ensemble une réunion à distance. Vous y êtes."],
  ["WG (working group)", "Un groupe de travail, sur un seul sujet. Il travaille surtout par e-mail ; les décisions y sont confirmées."],
  ["Chair", "La personne qui anime un groupe. Elle donne la parole et constate le consensus."],
  ["Draft (Internet-Draft)", "Un texte en travail. Tout le monde peut en proposer un. Sans nouvelle version, il expire après six mois environ."],
  ["RFC", "Un texte publié et numéroté. Il ne change plus jamais : un RFC plus récent le remplace. Tous les RFC ne sont pas des normes."],
  ["Consensus (rough consensus)", "On ne vote pas. Chaque objection sérieuse doit recevoir une réponse, mais tout le monde n’a pas besoin d’être d’accord."],
  ["Hum", "Pour sentir l’avis de la salle, le chair demande de fredonner : « hmmm ». Ce n’est pas un vote. En ligne, on lève la main dans Meetecho."],
  ["Note Well", "Les règles que l’on accepte en participant : conduite, brevets, enregistrements publics."],
  ["BoF (birds of a feather)", "Une réunion pour voir si un nouveau sujet intéresse assez de monde, souvent avant de créer un groupe."],
  ["AD (area director)", "La personne qui suit tous les groupes d’un domaine, par exemple la sécurité ou le routage."],
  ["IESG", "Les area directors et la présidence de l’IETF. L’IESG approuve les normes avant leur publication."],
  ["IAB", "Internet Architecture Board. Il veille sur l’architecture de l’Internet à long terme."],
  ["IRTF", "Internet Research Task Force. La recherche, pour plus tard. Elle ne fait pas de normes."],
  ["Mic queue", "La file pour parler, la même pour la salle et pour les personnes en ligne. Au micro, on dit d’abord son nom."],
  ["Meetecho", "L’outil de la réunion en ligne : image, son, discussion écrite, file d’attente."],
  ["Datatracker", "datatracker.ietf.org : tous les drafts, les groupes, les programmes et les comptes rendus."],
  ["Interim", "Une réunion d’un groupe entre deux grandes réunions, presque toujours en ligne."],
  ["Last call", "Le dernier appel à commentaires. D’abord dans le groupe, puis dans toute l’IETF, deux semaines au moins."],
  ["Blue sheet", "La liste de présence officielle d’une séance de l’IETF, autrefois une feuille bleue. Votre signature ici n’en fait pas partie."],
] as [term: string, meaning: string][];

export default glossary;
export type Glossary = typeof glossary;
