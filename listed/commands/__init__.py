"""The commands, by what they are for; each mirrors a function of the library."""
