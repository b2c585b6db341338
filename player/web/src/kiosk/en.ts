import type { KioskMessages } from "./fr";

const kiosk: KioskMessages = {
  title: "Welcome! Please sign in",
  with_phone: "Or with your phone",
  with_phone_text: "Join the Wi-Fi of the room, then point your camera at this code.",
  qr: "QR code of the hub’s address",
  thanks: (name) => `Thank you, ${name}!`,
  thanks_anonymous: "Thank you! You are counted.",
  thanks_text: "Enjoy the session. Please make room for the next person.",
  erase: (contact) => `at any time: ask the team${contact ? `, or ${contact}` : ""}.`,
  next: "Next person",
  start_again: "Start again",
  forgetting: (seconds) => `Without an answer, everything is erased in ${seconds} s.`,
};

export default kiosk;
