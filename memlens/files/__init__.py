"""Files of memlens: sessions, archives, locks, atomic writes and the data folder."""
