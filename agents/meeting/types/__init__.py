"""The meeting types: the shipped files, reading and checking a file, and advice on one."""
