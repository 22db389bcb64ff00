"""The running program.

__main__   the command line: one function a command, exit codes
options    its commands and options
opening    the database as the commands open it
ingesting  its `ingest`: files, folders, archives, standard input
watching   … or a folder that is watched
batch      files that are ingested together
files      which files of this machine, what they hold, and what describes them
transcripts  its `transcript`: show, edit, restore, export, move-times, language
moving     its `export`, `import` and `erase`: a server elsewhere, or no more
deliveries its `deliveries`: what became of what is owed
backing    its `backup` and `restore`
backups    the backups that the running bot makes by itself
asking     a question on a terminal, before what nobody can take back
progress   what is shown on a terminal while something takes long
printing   what the commands print: lines and JSON
mentions   what its `mentions` prints
doctor/    its `doctor`: whether all is well, and what to do where it isn't
config     `Config` from TOML and the environment
errors     why it would not start, as a sentence
client     the bot and its command tree: loads the cogs, syncs commands, sends every error down one road
logs       what the running bot logs: text or JSON, with the interaction that a line is about
health     whether a running bot is well
metrics    what Prometheus is told of it
counted    what is asked and ingested, counted
serving    `/metrics` and `/health` over HTTP
application  what a token says of its application, and the link that invites the bot
init       its `init`: asks, and writes the configuration and the token's file
ending     how a process ends that is told to
demo       the same bot in a simulated Discord, shown in the browser
samples/   the transcripts that the demo ingests
"""
