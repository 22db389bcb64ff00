"""The command `doctor`: whether all is well with an installation, line by line, and what to do where it isn't.

examining  the command: what is looked at, and in which order
finding    a line of it
machine    what this machine tells: configuration, token, database, disk, clock, programs
packages   … and the packages that are installed
reaching   what Discord tells: over REST alone, for a second gateway would take events from the running bot
servers    … of each server, each subscription's channel and the commands
"""
