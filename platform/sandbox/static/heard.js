// What a call sounds like, as lines of text.

import { h } from "./dom.js";

const LINES = {
  say: (text) => ["", text],
  play: () => ["", "♪ A recording plays"],
  beep: () => ["faint", "— beep —"],
  voicemail: (text) => ["mine", text],
  recorded: (text) => ["faint", `Recorded ${text}`],
  key: (text) => ["mine", `Pressed ${text}`],
  dialling: () => ["faint", "Ringing…"],
  bridged: () => ["faint", "You are talking to a person"],
  rejected: () => ["faint", "The call is not taken"],
};

const audible = (line, index, log) => LINES[line.kind]
  && (line.kind !== "dialling" || log.slice(0, index).some((earlier) => earlier.kind === "answered"));

export const heard = (log) => log
  .filter(audible)
  .map((line) => {
    const [kind, text] = LINES[line.kind](line.text);
    return h("li", { class: kind }, text);
  });

/** How a finished call went, for the one who made it. */
export function summary(call) {
  const kinds = new Set(call.log.map((line) => line.kind));
  if (kinds.has("bridged")) return "you talked";
  if (kinds.has("voicemail")) return "you left a voicemail";
  if (call.onward || call.status === "forwarded") return "forwarded";
  if (call.status === "busy") return "busy";
  return kinds.has("answered") ? "no person answered" : "nobody answered";
}

export const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

/** Speak new lines aloud and beep, when sound is on. */
const spoken = new Set();
export function sound(call, on) {
  for (const [index, line] of call.log.entries()) {
    const mark = `${call.sid} ${index}`;
    if (spoken.has(mark)) continue;
    spoken.add(mark);
    if (!on) continue;
    if (line.kind === "say" && window.speechSynthesis) speechSynthesis.speak(new SpeechSynthesisUtterance(line.text));
    if (line.kind === "beep") beep();
  }
}

function beep() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  tone.frequency.value = 880;
  tone.connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.35);
  tone.onended = () => audio.close();
}
