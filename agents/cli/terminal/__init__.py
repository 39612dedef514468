"""What a terminal shows and reads: tables, streams, keys, the live view of a meeting."""
