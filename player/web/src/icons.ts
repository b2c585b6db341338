/** Paths on a 24 × 24 grid, drawn with strokes (style.css). */
export const icons = {
  check: "M5 12.5l4.5 4.5L19 7.5",
  listen: "M4 14v-2a8 8 0 0 1 16 0v2M4 14v4h3v-5H4zM20 14v4h-3v-5h3z",
  watch: "M3 5h18v11H3zM8 20h8M12 16v4",
  play: "M8 5l11 7-11 7z",
  stop: "M6 6h12v12H6z",
  sound: "M4 9.5v5h3.5L12 18V6L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  muted: "M4 9.5v5h3.5L12 18V6L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5",
  fullscreen: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  live: "M12 12h.01M8.5 8.5a5 5 0 0 0 0 7M15.5 8.5a5 5 0 0 1 0 7M5.5 5.5a9 9 0 0 0 0 13M18.5 5.5a9 9 0 0 1 0 13",
  pause: "M9 6v12M15 6v12",
  wait: "M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14a6.5 6.5 0 0 1 3.5 6",
} as const;
