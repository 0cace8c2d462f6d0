"""On disk and back: sessions, autosave, exports, scripts."""
