/** The tablet at the door in French; all other words of its form are those of the attendee page. */
const kiosk = {
  title: "Bienvenue ! Signez votre présence",
  with_phone: "Ou avec votre téléphone",
  with_phone_text: "Connectez-vous au Wi-Fi de la salle, puis visez ce code avec l’appareil photo.",
  qr: "Code QR de l’adresse du hub",
  thanks: (name: string) => `Merci, ${name} !`,
  thanks_anonymous: "Merci ! Votre présence est comptée.",
  thanks_text: "Bonne séance. Laissez la place à la personne suivante.",
  erase: (contact: string) => `à tout moment : demandez à l’équipe${contact ? `, ou à ${contact}` : ""}.`,
  next: "Personne suivante",
  start_again: "Recommencer",
  forgetting: (seconds: number) => `Sans réponse, tout est effacé dans ${seconds} s.`,
};

export default kiosk;
export type KioskMessages = typeof kiosk;
